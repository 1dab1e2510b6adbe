import { expect, test } from 'vitest';
import type { HistoryEntry } from '../api/types';
import { historyRows } from './historyRows';

let version = 0;
function entry(input: string, from: HistoryEntry['from'], to: HistoryEntry['to'], more: Partial<HistoryEntry> = {}): HistoryEntry {
  version += 1;
  return { version, at: '2026-11-22T08:00:00.000Z', actor: 'agent1', person: null, input, cause: null, from, to, pending: null, ...more };
}

const call = entry('call', 'active', 'active', { actor: 'customer' });
const hold = entry('hold', 'active', 'active', { pending: 'hold' });
const read = (entries: HistoryEntry[], pending: 'hold' | null = null) =>
  historyRows(entries, pending && { action: pending, since: '' }).map(({ input, outcome, phase }) => `${input} ${outcome ?? '-'} ${phase ?? '-'}`);

test.each<[string, HistoryEntry[], string[]]>([
  ['the beginning has a phase', [call], ['call - active']],
  ['a command and what the telephone system made of it are one row', [call, hold, entry('arranged', 'active', 'held')], ['call - active', 'hold done held']],
  ['a command that failed says so', [call, hold, entry('arrangeFailed', 'active', 'active')], ['call - active', 'hold failed -']],
  ['a command that something else overtook says so', [call, hold, entry('hungUp', 'active', 'wrapup')], ['call - active', 'hold overtaken -', 'hungUp - wrapup']],
  [
    'an event in between does not part them',
    [call, hold, entry('ringing', 'active', 'active'), entry('arranged', 'active', 'held')],
    ['call - active', 'hold done held', 'ringing - -'],
  ],
  ['work of the telephone system without effect is no row', [call, entry('consult', 'active', 'consult_requested'), entry('arranged', 'consult_requested', 'consult_requested')], ['call - active', 'consult - consult_requested']],
  ['a hold that failed before a consult is one', [call, entry('consult', 'active', 'consult_requested'), entry('arrangeFailed', 'consult_requested', 'active')], ['call - active', 'consult - consult_requested', 'arrangeFailed - active']],
])('%s', (_, entries, rows) => {
  expect(read(entries)).toEqual(rows);
});

test('a command on which the telephone system still works is running', () => {
  expect(read([call, hold], 'hold')).toEqual(['call - active', 'hold running -']);
});
