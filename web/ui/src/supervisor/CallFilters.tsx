import { Checkbox, Field, makeStyles, SearchBox, Select } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Interaction } from '../api/types';
import { useSharedStyles } from '../shared/styles';
import { countByPhase, phases, type CallFilter } from './calls';

const useStyles = makeStyles({
  phase: { minWidth: 'min(220px, 100%)' },
  words: { flexGrow: 1, minWidth: 'min(220px, 100%)', maxWidth: '420px' },
});

interface Props {
  calls: readonly Interaction[];
  filter: CallFilter;
  onFilter: (filter: CallFilter) => void;
}

/** Which of the calls are shown: by phase, each with its number, by words, and by how long the customer waits. */
export function CallFilters({ calls, filter, onFilter }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const shared = useSharedStyles();
  const counts = countByPhase(calls);
  return (
    <div className={shared.row} role="search" aria-label={t('supervisor.filters')}>
      <Field label={t('supervisor.phase')} className={styles.phase}>
        <Select
          value={filter.phase}
          onChange={(_, { value }) => onFilter({ ...filter, phase: phases.find((phase) => phase === value) ?? 'live' })}
        >
          <option value="live">
            {t('supervisor.allLive')} ({counts.live})
          </option>
          {phases.map((phase) => (
            <option key={phase} value={phase}>
              {t(`phase.${phase}`)} ({counts[phase]})
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('supervisor.words')} className={styles.words}>
        <SearchBox value={filter.words} onChange={(_, { value }) => onFilter({ ...filter, words: value })} dismiss={null} input={{ autoComplete: 'off' }} />
      </Field>
      <Checkbox
        label={t('supervisor.onlyWaiting')}
        checked={filter.waiting}
        onChange={(_, { checked }) => onFilter({ ...filter, waiting: checked === true })}
      />
    </div>
  );
}
