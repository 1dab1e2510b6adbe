import { useQuery } from '@tanstack/react-query';
import { keys } from '../api/queries';
import type { HistoryEntry, Interaction } from '../api/types';
import { useServices } from '../shared/services';

/** Every command and event of a call in order, read again whenever the call has changed. */
export function useHistory({ id, version }: Interaction, enabled: boolean) {
  const { api } = useServices();
  return useQuery({
    queryKey: [...keys.history, id, version],
    queryFn: ({ signal }) => api.get<{ entries: HistoryEntry[] }>(`/interactions/${encodeURIComponent(id)}/history`, signal),
    placeholderData: (previous) => previous, // rows stay in place while the next answer is on its way
    staleTime: Infinity,
    enabled,
  });
}
