import { expect, test } from 'vitest';
import { consulting, interaction, wrappingUp } from '../test/fixtures';
import { conferenced, links, openInteractions, parties, type Party } from './parties';
import type { Interaction } from '../api/types';

const words = (list: Party[]) => list.map(({ kind, state }) => `${kind} ${state}`);
const held = { ...consulting().customer };
const consult = consulting().consult;
const inState = (state: NonNullable<Interaction['consult']>['state']) => consult && { ...consult, state };

const swapped = consulting({ phase: 'swapped', customer: interaction().customer, consult: inState('held') });
const requested = consulting({ phase: 'consult_requested', consult: inState('ringing') });
const together = consulting({ phase: 'conferenced', customer: { ...held, state: 'conferenced' }, consult: inState('conferenced') });
const asked = consulting({ phase: 'consult_requested', consult: consult && { ...consult, state: 'ringing', asked: true } });
const holding = { ...together, customer: { ...together.customer, holds: true }, consult: together.consult && { ...together.consult, holds: true } };
const queued = consulting({
  phase: 'consult_requested',
  consult: consult && { ...consult, state: 'requested', party: null, target: { kind: 'queue', id: 'q', name: 'Billing', number: null, numberChanged: false } },
});

test.each<[string, Interaction, string[], string[]]>([
  ['active: customer and agent talk', interaction(), ['customer talking', 'you talking'], ['talking']],
  ['held: the agent hears nobody', interaction({ phase: 'held', customer: held }), ['customer held', 'you alone'], ['none']],
  ['consulting: the customer waits', consulting(), ['customer held', 'you talking', 'consulted talking'], ['none', 'talking']],
  ['ringing', requested, ['customer held', 'you alone', 'consulted ringing'], ['none', 'reaching']],
  ['picked up, and asked for a key', asked, ['customer held', 'you alone', 'consulted asked'], ['none', 'reaching']],
  ['parties who hold on their own telephones', holding, ['customer holding', 'you talking', 'consulted holding'], ['none', 'none']],
  ['waiting in a queue', queued, ['customer held', 'you alone', 'consulted waiting'], ['none', 'reaching']],
  ['swapped: the expert waits', swapped, ['customer talking', 'you talking', 'consulted held'], ['talking', 'none']],
  ['conference: all talk', together, ['customer talking', 'you talking', 'consulted talking'], ['talking', 'talking']],
  ['seen by agent 2', consulting({ role: 'agent2' }), ['customer held', 'owner talking', 'you talking'], ['none', 'talking']],
  ['seen by a supervisor', { ...swapped, role: 'supervisor' }, ['customer talking', 'owner talking', 'consulted held'], ['talking', 'none']],
  ['a failed consult has no party', interaction({ consult: inState('failed') }), ['customer talking', 'you talking'], ['talking']],
  ['over: nobody', wrappingUp(), [], []],
])('%s', (_, call, expected, joined) => {
  expect(words(parties(call))).toEqual(expected);
  expect(links(parties(call))).toEqual(joined);
});

test('only in a conference do customer and expert hear each other', () => {
  expect(conferenced(parties(together))).toBe(true);
  for (const call of [interaction(), consulting(), swapped, requested]) expect(conferenced(parties(call))).toBe(false);
});

test.each<[string, Interaction, boolean]>([
  ['a live call is open', interaction(), true],
  ['a call to wrap up is open', wrappingUp(), true],
  ['a former owner with a wrap-up still sees it', consulting({ role: 'former', wrapUp: wrappingUp().wrapUp }), true],
  ['a former owner without one does not', consulting({ role: 'former' }), false],
  ['an ended call is not open', interaction({ phase: 'ended' }), false],
])('%s', (_, call, open) => {
  expect(openInteractions([call]).length === 1).toBe(open);
});
