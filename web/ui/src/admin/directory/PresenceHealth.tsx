import { mergeClasses } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { AdminOrganization } from '../../api/types';
import { Fact, Facts } from '../../shared/Facts';
import { useSharedStyles } from '../../shared/styles';
import { useAge } from '../../shared/time';
import { Trouble } from './Trouble';

/** How well presences are kept: of how many people, how old at most, and what Microsoft grants at present. */
export function PresenceHealth({ organization: { presence } }: { organization: AdminOrganization }) {
  const { t, i18n } = useTranslation();
  const shared = useSharedStyles();
  const age = useAge();
  const { budget } = presence;
  return (
    <section className={shared.card} aria-labelledby="admin-presence">
      <h2 className={shared.subheading} id="admin-presence">
        {t('admin.presence')}
      </h2>
      <p className={mergeClasses(shared.text, shared.muted)}>{t('admin.presences.text')}</p>
      <Facts>
        <Fact term={t('admin.presences.watched')}>{t('admin.presenceText', { count: presence.watched })}</Fact>
        <Fact term={t('admin.presences.oldest')}>{presence.oldestAgeSeconds === null ? t('admin.presences.nobody') : age(presence.oldestAgeSeconds)}</Fact>
        {budget && (
          <Fact term={t('admin.presences.budget')}>
            {t(budget.pace < 1 ? 'admin.presences.slowed' : 'admin.presences.full', { percent: Math.round(budget.pace * 100).toLocaleString(i18n.language) })}
            {budget.waiting > 0 && ` · ${t('admin.presences.waiting', { count: budget.waiting })}`}
          </Fact>
        )}
        <Fact term={t('admin.lastError')}>
          {presence.error ? (
            <Trouble code={presence.error} requestId={null} since={presence.since} retryAfter={presence.retryAfterSeconds} />
          ) : (
            t('admin.noError')
          )}
        </Fact>
      </Facts>
    </section>
  );
}
