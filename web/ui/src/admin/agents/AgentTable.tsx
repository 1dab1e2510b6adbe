import { Button, mergeClasses } from '@fluentui/react-components';
import { DeleteRegular, EditRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import type { AdminAgent } from '../../api/types';
import { useTableStyles } from '../table';

const columns = ['name', 'number', 'team', 'queues', 'roles', 'source', 'id'] as const;

interface Props {
  agents: readonly AdminAgent[];
  onChange: (agent: AdminAgent) => void;
  onDelete: (agent: AdminAgent) => void;
}

/** Rows of the agent table, each with what can be done to it. */
export function AgentTable({ agents, onChange, onDelete }: Props) {
  const { t } = useTranslation();
  const table = useTableStyles();
  return (
    // What scrolls must be reached by the keyboard (WCAG 2.1.1).
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={table.scroll} role="region" aria-label={t('admin.agents.rows')} tabIndex={0}>
      <table className={mergeClasses(table.table, table.wide)}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className={table.cell}>
                {t(`admin.agents.${column}`)}
              </th>
            ))}
            <th scope="col" className={table.cell}>
              {t('admin.agents.actions')}
            </th>
          </tr>
        </thead>
        <tbody>
          {agents.map((agent) => (
            <tr key={agent.id}>
              <th scope="row" className={table.cell}>
                {agent.name}
              </th>
              <td className={mergeClasses(table.cell, table.number)}>{agent.number}</td>
              <td className={table.cell}>{agent.team}</td>
              <td className={table.cell}>{agent.queues.join(', ')}</td>
              <td className={table.cell}>{agent.roles.map((role) => t(`admin.agents.role.${role}`)).join(', ')}</td>
              <td className={table.cell}>{t(`admin.agents.sources.${agent.source}`)}</td>
              <td className={table.cell}>{agent.id}</td>
              <td className={table.cell}>
                <span className={table.actions}>
                  <Button
                    size="small"
                    icon={<EditRegular />}
                    aria-label={t('admin.agents.changeOf', { name: agent.name })}
                    aria-haspopup="dialog"
                    onClick={() => onChange(agent)}
                  />
                  <Button
                    size="small"
                    icon={<DeleteRegular />}
                    aria-label={t('admin.agents.deleteOf', { name: agent.name })}
                    aria-haspopup="dialog"
                    onClick={() => onDelete(agent)}
                  />
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
