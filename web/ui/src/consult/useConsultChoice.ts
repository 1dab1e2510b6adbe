import type { TargetRequest } from '../api/types';
import { useCommands } from '../call/commands';

type TargetAction = 'consult' | 'coldTransfer';

export interface ConsultChoice {
  /** Why it cannot be done, in words; null when it can. */
  blocked: (action: TargetAction) => string | null;
  go: (action: TargetAction) => void;
}

/**
 * What the dialog's commands do with the chosen target. `missing` says in
 * words what keeps this target from being used; the call's own reasons come
 * first. `onDone` is called once the service has taken the request.
 */
export function useConsultChoice(target: TargetRequest | null, missing: string | null, onDone: () => void): ConsultChoice {
  const { blocked: blockedByCall, run } = useCommands();
  const blocked = (action: TargetAction) => blockedByCall(action) ?? missing;
  const go = async (action: TargetAction) => {
    if (target === null || blocked(action) !== null) return;
    if (await run(action, { target })) onDone();
  };
  return { blocked, go: (action) => void go(action) };
}
