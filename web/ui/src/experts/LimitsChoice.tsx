import { makeStyles, Select, Switch } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/queries';
import type { ExpertLabels } from '../api/types';
import { useServices } from '../shared/services';
import type { Limits } from './limits';

const useStyles = makeStyles({
  label: { minWidth: '120px', maxWidth: 'min(200px, 100%)', flexGrow: 1 },
});

/** Narrows a list of experts to who is available, to a department and to a role. */
export function LimitsChoice({ limits, onLimits }: { limits: Limits; onLimits: (limits: Limits) => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const known = useLabels();
  const labels = [
    { kind: 'department', choices: known?.departments ?? [] },
    { kind: 'role', choices: known?.roles ?? [] },
  ] as const;
  return (
    <>
      <Switch
        label={t('experts.available')}
        checked={limits.onlyAvailable}
        onChange={(_, { checked }) => onLimits({ ...limits, onlyAvailable: checked })}
      />
      {/* Where Microsoft is searched live, nobody knows what there is to choose from. */}
      {labels.map(
        ({ kind, choices }) =>
          choices.length > 0 && (
            <Select
              key={kind}
              className={styles.label}
              aria-label={t(`experts.label.${kind}`)}
              value={limits[kind]}
              onChange={(_, { value }) => onLimits({ ...limits, [kind]: value })}
            >
              <option value="">{t(`experts.anyLabel.${kind}`)}</option>
              {choices.map(({ name, experts }) => (
                <option key={name} value={name}>
                  {name} ({experts})
                </option>
              ))}
            </Select>
          ),
      )}
    </>
  );
}

/** Departments and roles to choose from; they change slowly. */
function useLabels(): ExpertLabels | undefined {
  const { api } = useServices();
  return useQuery({
    queryKey: keys.labels,
    queryFn: ({ signal }) => api.get<ExpertLabels>('/experts/labels', signal),
    staleTime: 300_000,
  }).data;
}
