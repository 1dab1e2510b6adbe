import { Button, mergeClasses } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../../api/problem';
import { keys } from '../../api/queries';
import type { AgentImport } from '../../api/types';
import { useAnnounce } from '../../shared/Announcer';
import { ProblemBar } from '../../shared/ProblemBar';
import { useServices } from '../../shared/services';
import { useSharedStyles } from '../../shared/styles';
import { useTableStyles } from '../table';

/** Agents from a CSV file in two steps: what it would do is shown first, then somebody says yes. */
export function AgentsImport() {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const { api } = useServices();
  const client = useQueryClient();
  const announce = useAnnounce();
  const input = useRef<HTMLInputElement>(null);
  const send = (file: Blob, dryRun: boolean) =>
    api.send<AgentImport>('POST', `/admin/agents/import${dryRun ? '?dryRun=true' : ''}`, { body: new Blob([file], { type: 'text/csv' }) });
  const check = useMutation({ mutationFn: async (file: File) => ({ file, found: await send(file, true) }) });
  const take = useMutation({
    mutationFn: (file: File) => send(file, false),
    onSuccess: (done) => {
      announce(t('admin.import.done', counts(done)));
      check.reset();
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.agents }),
  });
  const problem = problemIn(take.error ?? check.error);
  const { file, found } = check.data ?? {};
  const choose = (chosen: File | undefined) => {
    take.reset();
    if (chosen) check.mutate(chosen);
    // The same file may be chosen again after it was corrected.
    if (input.current) input.current.value = '';
  };
  return (
    <section className={shared.card} aria-labelledby="admin-import">
      <h2 className={shared.subheading} id="admin-import">
        {t('admin.import.title')}
      </h2>
      <p className={mergeClasses(shared.text, shared.muted)}>{t('admin.import.text')}</p>
      <input ref={input} type="file" accept=".csv,text/csv" hidden aria-label={t('admin.import.choose')} onChange={(event) => choose(event.target.files?.[0])} />
      <div>
        <Button disabledFocusable={check.isPending} aria-busy={check.isPending} onClick={() => input.current?.click()}>
          {t('admin.import.choose')}
        </Button>
      </div>
      <ProblemBar problem={problem} onDismiss={() => { take.reset(); check.reset(); }} />
      {take.data && <p className={shared.text}>{t('admin.import.done', counts(take.data))}</p>}
      {file && found && found.problems.length > 0 && <Problems file={file.name} problems={found.problems} />}
      {file && found && found.problems.length === 0 && (
        <div className={shared.row}>
          <span role="status">
            {file.name}: {t('admin.import.would', counts(found))}
          </span>
          <Button appearance="primary" disabledFocusable={take.isPending} aria-busy={take.isPending} onClick={() => take.mutate(file)}>
            {t('admin.import.take')}
          </Button>
          <Button onClick={() => check.reset()}>{t('admin.import.leave')}</Button>
        </div>
      )}
    </section>
  );
}

function counts({ created, updated, unchanged }: AgentImport) {
  return { created, updated, unchanged };
}

/** Every problem of a file, line by line, in the page's language; the service's English for one that is unknown here. */
function Problems({ file, problems }: { file: string; problems: AgentImport['problems'] }) {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const table = useTableStyles();
  return (
    <div role="status">
      <p className={shared.text}>
        {file}: {t('admin.import.refused')}
      </p>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col" className={table.cell}>{t('admin.import.line')}</th>
            <th scope="col" className={table.cell}>{t('admin.import.column')}</th>
            <th scope="col" className={table.cell}>{t('admin.import.problem')}</th>
          </tr>
        </thead>
        <tbody>
          {problems.map(({ line, column, code, values, message }, position) => (
            <tr key={position}>
              <td className={table.cell}>{line}</td>
              <td className={table.cell}>{column}</td>
              <td className={table.cell}>
                {t(`admin.import.problems.${code}`, { ...values, defaultValue: message })}
                {values.line !== undefined && ` ${t('admin.import.sameLine', { line: values.line })}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
