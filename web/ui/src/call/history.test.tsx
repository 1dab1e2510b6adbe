import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { HistoryEntry } from '../api/types';
import { interaction } from '../test/fixtures';
import { openPage } from '../test/page';
import { problem } from '../test/service';

const at = '2026-11-22T08:00:00.000Z';
const anja = { id: 'anja', name: 'Anja Weber' };
const expert = { id: 'jm', name: 'Jürgen Müller' };

const entries: HistoryEntry[] = [
  { version: 1, at, actor: 'customer', person: null, input: 'call', cause: null, from: 'active', to: 'active', pending: null },
  { version: 2, at, actor: 'agent1', person: anja, input: 'hold', cause: null, from: 'active', to: 'active', pending: 'hold' },
  { version: 3, at, actor: 'switch', person: null, input: 'arranged', cause: null, from: 'active', to: 'held', pending: null },
  { version: 4, at, actor: 'agent1', person: anja, input: 'consult', cause: 'organization', from: 'held', to: 'consult_requested', pending: null },
  { version: 5, at, actor: 'switch', person: expert, input: 'failed', cause: 'busy', from: 'consult_requested', to: 'held', pending: null },
  { version: 6, at, actor: 'system', person: null, input: 'somethingNew', cause: null, from: 'held', to: 'held', pending: null },
];

async function openHistory(answer: () => { json?: unknown; status?: number } = () => ({ json: { entries } }), language: 'de' | 'en' = 'en') {
  const page = openPage((service) => {
    service.interactions = [interaction()];
    service.on('GET /interactions/i1/history', answer);
  }, language);
  const toggle = await screen.findByRole('button', { name: language === 'en' ? 'History of the call' : 'Verlauf des Anrufs' });
  expect(toggle).toHaveAttribute('aria-expanded', 'false');
  expect(page.service.requests('GET /interactions/i1/history')).toHaveLength(0);
  await page.user.click(toggle);
  return page;
}

/** Who did what, and the phase that came of it; without the time. */
const rows = async (name: string) => {
  const items = within(await screen.findByRole('list', { name })).getAllByRole('listitem');
  return items.map((item) => [...item.children].slice(1).map((part) => part.textContent).filter(Boolean).join(' → '));
};

test('tells who did what and what came of it, in words', async () => {
  await openHistory();
  expect(await rows('History of the call')).toEqual([
    'Customer: called → In conversation',
    'You: put the customer on hold → On hold',
    'You: asked for a consult (Organization) → Consult is ringing',
    'Jürgen Müller: not reached (The line was busy) → On hold',
    'Service: an event',
  ]);
});

test('the same in German', async () => {
  await openHistory(undefined, 'de');
  expect(await rows('Verlauf des Anrufs')).toEqual([
    'Kunde: hat angerufen → Im Gespräch',
    'Sie: Kunden gehalten → Gehalten',
    'Sie: Beratung angefordert (Organisation) → Beratung angefragt',
    'Jürgen Müller: nicht erreicht (Der Anschluss war besetzt) → Gehalten',
    'Dienst: ein Ereignis',
  ]);
});

test('is read again when the call has changed, and keeps its rows meanwhile', async () => {
  const { service } = await openHistory(() => ({ json: { entries: service?.interactions[0]?.version === 2 ? entries.slice(0, 3) : entries.slice(0, 1) } }));
  expect(await rows('History of the call')).toHaveLength(1);
  service.put(interaction({ version: 2, phase: 'held' }));
  await waitFor(async () => expect(await rows('History of the call')).toHaveLength(2));
});

test('that cannot be read says so and can be tried again', async () => {
  let answers = 0;
  const { user } = await openHistory(() => {
    answers += 1;
    return answers === 1 ? problem('not-found', 404) : { json: { entries } };
  });
  await user.click(await screen.findByRole('button', { name: 'Try again' }));
  expect(await rows('History of the call')).toHaveLength(5);
});
