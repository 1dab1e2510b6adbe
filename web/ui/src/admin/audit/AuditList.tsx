import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { AdminAgent, AuditLine } from '../../api/types';
import { InlineFact, InlineFacts } from '../../shared/InlineFacts';
import { useSharedStyles } from '../../shared/styles';
import { useDateTime } from '../useDateTime';
import { events, outcomes } from './audit';

const useStyles = makeStyles({
  line: { paddingBottom: tokens.spacingVerticalS, borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  head: { display: 'flex', flexWrap: 'wrap', columnGap: tokens.spacingHorizontalM },
  event: { fontWeight: tokens.fontWeightSemibold },
});

/** Lines of the audit, in their order; people by their names where the agent table has them. */
export function AuditList({ lines, agents }: { lines: readonly AuditLine[]; agents: readonly AdminAgent[] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const dateTime = useDateTime();
  const names = new Map(agents.map(({ id, name }) => [id, name]));
  const named = (id: string | undefined) => (id === undefined ? undefined : (names.get(id) ?? id));
  const nobody = (digest: string | undefined) => (digest ? t('admin.audit.erased') : null);
  return (
    <ul className={shared.plainList} aria-label={t('admin.audit.lines')}>
      {lines.map((line) => {
        const event = events.find((known) => known === line.event);
        const { actor, target } = line;
        return (
          <li key={line.sequence} className={styles.line}>
            <div className={styles.head}>
              <span className={mergeClasses(shared.muted, shared.number)}>{dateTime(line.time)}</span>
              <span className={styles.event}>{event ? t(`admin.audit.events.${event}`) : line.event}</span>
              <Outcome line={line} />
            </div>
            <InlineFacts>
              <InlineFact term={t('admin.audit.column.action')} lang="en">
                {line.action}
              </InlineFact>
              <InlineFact term={t('admin.audit.column.actor')}>{named(actor?.agent) ?? actor?.entra ?? nobody(line.actorDigest)}</InlineFact>
              <InlineFact term={t('admin.audit.column.target')}>{named(target?.id) ?? target?.number ?? nobody(line.targetDigest)}</InlineFact>
              <InlineFact term={t('admin.audit.column.trace')}>{line.trace}</InlineFact>
            </InlineFacts>
          </li>
        );
      })}
    </ul>
  );
}

/** How it ended, how often, and why not. */
function Outcome({ line: { outcome, count, reason } }: { line: AuditLine }) {
  const { t } = useTranslation();
  const known = outcomes.find((one) => one === outcome);
  return (
    <span>
      {known ? t(`admin.audit.outcomes.${known}`) : outcome}
      {count ? ` (${count})` : ''}
      {reason && (
        <>
          {' · '}
          <span lang="en">{reason}</span>
        </>
      )}
    </span>
  );
}
