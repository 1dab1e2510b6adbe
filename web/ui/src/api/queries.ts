import { QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useServices } from '../shared/services';
import type { ApiClient } from './client';
import { ApiProblem } from './problem';
import type { Interaction, Session, SignInProviders, TargetList, Targets } from './types';

/** The names under which answers are kept; everything that listens or invalidates uses these. */
export const keys = {
  session: ['session'] as const,
  signIn: ['sign-in'] as const,
  interactions: ['interactions'] as const,
  history: ['history'] as const,
  experts: ['experts'] as const,
  labels: ['labels'] as const,
  favourites: ['favourites'] as const,
  recents: ['recents'] as const,
  chat: ['chat'] as const,
  directory: ['directory'] as const,
  targets: ['targets'] as const,
  organization: ['organization'] as const,
  agents: ['agents'] as const,
};

/** Refusals stay refusals however often one asks; only what may pass is tried again. */
export function retryable(failures: number, error: Error): boolean {
  if (!(error instanceof ApiProblem) || error.problem.reason === 'timeout') return false;
  return failures < 2 && (error.slug === 'offline' || error.status >= 502);
}

/**
 * Where answers are kept. Whether there is a network is not the browser's to
 * say: it may be wrong, and what waits for its word may wait for ever. What
 * cannot be reached says so at once, and a change is never made later than its
 * button was pressed.
 */
export function newAnswers(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: retryable, refetchOnWindowFocus: true, refetchOnReconnect: true, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  });
}

/**
 * Reads what the first screen shows while its texts are on their way. What
 * fails here is told, or asked again, by whoever shows it.
 */
export async function readAhead(client: QueryClient, api: ApiClient): Promise<void> {
  await client.prefetchQuery(sessionQuery(api));
  if (client.getQueryData(keys.session)) await client.prefetchQuery(interactionsQuery(api));
}

const sessionQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: keys.session,
    queryFn: ({ signal }) => api.get<Session>('/session', signal),
    staleTime: 30_000,
  });

export function useSession() {
  const { api } = useServices();
  // A refusal that was read ahead is an answer.
  return useQuery({ ...sessionQuery(api), retryOnMount: false });
}

export function useSignInProviders() {
  const { api } = useServices();
  return useQuery({
    queryKey: keys.signIn,
    queryFn: ({ signal }) => api.get<SignInProviders>('/sign-in', signal),
  });
}

const interactionsQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: keys.interactions,
    queryFn: async ({ signal, client }) => {
      const before = client.getQueryData<Interaction[]>(keys.interactions) ?? [];
      const { interactions } = await api.get<{ interactions: Interaction[] }>('/interactions', signal);
      return merge(interactions, before, client.getQueryData<Interaction[]>(keys.interactions) ?? []);
    },
    staleTime: Infinity, // events keep it current, `resync` reads it anew
  });

export function useInteractions() {
  const { api } = useServices();
  return useQuery({ ...interactionsQuery(api), refetchOnMount: 'always' }); // events alone may have begun the list
}

/** Puts a newer state of an interaction in its place; an older one that comes late is dropped. */
export function putInteraction(client: QueryClient, read: Interaction): void {
  client.setQueryData<Interaction[]>(keys.interactions, (list = []) => {
    if (!list.some((other) => other.id === read.id)) return withoutOldest([read, ...list]);
    return list.map((other) => (other.id === read.id ? newer(read, other) : other));
  });
}

/** As many calls that are over as the service lists. */
const mostOver = 100;

/** A page may be open for days, and a supervisor's is told of every call: of those over the oldest go. */
function withoutOldest(list: Interaction[]): Interaction[] {
  let over = 0;
  return list.filter(({ phase, wrapUp }) => phase !== 'ended' || wrapUp !== null || ++over <= mostOver);
}

/** As putInteraction, for the answer of a command: it never brings back what events have taken away meanwhile. */
export function updateInteraction(client: QueryClient, read: Interaction): void {
  client.setQueryData<Interaction[]>(keys.interactions, (list) => list?.map((other) => (other.id === read.id ? newer(read, other) : other)));
}

export function dropInteraction(client: QueryClient, id: string): void {
  client.setQueryData<Interaction[]>(keys.interactions, (list) => list?.filter((other) => other.id !== id));
}

/**
 * Brings together what was read and what events told meanwhile: they may have
 * overtaken the answer. `before` is what was known when it was asked for.
 */
function merge(read: Interaction[], before: Interaction[], known: Interaction[]): Interaction[] {
  const has = (list: Interaction[], id: string) => list.some((one) => one.id === id);
  const came = known.filter(({ id }) => !has(before, id) && !has(read, id));
  const stayed = read.filter(({ id }) => !has(before, id) || has(known, id));
  return [...came, ...stayed.map((one) => newer(one, known.find(({ id }) => id === one.id)))];
}

function newer(read: Interaction, known: Interaction | undefined): Interaction {
  return known && known.version > read.version ? known : read;
}

/** One list of targets as last read, and a way to have the service fetch it anew. */
export function useTargets(list: TargetList, query: string) {
  const { api } = useServices();
  const client = useQueryClient();
  const queryKey = [...keys.targets, list, query];
  const path = `/targets/${list}?q=${encodeURIComponent(query)}`;
  const targets = useQuery({
    queryKey,
    queryFn: ({ signal }) => api.get<Targets>(path, signal),
    placeholderData: (previous) => previous, // rows stay in place while the next answer is on its way
  });
  const refresh = async () => {
    const read = await api.get<Targets>(`${path}&refresh=true`);
    client.setQueryData(queryKey, read);
    return read;
  };
  return { targets, refresh };
}
