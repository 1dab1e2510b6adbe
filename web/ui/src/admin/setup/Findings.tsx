import { Link, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { AdminCheck } from '../../api/types';
import { useSharedStyles } from '../../shared/styles';
import { ResultIcon, resultOf } from '../ResultIcon';
import { ConsentLink } from './ConsentLink';

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: 'none', display: 'grid', rowGap: tokens.spacingVerticalM },
  finding: { display: 'grid', gridTemplateColumns: '20px minmax(0, 1fr)', columnGap: tokens.spacingHorizontalS, overflowWrap: 'anywhere' },
  title: { fontWeight: tokens.fontWeightSemibold },
});

/** The address at which consent to the closer look begins. */
const inspectAction = '/api/v1/admin/consent?deep=true';

/** What the service found, each with how it stands, what to do, who does it and where. */
export function Findings({ findings }: { findings: readonly AdminCheck[] }) {
  const styles = useStyles();
  return (
    <ul className={styles.list}>
      {findings.map((finding) => (
        <Finding key={`${finding.name} ${finding.kind ?? ''} ${finding.permission ?? ''}`} finding={finding} />
      ))}
    </ul>
  );
}

function Finding({ finding }: { finding: AdminCheck }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const { actor, code, requestId } = finding;
  return (
    <li className={styles.finding}>
      <ResultIcon result={resultOf(finding.result)} />
      <div>
        <div className={styles.title}>{finding.title}</div>
        <p className={shared.text}>{finding.detail}</p>
        {(actor === 'admin' || actor === 'operator' || actor === 'agent') && (
          <p className={mergeClasses(shared.text, shared.muted)}>{t(`admin.checks.healer.${actor}`)}</p>
        )}
        {finding.link && (
          <Link href={finding.link} target="_blank" rel="noopener noreferrer">
            {t('admin.checks.open')}
          </Link>
        )}
        {finding.action === inspectAction && <ConsentLink deep />}
        {code && (
          <p className={mergeClasses(shared.text, shared.muted)}>
            {code}
            {requestId && ` · ${t('app.requestId', { id: requestId })}`}
          </p>
        )}
      </div>
    </li>
  );
}
