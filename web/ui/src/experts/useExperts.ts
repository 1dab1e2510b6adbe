import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { keys } from '../api/queries';
import type { ExpertPage, PresenceRefresh } from '../api/types';
import { putPresences } from '../live/events';
import { useServices } from '../shared/services';
import type { Limits } from './limits';

export interface ExpertSearch {
  query: string;
  limits: Limits;
  enabled: boolean;
}

/** While somebody looks, what is shown is read again this often, so that ages stay true. */
const reread = 30_000;

/** A screen or two at first; whoever wants more wants much, and every page is read again. */
const firstPage = 25;
const nextPages = 200;

/** Experts that match, page by page. An answer that comes after a newer question is dropped with it. */
export function useExperts({ query, limits, enabled }: ExpertSearch) {
  const { api } = useServices();
  return useInfiniteQuery({
    queryKey: [...keys.experts, query, limits],
    queryFn: ({ pageParam, signal }) => {
      const search = new URLSearchParams({ q: query, limit: String(pageParam ? nextPages : firstPage) });
      if (limits.onlyAvailable) search.set('available', 'true');
      for (const kind of ['department', 'role'] as const) if (limits[kind]) search.set(kind, limits[kind]);
      if (pageParam) search.set('cursor', pageParam);
      return api.get<ExpertPage>(`/experts?${search}`, signal);
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: (previous) => previous, // rows stay in place while the next answer is on its way
    refetchInterval: reread,
    enabled,
  });
}

/** Has the presences of these people observed now, and puts them in place. Answers how many stayed unknown. */
export function useRefreshPresence(): (ids: readonly string[]) => Promise<number> {
  const { api } = useServices();
  const client = useQueryClient();
  return async (ids) => {
    const answer = await api.send<PresenceRefresh>('POST', '/experts/presence/refresh', { body: { ids } });
    putPresences(client, answer.presences);
    return answer.failed.length;
  };
}
