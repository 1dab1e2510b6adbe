import { makeStyles, Select, tokens } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/queries';
import type { Session } from '../api/types';
import { PresenceBadge } from '../experts/PresenceBadge';
import type { PresenceShape } from '../experts/presence';
import { useLive } from '../live/LiveProvider';
import { useAnnounce } from '../shared/Announcer';
import { useServices } from '../shared/services';
import { useProblemText } from '../shared/problemText';
import { ApiProblem } from '../api/problem';

const choices = ['available', 'idle'] as const;
type Choice = (typeof choices)[number];

const shapes: Record<Session['state']['name'], PresenceShape> = {
  available: 'available',
  idle: 'away',
  engaged: 'busy',
  wrapUp: 'busy',
  offline: 'offline',
};

const useStyles = makeStyles({
  chooser: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalS, '--presence-cut': tokens.colorNeutralBackground1 },
});

/** The agent's own state: shown always, changed between available and idle. */
export function StateChooser({ session }: { session: Session }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { api } = useServices();
  const client = useQueryClient();
  const announce = useAnnounce();
  const problemText = useProblemText();
  const offline = useLive().state.name === 'lost';
  const change = useMutation({
    mutationFn: (name: Choice) => api.send<Session>('PUT', '/session/state', { body: { name } }),
    onSuccess: (read) => {
      client.setQueryData(keys.session, read);
      announce(t('state.changed', { state: t(`state.${read.state.name}`) }));
    },
    onError: (error) => {
      announce(error instanceof ApiProblem ? problemText(error) : t('problem.internal'));
      void client.invalidateQueries({ queryKey: keys.session });
    },
  });
  const { name } = session.state;
  return (
    <span className={styles.chooser}>
      <PresenceBadge shape={shapes[name]} />
      <Select
        aria-label={t('state.menu')}
        value={name}
        disabled={change.isPending || offline}
        onChange={(_, { value }) => {
          const chosen = choices.find((choice) => choice === value);
          if (chosen) change.mutate(chosen);
        }}
      >
        {/* The states that only a call brings about cannot be chosen, but must be seen. */}
        {!choices.some((choice) => choice === name) && (
          <option value={name} disabled>
            {t(`state.${name}`)}
          </option>
        )}
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {t(`state.${choice}`)}
          </option>
        ))}
      </Select>
    </span>
  );
}
