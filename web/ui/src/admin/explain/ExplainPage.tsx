import { Button, Field, makeStyles, mergeClasses, Radio, RadioGroup, Select } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MissingPerson } from '../../api/types';
import { useServices } from '../../shared/services';
import { useSharedStyles } from '../../shared/styles';
import { agentsQuery } from '../agents/agents';
import { FindPerson } from '../FindPerson';
import { Loaded } from '../Loaded';
import { Explanation } from './Explanation';

const useStyles = makeStyles({ field: { maxWidth: '420px' } });

interface Props {
  /** Whom the address names: an id of the agent table; empty for nobody yet. */
  agent: string;
  /** An object id at Microsoft; empty for nobody yet. */
  expert: string;
}

/** Why an agent can or cannot reach an expert: choose both, and every step of the way is told. */
export function ExplainPage(named: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const agents = useQuery(agentsQuery(useServices().api));
  const [agent, setAgent] = useState(named.agent);
  const [expert, setExpert] = useState(named.expert);
  const [asked, setAsked] = useState<Props | null>(named.agent === '' ? null : named);
  const ask = () => setAsked({ agent, expert });
  return (
    <>
      <section className={shared.card} aria-label={t('admin.explain.choose')}>
        <p className={mergeClasses(shared.text, shared.muted)}>{t('admin.explain.text')}</p>
        <Loaded query={agents}>
          {(all) => (
            <Field label={t('admin.explain.agent')} className={styles.field}>
              <Select value={agent} onChange={(_, { value }) => setAgent(value)}>
                <option value="">{t('admin.explain.chooseAgent')}</option>
                {all.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </Select>
            </Field>
          )}
        </Loaded>
        <FindPerson label={t('admin.explain.expert')} ask={t('admin.explain.find')}>
          {(people) => <Choice people={people} chosen={expert} onChoose={setExpert} />}
        </FindPerson>
        <div className={shared.row}>
          <Button appearance="primary" disabledFocusable={agent === ''} onClick={ask}>
            {t('admin.explain.ask')}
          </Button>
          <span className={shared.muted}>{t(agent === '' ? 'admin.explain.needsAgent' : expert === '' ? 'admin.explain.noExpert' : 'admin.explain.both')}</span>
        </div>
      </section>
      {asked && <Explanation agent={asked.agent} expert={asked.expert} />}
    </>
  );
}

function Choice({ people, chosen, onChoose }: { people: readonly MissingPerson[]; chosen: string; onChoose: (id: string) => void }) {
  const { t } = useTranslation();
  return (
    <Field label={t('admin.explain.which')}>
      <RadioGroup value={chosen} onChange={(_, { value }) => onChoose(value)}>
        {people.map(({ id, name }) => (
          <Radio key={id} value={id} label={name} />
        ))}
      </RadioGroup>
    </Field>
  );
}
