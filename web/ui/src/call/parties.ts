import type { Interaction } from '../api/types';

/** `waiting`: for a free agent of a queue; `alone`: hears nobody, because everybody else is on hold. */
export type PartyState = 'talking' | 'held' | 'ringing' | 'waiting' | 'alone';
export type PartyKind = 'you' | 'customer' | 'owner' | 'consulted';

export interface Party {
  kind: PartyKind;
  /** Null for the reader and for a customer whose name nobody knows. */
  name: string | null;
  state: PartyState;
}

/** The name to show for whoever is consulted: the person who rings, else what was asked for. */
export function consultedName(interaction: Interaction): string {
  const consult = interaction.consult;
  return consult?.party?.name ?? consult?.target.name ?? consult?.target.number ?? '';
}

/** The other side of the consult as the reader sees it: agent 2 is talking to the owner. */
export function partnerName(interaction: Interaction): string {
  return interaction.role === 'agent2' ? (interaction.owner?.name ?? '') : consultedName(interaction);
}

/** Whether a consult is going on: somebody rings, talks or is held. */
export function consultLive(interaction: Interaction): boolean {
  const state = interaction.consult?.state;
  return state === 'requested' || state === 'ringing' || state === 'connected' || state === 'held' || state === 'conferenced';
}

/** Everybody in the call with what they hear, the reader first; empty once the call is over. */
export function parties(interaction: Interaction): Party[] {
  const { customer, consult, owner, role } = interaction;
  if (customer.state === 'left' || role === 'former') return [];
  const list: Party[] = [];
  if (owner) {
    const kind = role === 'agent1' ? 'you' : 'owner';
    list.push({ kind, name: kind === 'you' ? null : owner.name, state: ownerState(interaction) });
  }
  list.push({ kind: 'customer', name: customer.name, state: customer.state === 'held' ? 'held' : 'talking' });
  if (consult && consultLive(interaction)) {
    const you = role === 'agent2';
    list.push({ kind: you ? 'you' : 'consulted', name: you ? null : consultedName(interaction), state: consultedState(interaction) });
  }
  return list.sort((a, b) => Number(b.kind === 'you') - Number(a.kind === 'you'));
}

function consultedState({ consult }: Interaction): PartyState {
  if (consult?.state === 'ringing') return 'ringing';
  if (consult?.state === 'requested') return consult.target.kind === 'queue' ? 'waiting' : 'ringing';
  return consult?.state === 'held' ? 'held' : 'talking';
}

/** The owner talks to whoever is not on hold; with nobody to talk to they are alone. */
function ownerState({ customer, consult }: Interaction): PartyState {
  const somebody = customer.state !== 'held' || consult?.state === 'connected' || consult?.state === 'conferenced';
  return somebody ? 'talking' : 'alone';
}

/** The live calls of a reader and the wrap-ups that are still theirs, in the order of the service. */
export function openInteractions(list: readonly Interaction[]): Interaction[] {
  return list.filter((one) => {
    if (one.wrapUp !== null) return true;
    if (one.role === 'former' || one.phase === 'ended' || one.phase === 'wrapup') return false;
    return one.customer.state !== 'left';
  });
}
