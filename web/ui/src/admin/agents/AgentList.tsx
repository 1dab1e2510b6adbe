import { Badge, Button, makeStyles, tokens } from '@fluentui/react-components';
import { DeleteRegular, EditRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import type { AdminAgent } from '../../api/types';
import { InlineFact, InlineFacts } from '../../shared/InlineFacts';
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
  facts: { gridColumn: '1 / -1' },
  actions: { display: 'inline-flex', gap: tokens.spacingHorizontalXS },
});

interface Props {
  agents: readonly AdminAgent[];
  onChange: (agent: AdminAgent) => void;
  onDelete: (agent: AdminAgent) => void;
}

/** Rows of the agent table, each with what is known of the agent and what can be done to it. */
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
          <div className={styles.facts}>
            <InlineFacts>
              <InlineFact term={t('admin.agents.number')}>{agent.number}</InlineFact>
              <InlineFact term={t('admin.agents.team')}>{agent.team}</InlineFact>
              <InlineFact term={t('admin.agents.queues')}>{agent.queues.join(', ')}</InlineFact>
              <InlineFact term={t('admin.agents.source')}>{t(`admin.agents.sources.${agent.source}`)}</InlineFact>
              <InlineFact term={t('admin.agents.id')}>{agent.id}</InlineFact>
            </InlineFacts>
          </div>
        </li>
      ))}
    </ul>
  );
}
