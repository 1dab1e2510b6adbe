import { Button, makeStyles, mergeClasses, SearchBox } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AdminAgent } from '../../api/types';
import { useServices } from '../../shared/services';
import { useSharedStyles } from '../../shared/styles';
import { Loaded } from '../Loaded';
import { AgentDialog } from './AgentDialog';
import { agentsQuery, matches } from './agents';
import { AgentList } from './AgentList';
import { AgentsImport } from './AgentsImport';
import { DeleteAgentDialog } from './DeleteAgentDialog';

/** So many rows at a time: more help nobody, the filter does. */
const page = 50;

const useStyles = makeStyles({ filter: { flexGrow: 1, maxWidth: '420px', minWidth: 'min(220px, 100%)' } });

/** Who is set up as an agent: the configuration's rows and those made here, which can be changed. */
export function AgentsPage() {
  const agents = useQuery(agentsQuery(useServices().api));
  const { t } = useTranslation();
  return (
    <>
      <Loaded query={agents} loading={t('admin.agents.loading')}>
        {(all) => <Agents all={all} />}
      </Loaded>
      <AgentsImport />
    </>
  );
}

type Open = { dialog: 'add' } | { dialog: 'change' | 'delete'; agent: AdminAgent };

function Agents({ all }: { all: readonly AdminAgent[] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const [filter, setFilter] = useState('');
  const [most, setMost] = useState(page);
  const [open, setOpen] = useState<Open | null>(null);
  const found = all.filter((agent) => matches(agent, filter));
  const close = () => setOpen(null);
  return (
    <section className={shared.card} aria-labelledby="admin-agents">
      <h2 className={shared.subheading} id="admin-agents">
        {t('admin.agents.title')}
      </h2>
      <p className={mergeClasses(shared.text, shared.muted)}>{t('admin.agents.text')}</p>
      <div className={shared.row}>
        <SearchBox
          className={styles.filter}
          value={filter}
          onChange={(_, { value }) => setFilter(value)}
          placeholder={t('admin.agents.filter')}
          dismiss={null}
          input={{ 'aria-label': t('admin.agents.filter'), autoComplete: 'off' }}
        />
        <Button icon={<AddRegular />} aria-haspopup="dialog" onClick={() => setOpen({ dialog: 'add' })}>
          {t('admin.agents.add')}
        </Button>
      </div>
      <p className={mergeClasses(shared.text, shared.muted)} role="status">
        {all.length === 0 ? t('admin.agents.none') : t('admin.agents.count', { found: found.length, all: all.length })}
      </p>
      {found.length > 0 && (
        <AgentList
          agents={found.slice(0, most)}
          onChange={(agent) => setOpen({ dialog: 'change', agent })}
          onDelete={(agent) => setOpen({ dialog: 'delete', agent })}
        />
      )}
      {found.length > most && (
        <div>
          <Button onClick={() => setMost(most + page)}>{t('admin.agents.more', { count: Math.min(page, found.length - most) })}</Button>
        </div>
      )}
      {open?.dialog === 'add' && <AgentDialog agent={null} onClose={close} />}
      {open?.dialog === 'change' && <AgentDialog agent={open.agent} onClose={close} />}
      {open?.dialog === 'delete' && <DeleteAgentDialog agent={open.agent} onClose={close} />}
    </section>
  );
}
