import { Link, mergeClasses } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { MissingPerson as Person } from '../../api/types';
import { useSharedStyles } from '../../shared/styles';
import { FindPerson } from '../FindPerson';
import { addressOf } from '../sections';
import { ResultIcon } from '../ResultIcon';

const reasons = ['no-business-phone', 'disabled', 'guest', 'other-type', 'not-yet-synced', 'filtered', 'unknown'] as const;

/** Why somebody does not appear among the experts, asked at Microsoft now. */
export function MissingPerson() {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  return (
    <section className={shared.card} aria-labelledby="admin-missing">
      <h2 className={shared.subheading} id="admin-missing">
        {t('admin.missingPerson.title')}
      </h2>
      <p className={mergeClasses(shared.text, shared.muted)}>{t('admin.missingPerson.text')}</p>
      <FindPerson label={t('admin.missingPerson.name')} ask={t('admin.missingPerson.ask')}>
        {(people) => (
          <ul className={shared.plainList} aria-label={t('admin.missingPerson.found')}>
            {people.map((person) => (
              <Found key={person.id} person={person} />
            ))}
          </ul>
        )}
      </FindPerson>
    </section>
  );
}

function Found({ person: { id, name, reason } }: { person: Person }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  return (
    <li className={shared.row}>
      <ResultIcon result={reason === null ? 'ok' : 'failed'} />
      <span>
        <strong>{name}</strong>: {reason === null ? t('admin.missingPerson.listed') : t(`admin.missingPerson.reason.${reasons.find((known) => known === reason) ?? 'other'}`)}{' '}
        <Link inline href={addressOf('explain', '', id)}>
          {t('admin.missingPerson.explain')}
        </Link>
      </span>
    </li>
  );
}
