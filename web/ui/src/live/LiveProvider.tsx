import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';
import { keys } from '../api/queries';
import { useServices } from '../shared/services';
import { Connection, type ConnectionState } from './connection';
import { applyEvent, type GoneListener } from './events';
import { WatchList } from './watch';

interface Live {
  state: ConnectionState;
  watch: WatchList;
  /** Hears which offer or call was lost to this agent, and why. */
  onGone: (listener: GoneListener) => () => void;
  /** Says that the agent leaves this call by themselves, or after all does not: then listeners do not hear of it. */
  leaving: (id: string, really: boolean) => void;
}

const LiveContext = createContext<Live | null>(null);

/** Keeps the event stream of this page and lets every event into the kept answers. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const { api, clock, pauses } = useServices();
  const client = useQueryClient();
  const [state, setState] = useState<ConnectionState>({ name: 'connecting' });
  const [watch] = useState(
    () => new WatchList((stream, ids) => api.send('PUT', `/events/${encodeURIComponent(stream)}/watch`, { body: { ids } })),
  );
  const [listeners] = useState(() => new Set<GoneListener>());
  const [left] = useState(() => new Set<string>());

  useEffect(() => {
    const connection = new Connection({
      open: (lastEventId, signal) => api.stream(lastEventId, signal),
      onEvent: (event) =>
        applyEvent(event, {
          client,
          onStream: (stream) => watch.stream(stream),
          onGone: (gone) => {
            if (!left.delete(gone.id)) listeners.forEach((listener) => listener(gone));
          },
        }),
      onState: (now) => {
        setState(now);
        // The sign-in has ended while no stream could say so; whoever reads the session shows what to do.
        if (now.name === 'lost' && now.problem?.status === 401) void client.invalidateQueries({ queryKey: keys.session });
      },
      now: () => clock.now(),
    });
    connection.start();
    // A tab that nobody sees needs no news; what it missed comes when it is seen again.
    const stopPausing = pauses?.(() => connection.close(), () => connection.start());
    return () => {
      stopPausing?.();
      connection.close();
      watch.stop();
    };
  }, [api, clock, client, left, listeners, pauses, watch]);

  const live = useMemo<Live>(
    () => ({
      state,
      watch,
      onGone: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      leaving: (id, really) => {
        if (really) left.add(id);
        else left.delete(id);
      },
    }),
    [state, watch, left, listeners],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLive(): Live {
  const live = use(LiveContext);
  if (live === null) throw new Error('useLive outside of LiveProvider');
  return live;
}

/** Asks for the presences of these people to be kept current while they are on screen. */
export function useWatch(ids: readonly string[]): void {
  const { watch } = useLive();
  const key = [...ids].sort().join(' ');
  useEffect(() => {
    if (key === '') return;
    return watch.add(key.split(' '));
  }, [key, watch]);
}
