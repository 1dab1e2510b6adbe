import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/problem';
import { keys, updateInteraction } from '../api/queries';
import type { Action, Interaction } from '../api/types';
import { useLive } from '../live/LiveProvider';
import { useServices } from '../shared/services';

/** Where each command is posted, below /interactions/{id}. */
const paths: Record<Action, string> = {
  hold: '/hold',
  resume: '/resume',
  consult: '/consult',
  resumeExpert: '/consult/resume',
  endConsult: '/consult/end',
  accept: '/consult/accept',
  decline: '/consult/decline',
  transfer: '/transfer',
  coldTransfer: '/transfer',
  conference: '/conference',
  leave: '/leave',
  end: '/end',
  wrapUp: '/wrap-up',
  pauseWrapUp: '/wrap-up/pause',
};

/** With these a consulted agent goes; that the call is gone for them then is no news. */
const parting = new Set<Action>(['decline', 'endConsult', 'leave']);

export interface Commands {
  interaction: Interaction;
  /** The command that is being carried out, or null. */
  running: Action | null;
  /** Why the last command did not work, until dismissed or the next one. */
  problem: ApiProblem | null;
  dismiss: () => void;
  /** Carries a command out; true when it was done. */
  run: (action: Action, body?: object) => Promise<boolean>;
  /** Why this action cannot be done now, in words; null when it can. */
  blocked: (action: Action) => string | null;
  /** Whether this page itself ended the call. */
  endedHere: () => boolean;
}

const CommandsContext = createContext<Commands | null>(null);

export function useCommands(): Commands {
  const commands = use(CommandsContext);
  if (commands === null) throw new Error('useCommands outside of CommandsProvider');
  return commands;
}

/** One interaction and what can be done with it, for everything that shows it. One command runs at a time. */
export function CommandsProvider({ interaction, children }: { interaction: Interaction; children: ReactNode }) {
  const { t } = useTranslation();
  const { api } = useServices();
  const client = useQueryClient();
  const { state, leaving } = useLive();
  const online = state.name !== 'lost';
  const [running, setRunning] = useState<Action | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const busy = useRef(false);
  const ended = useRef(false);
  const { id, role } = interaction;

  const run = useCallback(
    async (action: Action, body: object = {}) => {
      if (busy.current) return false; // a second press before the first was drawn
      busy.current = true;
      if (action === 'end') ended.current = true;
      if (role === 'agent2') leaving(id, parting.has(action));
      setRunning(action);
      setProblem(null);
      try {
        const path = `/interactions/${encodeURIComponent(id)}${paths[action]}`;
        const answer = await sendOnce((headers) => api.send<Interaction>('POST', path, { body, headers }));
        updateInteraction(client, answer);
        return true;
      } catch (error) {
        if (action === 'end') ended.current = false;
        leaving(id, false);
        setProblem(error instanceof ApiProblem ? error : new ApiProblem('internal', 0));
        // What was refused or is unknown is read again, never guessed.
        void client.invalidateQueries({ queryKey: keys.interactions });
        void client.invalidateQueries({ queryKey: keys.session });
        return false;
      } finally {
        busy.current = false;
        setRunning(null);
      }
    },
    [api, client, id, role, leaving],
  );

  const commands = useMemo<Commands>(() => {
    const blocked = (action: Action): string | null => {
      if (!online) return t('blocked.offline');
      if (running !== null) return running === action ? t('running.one') : t('blocked.running');
      if (interaction.pending) return t('blocked.pending');
      const permit = interaction.actions[action];
      if (permit.allowed) return null;
      return t(`blocked.${permit.reason ?? 'wrong-phase'}`, { phase: t(`phase.${interaction.phase}`) });
    };
    return { interaction, running, problem, run, blocked, dismiss: () => setProblem(null), endedHere: () => ended.current };
  }, [interaction, running, problem, run, online, t]);

  return <CommandsContext value={commands}>{children}</CommandsContext>;
}

/**
 * Sends a command under one idempotency key. When no answer came at all the
 * same key is sent once more: the service then gives the first answer or does
 * it for the first time, never twice.
 */
async function sendOnce<T>(send: (headers: Record<string, string>) => Promise<T>): Promise<T> {
  const headers = { 'Idempotency-Key': crypto.randomUUID() };
  try {
    return await send(headers);
  } catch (error) {
    if (error instanceof ApiProblem && error.slug === 'offline') return send(headers);
    throw error;
  }
}
