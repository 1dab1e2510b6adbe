import { mergeClasses } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { AdminAgent, AuditLine } from '../../api/types';
import { useTableStyles } from '../table';
import { useDateTime } from '../useDateTime';
import { events, outcomes } from './audit';

const columns = ['time', 'event', 'action', 'actor', 'target', 'outcome', 'trace'] as const;

/** Lines of the audit, in their order; people by their names where the agent table has them. */
export function AuditTable({ lines, agents }: { lines: readonly AuditLine[]; agents: readonly AdminAgent[] }) {
  const { t } = useTranslation();
  const table = useTableStyles();
  const dateTime = useDateTime();
  const names = new Map(agents.map(({ id, name }) => [id, name]));
  const named = (id: string | undefined) => (id === undefined ? undefined : (names.get(id) ?? id));
  const nobody = (digest: string | undefined) => (digest ? t('admin.audit.erased') : '');
  return (
    // What scrolls must be reached by the keyboard (WCAG 2.1.1).
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={table.scroll} role="region" aria-label={t('admin.audit.lines')} tabIndex={0}>
      <table className={mergeClasses(table.table, table.wide)}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className={table.cell}>
                {t(`admin.audit.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => {
            const event = events.find((known) => known === line.event);
            const outcome = outcomes.find((known) => known === line.outcome);
            const { actor, target } = line;
            return (
              <tr key={line.sequence}>
                <td className={mergeClasses(table.cell, table.number)}>{dateTime(line.time)}</td>
                <td className={table.cell}>{event ? t(`admin.audit.events.${event}`) : line.event}</td>
                <td className={table.cell} lang="en">
                  {line.action}
                </td>
                <td className={table.cell}>{named(actor?.agent) ?? actor?.entra ?? nobody(line.actorDigest)}</td>
                <td className={table.cell}>{named(target?.id) ?? target?.number ?? nobody(line.targetDigest)}</td>
                <td className={table.cell}>
                  {outcome ? t(`admin.audit.outcomes.${outcome}`) : line.outcome}
                  {line.count ? ` (${line.count})` : ''}
                  {line.reason && (
                    <>
                      {' · '}
                      <span lang="en">{line.reason}</span>
                    </>
                  )}
                </td>
                <td className={table.cell}>{line.trace}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
