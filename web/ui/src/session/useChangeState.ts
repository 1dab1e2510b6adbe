import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/problem';
import { keys } from '../api/queries';
import type { Session } from '../api/types';
import { useAnnounce } from '../shared/Announcer';
import { useProblemText } from '../shared/problemText';
import { useServices } from '../shared/services';

export interface WantedState {
  name: 'available' | 'idle';
  reason?: string;
}

/** Changes the agent's own state, and says what it is now or why it stayed. */
export function useChangeState() {
  const { t } = useTranslation();
  const { api } = useServices();
  const client = useQueryClient();
  const announce = useAnnounce();
  const problemText = useProblemText();
  return useMutation({
    mutationFn: (wanted: WantedState) => api.send<Session>('PUT', '/session/state', { body: wanted }),
    onSuccess: (read) => {
      client.setQueryData(keys.session, read);
      announce(t('state.changed', { state: [t(`state.${read.state.name}`), read.state.reason].filter(Boolean).join(': ') }));
    },
    onError: (error) => {
      announce(error instanceof ApiProblem ? problemText(error) : t('problem.internal'));
      void client.invalidateQueries({ queryKey: keys.session });
    },
  });
}
