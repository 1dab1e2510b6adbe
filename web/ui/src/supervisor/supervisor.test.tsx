import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import type { Interaction } from '../api/types';
import { allow, consulting, interaction, session } from '../test/fixtures';
import { openPage } from '../test/page';
import type { FakeService } from '../test/service';

beforeEach(() => {
  window.location.hash = '#/supervisor';
});

const seen = (call: Interaction): Interaction => ({ ...call, role: 'supervisor', actions: allow() });
const number = (n: number) => `+49151${String(n).padStart(5, '0')}`;

async function openSupervisor(calls: Interaction[], prepare: (service: FakeService) => void = () => undefined) {
  const page = openPage((service) => {
    const elif = session();
    service.session = { ...elif, agent: { ...elif.agent, id: 'elif', name: 'Elif', roles: ['Supervisor'] } };
    service.interactions = calls;
    prepare(service);
  });
  await screen.findByRole('heading', { name: 'Live calls' });
  return page;
}

test('who only supervises begins with the live calls', async () => {
  window.location.hash = '';
  await openSupervisor([]);
  expect(window.location.hash).toBe('#/supervisor');
});

test('every live call stands with its phase, its owner, who is on hold and for how long', async () => {
  await openSupervisor([
    seen(consulting({ customer: { ...consulting().customer, waits: true } })),
    seen(interaction({ id: 'i2', customer: { ...interaction().customer, name: 'Erika Muster' }, owner: { id: 'ben', name: 'Ben Brand', holds: false } })),
  ]);
  const list = within(await screen.findByRole('list', { name: 'Calls' }));
  const [first, second] = list.getAllByRole('link');
  expect(first).toHaveTextContent(/\+4915112345Consulting.*Anja Weber is talking to Jürgen Müller\. The customer is on hold\.On hold for/);
  expect(first).toHaveTextContent('Has been waiting for long');
  expect(second).toHaveTextContent(/Erika MusterIn conversation.*Ben Brand is talking to the customer\./);
  expect(screen.getByText(/2 live calls/)).toHaveTextContent('1 customer has been on hold for long');
});

test('a change comes by event and nothing is asked for again', async () => {
  const { service } = await openSupervisor([seen(interaction())]);
  await waitFor(() => expect(service.listening).toBe(true));
  await screen.findByText('Anja Weber is talking to the customer.');
  const before = service.requests('GET /interactions').length;
  act(() => service.put(seen(interaction({ version: 2, phase: 'held', customer: { ...interaction().customer, state: 'held' } }))));
  expect(await screen.findByText(/Anja Weber has put the customer on hold/)).toBeVisible();
  act(() => service.put(seen(interaction({ id: 'i9', owner: { id: 'ben', name: 'Ben Brand', holds: false } }))));
  expect(await screen.findByText('Ben Brand is talking to the customer.')).toBeVisible();
  expect(service.requests('GET /interactions')).toHaveLength(before);
});

test('the list is filtered by phase and by words, and an empty one shows the way back', async () => {
  const { user } = await openSupervisor([seen(interaction()), seen(consulting({ id: 'i2', owner: { id: 'ben', name: 'Ben Brand', holds: false } }))]);
  await screen.findByRole('list', { name: 'Calls' });
  await user.selectOptions(screen.getByRole('combobox', { name: 'Phase' }), 'Consulting (1)');
  expect(screen.getAllByRole('listitem')).toHaveLength(1);
  await user.type(screen.getByRole('searchbox', { name: 'Agent, customer or expert' }), 'anja');
  expect(screen.getByRole('heading', { name: 'No call fits the filter' })).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Show all live calls' }));
  expect(screen.getAllByRole('listitem')).toHaveLength(2);
});

test('without calls the page says that they come by themselves', async () => {
  await openSupervisor([]);
  expect(await screen.findByText(/appear here by themselves as soon as an agent talks/)).toBeVisible();
});

test('of five hundred calls only those in sight are made, and the keyboard reaches the last one', async () => {
  const many = Array.from({ length: 500 }, (_, n) => seen(interaction({ id: `i${n}`, startedAt: new Date(Date.UTC(2026, 10, 22, 8, 0, n)).toISOString(), customer: { ...interaction().customer, number: number(n) } })));
  const { user } = await openSupervisor(many);
  const items = within(await screen.findByRole('list', { name: 'Calls' }));
  const first = items.getAllByRole('listitem')[0];
  expect(first).toHaveAttribute('aria-setsize', '500');
  expect(items.getAllByRole('listitem').length).toBeLessThan(40);
  act(() => items.getAllByRole('link')[0]?.focus());
  await user.keyboard('{ArrowDown}');
  await waitFor(() => expect(document.activeElement).toHaveTextContent(number(1)));
  await user.keyboard('{End}');
  await waitFor(() => expect(document.activeElement).toHaveTextContent(number(499)));
});

test('a call that is chosen takes the keyboard, and closing it gives it back to the list', async () => {
  const { user } = await openSupervisor([seen(consulting())], (service) =>
    service.on('GET /interactions/i1/history', () => ({
      json: { entries: [{ version: 1, at: '2026-11-22T08:00:00.000Z', actor: 'agent1', person: { id: 'anja', name: 'Anja Weber' }, input: 'hold', cause: null, from: 'active', to: 'held', pending: null }] },
    })),
  );
  await user.click(within(await screen.findByRole('list', { name: 'Calls' })).getByRole('link'));
  const heading = await screen.findByRole('heading', { level: 2, name: '+4915112345' });
  expect(heading).toHaveFocus();
  const detail = within(screen.getByRole('region', { name: '+4915112345' }));
  expect(detail.getByText(/You see this call as supervisor/)).toBeVisible();
  expect(await detail.findByRole('list', { name: 'History of the call' })).toHaveTextContent('Anja Weber');
  expect(detail.queryByRole('button')).not.toBeInTheDocument();
  await user.click(detail.getByRole('link', { name: 'Back to all calls' }));
  await waitFor(() => expect(within(screen.getByRole('list', { name: 'Calls' })).getByRole('link')).toHaveFocus());
});

test('a link to a call that is not there says so', async () => {
  window.location.hash = '#/supervisor/nothing';
  await openSupervisor([]);
  expect(await screen.findByRole('heading', { name: 'Call not found' })).toBeVisible();
  expect(screen.getByRole('link', { name: 'Back to all calls' })).toBeVisible();
});

test('an agent learns that the page is for supervisors, and who can change that', async () => {
  openPage();
  expect(await screen.findByText(/Only supervisors may see the calls of others/)).toBeVisible();
});
