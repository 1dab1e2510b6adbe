import { Badge, Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { DeleteRegular, EditRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import type { AdminAgent } from '../../api/types';
import { useSharedStyles } from '../../shared/styles';

const useStyles = makeStyles({
  agent: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    columnGap: tokens.spacingHorizontalM,
    alignItems: 'start',
    paddingBottom: tokens.spacingVerticalS,
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  facts: { margin: 0, gridColumn: '1 / -1', display: 'flex', flexWrap: 'wrap', columnGap: tokens.spacingHorizontalXL },
  fact: { display: 'flex', columnGap: tokens.spacingHorizontalXS, minWidth: 0 },
  value: { margin: 0, minWidth: 0, overflowWrap: 'anywhere' },
  actions: { display: 'inline-flex', gap: tokens.spacingHorizontalXS },
});

interface Props {
  agents: readonly AdminAgent[];
  onChange: (agent: AdminAgent) => void;
  onDelete: (agent: AdminAgent) => void;
}

/** Rows of the agent table, each with what can be done to it; in a narrow window their words wrap. */
export function AgentList({ agents, onChange, onDelete }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  return (
    <ul className={shared.plainList} aria-label={t('admin.agents.rows')}>
      {agents.map((agent) => (
        <li key={agent.id} className={styles.agent}>
          <div className={styles.head}>
            <h3 className={shared.subheading}>{agent.name}</h3>
            {agent.roles.map((role) => (
              <Badge key={role} appearance="tint">
                {t(`admin.agents.role.${role}`)}
              </Badge>
            ))}
          </div>
          <span className={styles.actions}>
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
          <AgentFacts agent={agent} />
        </li>
      ))}
    </ul>
  );
}

/** What is known of an agent besides the name; what is not set stays away. */
function AgentFacts({ agent }: { agent: AdminAgent }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const facts = {
    number: agent.number,
    team: agent.team,
    queues: agent.queues.join(', '),
    source: t(`admin.agents.sources.${agent.source}`),
    id: agent.id,
  };
  const set = Object.entries(facts) as [keyof typeof facts, string | null][];
  return (
    <dl className={styles.facts}>
      {set.map(
        ([name, value]) =>
          value && (
            <div key={name} className={styles.fact}>
              <dt className={shared.muted}>{t(`admin.agents.${name}`)}</dt>
              <dd className={mergeClasses(styles.value, name === 'number' && shared.number)}>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
