import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AdminOrganization } from '../api/types';
import { en } from '../i18n/en';
import { isKey } from '../shared/problemText';
import { useSharedStyles } from '../shared/styles';
import { useAge, useServerNow } from '../shared/time';

const useStyles = makeStyles({
  facts: { margin: 0, display: 'grid', gridTemplateColumns: 'minmax(160px, max-content) 1fr', columnGap: tokens.spacingHorizontalXL, rowGap: tokens.spacingVerticalM, '@media (max-width: 560px)': { gridTemplateColumns: '1fr', rowGap: tokens.spacingVerticalXS } },
  term: { fontWeight: tokens.fontWeightSemibold },
  value: { margin: 0, overflowWrap: 'anywhere' },
});

/** A credential that ends within this time is worth a word. */
const soon = 30 * 24 * 3600 * 1000;

/** How the parts at Microsoft are: application, credential, directory, presence and the last error with its request id. */
export function Health({ organization }: { organization: AdminOrganization }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const { servicePrincipal, credential, directory, presence, lastError } = organization;
  const principal = isKey(en.admin.principalState, servicePrincipal) ? servicePrincipal : 'unknown';
  return (
    <section className={shared.card} aria-label={t('admin.status')}>
      <dl className={styles.facts}>
        <Fact term={t('admin.principal')}>{t(`admin.principalState.${principal}`)}</Fact>
        <Fact term={t('admin.credential')}>
          <Credential expiresAt={credential.expiresAt} />
        </Fact>
        <Fact term={t('admin.directory')}>
          <Directory directory={directory} />
        </Fact>
        <Fact term={t('admin.presence')}>
          <Presence presence={presence} />
        </Fact>
        <Fact term={t('admin.lastError')}>
          {lastError ? lastError.code : t('admin.noError')}
          {lastError?.requestId && ` · ${t('app.requestId', { id: lastError.requestId })}`}
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  const styles = useStyles();
  return (
    <>
      <dt className={styles.term}>{term}</dt>
      <dd className={styles.value}>{children}</dd>
    </>
  );
}

function Credential({ expiresAt }: { expiresAt: string | null }) {
  const { t, i18n } = useTranslation();
  const now = useServerNow(60_000);
  if (expiresAt === null) return t('admin.credentialUnknown');
  const date = new Date(expiresAt).toLocaleDateString(i18n.language, { dateStyle: 'long' });
  const left = Date.parse(expiresAt) - now;
  if (left <= 0) return t('admin.credentialOver', { date });
  return t(left < soon ? 'admin.credentialSoon' : 'admin.credentialUntil', { date });
}

function Directory({ directory }: { directory: AdminOrganization['directory'] }) {
  const { t } = useTranslation();
  const age = useAge();
  const now = useServerNow();
  const state =
    directory.ready && directory.syncedAt
      ? t('admin.directoryReady', { age: age((now - Date.parse(directory.syncedAt)) / 1000) })
      : t('admin.directoryLoading', { people: directory.people });
  return (
    <>
      <div>{state}</div>
      <div>
        {t('admin.people', { count: directory.people })} · {t('admin.experts', { count: directory.experts })}
      </div>
      <Trouble code={directory.error} requestId={directory.requestId} />
    </>
  );
}

function Presence({ presence }: { presence: AdminOrganization['presence'] }) {
  const { t } = useTranslation();
  const age = useAge();
  return (
    <>
      {t('admin.presenceText', { count: presence.watched })}
      {presence.oldestAgeSeconds !== null && ` · ${t('admin.presenceOldest', { age: age(presence.oldestAgeSeconds) })}`}
      <Trouble code={presence.error} requestId={null} />
    </>
  );
}

function Trouble({ code, requestId }: { code: string | null; requestId: string | null }) {
  const { t } = useTranslation();
  if (!code) return null;
  return (
    <div>
      {t(`admin.health.${isKey(en.admin.health, code) ? code : 'failed'}`)}
      {requestId && ` · ${t('app.requestId', { id: requestId })}`}
    </div>
  );
}
