import { expect, test } from 'vitest';
import { consulting, interaction, wrappingUp } from '../test/fixtures';
import { openInteractions, parties, type Party } from './parties';
import type { Interaction } from '../api/types';

const words = (list: Party[]) => list.map(({ kind, state }) => `${kind} ${state}`);
const held = { ...consulting().customer };
const consult = consulting().consult;
const inState = (state: NonNullable<Interaction['consult']>['state']) => consult && { ...consult, state };

test.each<[string, Interaction, string[]]>([
  ['active: agent and customer talk', interaction(), ['you talking', 'customer talking']],
  ['held: the agent hears nobody', interaction({ phase: 'held', customer: held }), ['you alone', 'customer held']],
  ['consulting: the customer waits', consulting(), ['you talking', 'customer held', 'consulted talking']],
  ['ringing', consulting({ phase: 'consult_requested', consult: inState('ringing') }), ['you alone', 'customer held', 'consulted ringing']],
  ['swapped: the expert waits', consulting({ phase: 'swapped', customer: interaction().customer, consult: inState('held') }), ['you talking', 'customer talking', 'consulted held']],
  ['seen by agent 2', consulting({ role: 'agent2' }), ['you talking', 'owner talking', 'customer held']],
  ['a failed consult has no party', interaction({ consult: inState('failed') }), ['you talking', 'customer talking']],
  ['over: nobody', wrappingUp(), []],
])('%s', (_, call, expected) => {
  expect(words(parties(call))).toEqual(expected);
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
