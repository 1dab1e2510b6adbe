import { consultedName } from '../call/parties';
import type { Interaction, Phase } from '../api/types';

/** Which calls a supervisor wants to see: all live ones, those over, or one phase. */
export type PhaseFilter = 'live' | Phase;

export interface CallFilter {
  phase: PhaseFilter;
  /** Words that name an agent, a customer or whoever is consulted. */
  words: string;
  /** Only customers who have been on hold for longer than the contact centre wants. */
  waiting: boolean;
}

export const everyCall: CallFilter = { phase: 'live', words: '', waiting: false };

/** The phases in the order of a call, as the filter offers them. */
export const phases: readonly Phase[] = [
  'active', 'held', 'consult_requested', 'consulting', 'swapped', 'conferenced', 'transferred', 'wrapup', 'ended',
];

/** A call is live until its customer has left. */
export function isLive({ phase }: Interaction): boolean {
  return phase !== 'wrapup' && phase !== 'ended';
}

/** What the filter lets through: customers who wait for long first, then the longest calls; of those over, the latest first. */
export function filteredCalls(calls: readonly Interaction[], filter: CallFilter): Interaction[] {
  const words = filter.words.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const wanted = calls.filter((call) => {
    if (filter.phase === 'live' ? !isLive(call) : call.phase !== filter.phase) return false;
    if (filter.waiting && !call.customer.waits) return false;
    const text = wordsOf(call);
    return words.every((word) => text.includes(word));
  });
  return wanted.sort((a, b) => {
    if (isLive(a) !== isLive(b)) return Number(isLive(b)) - Number(isLive(a));
    if (!isLive(a)) return b.startedAt.localeCompare(a.startedAt);
    return Number(b.customer.waits) - Number(a.customer.waits) || a.startedAt.localeCompare(b.startedAt);
  });
}

/** How many calls are in each phase, and how many are live. */
export function countByPhase(calls: readonly Interaction[]): Record<PhaseFilter, number> {
  const counts = Object.fromEntries(['live', ...phases].map((phase) => [phase, 0])) as Record<PhaseFilter, number>;
  for (const call of calls) {
    counts[call.phase] += 1;
    if (isLive(call)) counts.live += 1;
  }
  return counts;
}

function wordsOf(call: Interaction): string {
  return [call.owner?.name, call.customer.name, call.customer.number, consultedName(call)].join(' ').toLowerCase();
}
