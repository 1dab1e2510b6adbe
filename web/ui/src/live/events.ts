import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { dropInteraction, keys, putInteraction } from '../api/queries';
import type { StreamEvent } from '../api/sse';
import type { DirectoryState, Expert, ExpertPage, Interaction, InteractionGone, KeptExperts, Presence, Session } from '../api/types';

export type GoneListener = (gone: InteractionGone) => void;

interface Sinks {
  client: QueryClient;
  onStream: (stream: string) => void;
  onGone: GoneListener;
}

/** Lets one event of the stream change what is kept. Events this page does not know are left alone. */
export function applyEvent(event: StreamEvent, { client, onStream, onGone }: Sinks): void {
  switch (event.event) {
    case 'hello':
      onStream(read<{ stream: string }>(event).stream);
      // Between the first answers and this stream something may have happened.
      for (const queryKey of [keys.interactions, keys.session]) void client.invalidateQueries({ queryKey });
      return;
    case 'interaction':
      putInteraction(client, read<Interaction>(event));
      return;
    case 'interaction-gone': {
      const gone = read<InteractionGone>(event);
      onGone(gone);
      dropInteraction(client, gone.id);
      return;
    }
    case 'presence':
      putPresences(client, read<{ presences: NamedPresence[] }>(event).presences);
      return;
    case 'targets':
      void client.invalidateQueries({ queryKey: keys.targets });
      return;
    case 'session':
      putSession(client, read<SessionEvent>(event));
      return;
    case 'directory':
      putDirectory(client, read<DirectoryState>(event));
      void client.invalidateQueries({ queryKey: keys.organization });
      return;
    case 'resync':
      void client.invalidateQueries();
      return;
  }
}

type SessionEvent = Partial<Session> | { expired: boolean };
type NamedPresence = Presence & { id: string };

/** Puts fresh presences into every list of experts that is kept; an older observation never replaces a newer one. */
export function putPresences(client: QueryClient, presences: readonly NamedPresence[]): void {
  const byId = new Map(presences.map((presence) => [presence.id, presence]));
  const renewed = (expert: Expert): Expert => {
    const fresh = byId.get(expert.id);
    return fresh && !older(fresh, expert.presence) ? { ...expert, presence: fresh } : expert;
  };
  const withFresh = <T extends { experts: Expert[] }>(page: T): T => ({ ...page, experts: page.experts.map(renewed) });
  client.setQueriesData<InfiniteData<ExpertPage>>({ queryKey: keys.experts }, (data) => data && { ...data, pages: data.pages.map(withFresh) });
  for (const queryKey of [keys.favourites, keys.recents]) {
    client.setQueryData<KeptExperts>(queryKey, (data) => data && withFresh(data));
  }
}

/** How the directory stands; when its first reading has ended, searches that were refused are asked again. */
function putDirectory(client: QueryClient, state: DirectoryState): void {
  const before = client.getQueryData<DirectoryState>(keys.directory);
  client.setQueryData(keys.directory, state);
  if (!state.ready || before?.ready !== false) return;
  for (const queryKey of [keys.experts, keys.favourites, keys.recents]) void client.invalidateQueries({ queryKey });
}

function older(a: Presence, b: Presence): boolean {
  return a.observedAt !== null && b.observedAt !== null && Date.parse(a.observedAt) < Date.parse(b.observedAt);
}

/** What has changed of the session; `expired` ends the stream, and asking again shows what to do. */
function putSession(client: QueryClient, session: SessionEvent): void {
  const queryKey = keys.session;
  if (!('expired' in session)) {
    client.setQueryData<Session>(queryKey, (known) => known && { ...known, ...session });
    // An answer that is on its way may be older than this event, and would take its place.
    if (client.isFetching({ queryKey }) === 0) return;
  }
  void client.invalidateQueries({ queryKey });
}

function read<T>(event: StreamEvent): T {
  return JSON.parse(event.data) as T;
}
