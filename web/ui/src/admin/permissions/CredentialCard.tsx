import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { AdminOrganization } from '../../api/types';
import { Fact, Facts } from '../../shared/Facts';
import { useSharedStyles } from '../../shared/styles';
import { ResultIcon, type Result } from '../ResultIcon';
import { useDay } from '../useDateTime';

type Credential = AdminOrganization['credential'];
type Kind = 'certificate' | 'client-secret' | 'workload-identity' | 'managed-identity';

const useStyles = makeStyles({
  state: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
});

/** What the service signs itself in with at Microsoft: how long it holds, and what to do before it ends. */
export function CredentialCard({ credential }: { credential: Credential }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const day = useDay();
  const { expiresAt, daysLeft, problem } = credential;
  const kind = kindOf(credential);
  const rotates = kind === 'workload-identity' || kind === 'managed-identity';
  return (
    <section className={shared.card} aria-labelledby="admin-credential">
      <h2 className={shared.subheading} id="admin-credential">
        {t('admin.credential')}
      </h2>
      <p className={mergeClasses(shared.text, styles.state)}>
        <ResultIcon result={resultOf(credential)} />
        {expiresAt === null || daysLeft === null || daysLeft === undefined ? (
          t(rotates ? 'admin.credentials.rotates' : 'admin.credentialUnknown')
        ) : (
          <span>
            {t(daysLeft < 0 ? 'admin.credentialOver' : 'admin.credentialUntil', { date: day(expiresAt) })}
            {daysLeft >= 0 && ` · ${t('admin.credentials.left', { count: daysLeft })}`}
          </span>
        )}
      </p>
      <Facts>{kind && <Fact term={t('admin.permissionKind')}>{t(`admin.credentials.kind.${kind}`)}</Fact>}</Facts>
      {problem && (
        <p className={shared.text}>
          {t('admin.credentials.problem')}: <span lang="en">{problem}</span>
        </p>
      )}
      {!rotates && <p className={mergeClasses(shared.text, shared.muted)}>{t(kind === 'client-secret' ? 'admin.credentials.doSecret' : 'admin.credentials.doCertificate')}</p>}
    </section>
  );
}

/** The service warns 30 days before, urgently 7 days before. */
function resultOf({ warning, problem, expiresAt, kind }: Credential): Result {
  if (warning === 'urgent' || warning === 'ended') return 'failed';
  if (warning === 'soon' || problem) return 'warning';
  return expiresAt === null && kind !== 'workload-identity' && kind !== 'managed-identity' ? 'unknown' : 'ok';
}

function kindOf({ kind }: Credential): Kind | null {
  switch (kind) {
    case 'certificate':
    case 'client-secret':
    case 'workload-identity':
    case 'managed-identity':
      return kind;
  }
  return null;
}
