import { expect, test } from 'vitest';
import { consulting, interaction, wrappingUp } from '../test/fixtures';
import { countByPhase, everyCall, filteredCalls, type CallFilter } from './calls';
import type { Interaction } from '../api/types';

const held = { number: '+4915199', name: null, state: 'held', since: '2026-11-22T08:00:00.000Z', waits: true, holds: false } as const;
const calls: Interaction[] = [
  interaction({ id: 'long', startedAt: '2026-11-22T07:00:00.000Z', owner: { id: 'ben', name: 'Ben Brand', holds: false } }),
  consulting({ id: 'short', startedAt: '2026-11-22T08:30:00.000Z' }),
  interaction({ id: 'waits', phase: 'held', startedAt: '2026-11-22T08:10:00.000Z', customer: held }),
  wrappingUp({ id: 'gone', startedAt: '2026-11-22T06:00:00.000Z' }),
  interaction({ id: 'over', phase: 'ended', startedAt: '2026-11-22T05:00:00.000Z' }),
];

test.each<[string, Partial<CallFilter>, string[]]>([
  ['all live calls: who waits for long first, then the longest', {}, ['waits', 'long', 'short']],
  ['one phase', { phase: 'consulting' }, ['short']],
  ['calls whose customer has gone are shown when they are asked for', { phase: 'wrapup' }, ['gone']],
  ['an agent by any part of the name', { words: 'bra' }, ['long']],
  ['an expert who is consulted', { words: 'jürgen' }, ['short']],
  ['every word has to fit', { words: 'anja 5199' }, ['waits']],
  ['only customers who wait for long', { waiting: true }, ['waits']],
])('%s', (_, change, ids) => {
  expect(filteredCalls(calls, { ...everyCall, ...change }).map(({ id }) => id)).toEqual(ids);
});

test('each phase is counted, and the live calls together', () => {
  expect(countByPhase(calls)).toMatchObject({ live: 3, active: 1, held: 1, consulting: 1, wrapup: 1, ended: 1, swapped: 0 });
});
