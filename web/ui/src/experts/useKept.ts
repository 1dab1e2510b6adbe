import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { problemIn } from '../api/problem';
import { keys } from '../api/queries';
import type { Expert, KeptExperts } from '../api/types';
import { useAnnounce } from '../shared/Announcer';
import { useServices } from '../shared/services';

/** What is shown while nothing is searched for: everybody, or one of the agent's own lists. */
export type List = 'everybody' | 'favourites' | 'recent';

/** As for searches: ages stay true while somebody looks. */
const reread = 30_000;

/** One of the agent's own lists; favourites are read in any case, because every row shows whether it is one. */
export function useKept(list: List) {
  const { api } = useServices();
  const { i18n } = useTranslation();
  const favourites = useQuery({
    queryKey: keys.favourites,
    queryFn: ({ signal }) => api.get<KeptExperts>('/experts/favourites', signal),
    refetchInterval: list === 'favourites' && reread,
  });
  const recents = useQuery({
    queryKey: keys.recents,
    queryFn: ({ signal }) => api.get<KeptExperts>('/experts/recent', signal),
    enabled: list === 'recent',
    refetchInterval: reread,
  });
  const byName = (a: Expert, b: Expert) => a.name.localeCompare(b.name, i18n.language);
  const shown = list === 'recent' ? recents : favourites;
  return {
    query: shown,
    experts: list === 'recent' ? (recents.data?.experts ?? []) : [...(favourites.data?.experts ?? [])].sort(byName),
    marked: new Set(favourites.data?.experts.map(({ id }) => id)),
    unlisted: list === 'favourites' ? (favourites.data?.unlisted ?? []) : [],
  };
}

/** Marks an expert as a favourite, or takes the mark away; what is shown changes when the service has done it. */
export function useMark() {
  const { t } = useTranslation();
  const { api } = useServices();
  const client = useQueryClient();
  const announce = useAnnounce();
  const change = useMutation({
    mutationFn: ({ expert, marked }: { expert: Expert; marked: boolean }) =>
      api.send(marked ? 'PUT' : 'DELETE', `/experts/favourites/${encodeURIComponent(expert.id)}`),
    onSuccess: (_, { expert, marked }) => {
      client.setQueryData<KeptExperts>(keys.favourites, (kept) => {
        if (!kept) return kept;
        const others = kept.experts.filter(({ id }) => id !== expert.id);
        return { ...kept, experts: marked ? [...others, expert] : others };
      });
      announce(t(marked ? 'experts.nowFavourite' : 'experts.noFavourite', { name: expert.name }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.favourites }),
  });
  const forget = useMutation({
    mutationFn: (ids: readonly string[]) =>
      Promise.all(ids.map((id) => api.send('DELETE', `/experts/favourites/${encodeURIComponent(id)}`))),
    onSettled: () => client.invalidateQueries({ queryKey: keys.favourites }),
  });
  const error = change.error ?? forget.error;
  return {
    mark: (expert: Expert, marked: boolean) => change.mutate({ expert, marked }),
    /** Takes the marks of people away who are not in the directory any more. */
    forget: (ids: readonly string[]) => forget.mutate(ids),
    busy: change.isPending || forget.isPending,
    problem: problemIn(error),
    dismiss: () => {
      change.reset();
      forget.reset();
    },
  };
}
