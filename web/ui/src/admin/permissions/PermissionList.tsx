import { Badge, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { AdminOrganization } from '../../api/types';
import { useSharedStyles } from '../../shared/styles';
import { ResultIcon } from '../ResultIcon';

const useStyles = makeStyles({
  permission: { display: 'grid', gridTemplateColumns: '20px minmax(0, 1fr)', columnGap: tokens.spacingHorizontalS, overflowWrap: 'anywhere' },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: tokens.spacingHorizontalS },
  name: { fontFamily: tokens.fontFamilyMonospace, fontWeight: tokens.fontWeightSemibold },
});

/** What each permission is for and what is missing without it, by its name at Microsoft. */
const reasons = {
  'User.Read.All': 'people',
  'Presence.Read.All': 'presence',
  'GroupMember.Read.All': 'groups',
  'Application.Read.All': 'look',
} as const;

function reasonOf(permission: string) {
  return Object.hasOwn(reasons, permission) ? reasons[permission as keyof typeof reasons] : null;
}

/** Each permission of the product at Microsoft: whether it is granted, of which kind it is, and why it is needed. */
export function PermissionList({ consent }: { consent: AdminOrganization['consent'] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  if (consent.length === 0) return <p className={shared.text}>{t('admin.permissions.none')}</p>;
  return (
    <ul className={shared.plainList} aria-label={t('admin.consent')}>
      {consent.map(({ permission, kind, granted }) => {
        const reason = reasonOf(permission);
        return (
          <li key={`${kind} ${permission}`} className={styles.permission}>
            <ResultIcon result={granted ? 'ok' : 'failed'} />
            <div>
              <div className={styles.head}>
                <span className={styles.name}>{permission}</span>
                <Badge appearance="outline" color="informative">
                  {t(`admin.kind.${kind === 'delegated' ? 'delegated' : 'application'}`)}
                </Badge>
                <span>{t(granted ? 'admin.granted' : 'admin.notGranted')}</span>
              </div>
              {reason && (
                <>
                  <p className={shared.text}>{t(`admin.permissions.why.${reason}`)}</p>
                  {!granted && <p className={mergeClasses(shared.text, shared.muted)}>{t(`admin.permissions.without.${reason}`)}</p>}
                </>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
