import { Button, Link, makeStyles, mergeClasses } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../../api/problem';
import { ProblemBar } from '../../shared/ProblemBar';
import { useServices } from '../../shared/services';
import { useSharedStyles } from '../../shared/styles';
import { auditPath, type AuditSearch } from './audit';

const useStyles = makeStyles({ link: { display: 'inline-flex', alignItems: 'center', minHeight: '24px' } });

const fileName = 'audit.jsonl';

/** All lines of a search as a file. In a browser the cookie fetches it; in Teams the page does, with its token. */
export function AuditExport({ search }: { search: AuditSearch }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const styles = useStyles();
  const { inTeams } = useServices();
  return (
    <div className={shared.row}>
      {inTeams ? (
        <FetchedFile search={search} />
      ) : (
        <Link className={styles.link} href={`/api/v1${auditPath(search)}`} download={fileName}>
          {t('admin.audit.export')}
        </Link>
      )}
      <span className={mergeClasses(shared.text, shared.muted)}>{t('admin.audit.exportText')}</span>
    </div>
  );
}

function FetchedFile({ search }: { search: AuditSearch }) {
  const { t } = useTranslation();
  const { api } = useServices();
  const fetched = useMutation({
    mutationFn: async () => {
      const lines = await api.allLines<unknown>(auditPath(search));
      const file = new Blob(lines.map((line) => `${JSON.stringify(line)}\n`), { type: 'application/jsonl' });
      const link = document.createElement('a');
      link.href = URL.createObjectURL(file);
      link.download = fileName;
      link.click();
      URL.revokeObjectURL(link.href);
    },
  });
  return (
    <>
      <Button disabledFocusable={fetched.isPending} aria-busy={fetched.isPending} onClick={() => fetched.mutate()}>
        {t('admin.audit.export')}
      </Button>
      <ProblemBar problem={problemIn(fetched.error)} onDismiss={() => fetched.reset()} />
    </>
  );
}
