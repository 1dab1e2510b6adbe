import type { Interaction } from '../api/types';

/**
 * `waiting`: for a free agent of a queue; `asked`: picked up, and is asked to press a key; `holding`: holds on
 * their own telephone; `alone`: hears nobody, because everybody else is on hold.
 */
export type PartyState = 'talking' | 'held' | 'ringing' | 'asked' | 'waiting' | 'holding' | 'alone';
export type PartyKind = 'you' | 'customer' | 'owner' | 'consulted';

export interface Party {
  kind: PartyKind;
  /** Null for the reader and for a customer whose name nobody knows. */
  name: string | null;
  state: PartyState;
}

/** What is between two who stand beside each other: they talk, one of them is being reached, or nothing. */
export type Link = 'talking' | 'reaching' | 'none';

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

/**
 * Everybody in the call with what they hear, in the order in which they are
 * joined: the customer, the owner, who is consulted. Empty once the call is over.
 */
export function parties(interaction: Interaction): Party[] {
  const { customer, consult, owner, role } = interaction;
  if (customer.state === 'left' || role === 'former') return [];
  const list: Party[] = [{ kind: 'customer', name: customer.name, state: customer.state === 'held' ? 'held' : customer.holds ? 'holding' : 'talking' }];
  if (owner) {
    const you = role === 'agent1';
    list.push({ kind: you ? 'you' : 'owner', name: you ? null : owner.name, state: ownerState(interaction) });
  }
  if (consult && consultLive(interaction)) {
    const you = role === 'agent2';
    list.push({ kind: you ? 'you' : 'consulted', name: you ? null : consultedName(interaction), state: consultedState(interaction) });
  }
  return list;
}

/** What joins each of them to the one before; the first has nobody before them. */
export function links(list: readonly Party[]): Link[] {
  return list.slice(1).map((party, position) => {
    const before = list[position];
    if (party.state === 'ringing' || party.state === 'asked' || party.state === 'waiting') return 'reaching';
    return party.state === 'talking' && before?.state === 'talking' ? 'talking' : 'none';
  });
}

/** Whether three or more talk together: then the outer ones hear each other too. */
export function conferenced(list: readonly Party[]): boolean {
  return list.length > 2 && list.every(({ state }) => state === 'talking');
}

function consultedState({ consult }: Interaction): PartyState {
  if (consult?.state === 'ringing') return consult.asked ? 'asked' : 'ringing';
  if (consult?.state === 'requested') return consult.target.kind === 'queue' ? 'waiting' : 'ringing';
  if (consult?.state === 'held') return 'held';
  return consult?.holds ? 'holding' : 'talking';
}

/** The owner talks to whoever is not on hold; with nobody to talk to they are alone. */
function ownerState({ customer, consult, owner }: Interaction): PartyState {
  if (owner?.holds) return 'holding';
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
