import { mergeClasses, SearchBox } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/problem';
import { keys } from '../api/queries';
import type { AdminAgent } from '../api/types';
import { ProblemBar } from '../shared/ProblemBar';
import { useServices } from '../shared/services';
import { useSharedStyles } from '../shared/styles';
import { AgentsImport } from './AgentsImport';
import { useTableStyles } from './table';

/** More rows than this help nobody; the filter does. */
const most = 50;

/** Who is set up as an agent: the configuration's rows and those made here. */
export function AgentsCard() {
  const { t } = useTranslation();
  const shared = useSharedStyles();
  const { api } = useServices();
  const [filter, setFilter] = useState('');
  const agents = useQuery({
    queryKey: keys.agents,
    queryFn: async ({ signal }) => (await api.get<{ agents: AdminAgent[] }>('/admin/agents', signal)).agents,
  });
  const all = agents.data ?? [];
  const found = all.filter((agent) => matches(agent, filter));
  return (
    <section className={shared.card} aria-labelledby="admin-agents">
      <h2 className={shared.subheading} id="admin-agents">
        {t('admin.agents.title')}
      </h2>
      {agents.error instanceof ApiProblem && <ProblemBar problem={agents.error} onRetry={() => void agents.refetch()} />}
      <SearchBox
        value={filter}
        onChange={(_, { value }) => setFilter(value)}
        placeholder={t('admin.agents.filter')}
        dismiss={null}
        input={{ 'aria-label': t('admin.agents.filter'), autoComplete: 'off' }}
      />
      <p className={mergeClasses(shared.text, shared.muted)} role="status">
        {agents.isPending ? t('app.loading') : t('admin.agents.count', { found: Math.min(found.length, most), all: all.length })}
      </p>
      {found.length > 0 && <Rows agents={found.slice(0, most)} />}
      <AgentsImport />
    </section>
  );
}

/** Whether every word of the filter begins or is somewhere in what the row says. */
function matches(agent: AdminAgent, filter: string): boolean {
  const text = [agent.name, agent.id, agent.number, agent.team, ...agent.queues, ...agent.roles].join(' ').toLowerCase();
  return filter.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

function Rows({ agents }: { agents: readonly AdminAgent[] }) {
  const { t } = useTranslation();
  const table = useTableStyles();
  return (
    // What scrolls must be reached by the keyboard (WCAG 2.1.1).
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={table.scroll} role="region" aria-labelledby="admin-agents" tabIndex={0}>
      <table className={mergeClasses(table.table, table.wide)}>
        <thead>
          <tr>
            {(['name', 'id', 'number', 'team', 'queues', 'roles', 'source'] as const).map((column) => (
              <th key={column} scope="col" className={table.cell}>
                {t(`admin.agents.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {agents.map((agent) => (
            <tr key={agent.id}>
              <th scope="row" className={table.cell}>{agent.name}</th>
              <td className={table.cell}>{agent.id}</td>
              <td className={table.cell}>{agent.number}</td>
              <td className={table.cell}>{agent.team}</td>
              <td className={table.cell}>{agent.queues.join(', ')}</td>
              <td className={table.cell}>{agent.roles.join(', ')}</td>
              <td className={table.cell}>{t(`admin.agents.sources.${agent.source}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
