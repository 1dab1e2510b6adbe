import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/queries';
import type { Session } from '../api/types';
import { useAnnounce } from '../shared/Announcer';
import { useServices } from '../shared/services';

export interface WantedState {
  name: 'available' | 'idle';
  reason?: string;
}

/** Changes the agent's own state, and says what it is now. */
export function useChangeState() {
  const { t } = useTranslation();
  const { api } = useServices();
  const client = useQueryClient();
  const announce = useAnnounce();
  return useMutation({
    mutationFn: (wanted: WantedState) => api.send<Session>('PUT', '/session/state', { body: wanted }),
    onSuccess: (read) => {
      client.setQueryData(keys.session, read);
      announce(t('state.changed', { state: [t(`state.${read.state.name}`), read.state.reason].filter(Boolean).join(': ') }));
    },
    // An event may have overtaken the answer, and a refusal says nothing of the state.
    onSettled: () => void client.invalidateQueries({ queryKey: keys.session }),
  });
}
