import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { Session } from '../api/types';
import { consulting, dialCheck, expert, interaction, session, wrappingUp } from '../test/fixtures';
import { openPage } from '../test/page';
import type { FakeService } from '../test/service';

const people = [expert('jm', 'Jürgen Müller'), expert('li', 'Lina Ivanova')];

/** A window of this agent's, in a call; every one after the first is the same window, loaded anew. */
function openWindow(agent: Partial<Session['agent']> = {}, prepare: (service: FakeService) => void = () => undefined) {
  return openPage((service) => {
    service.session = session({ agent: { ...session().agent, ...agent } });
    service.interactions = [interaction()];
    service.experts = people;
    service.on('POST /dial-number/check', ({ body }) => ({ json: dialCheck({ dialable: (body as { input: string }).input }) }));
    service.on('POST /interactions/i1/consult', () => ({ json: consulting({ phase: 'consult_requested' }) }));
    prepare(service);
  });
}

const dialog = () => screen.findByRole('dialog', { name: 'Consult request' });

/** Opens the request and leaves it in mid-typing. */
async function leave(agent: Partial<Session['agent']> = {}) {
  const page = openWindow(agent);
  await page.user.click(await screen.findByRole('button', { name: 'Consult' }));
  const inside = within(await dialog());
  await page.user.type(inside.getByRole('combobox', { name: 'Search experts' }), 'li');
  await page.user.click(await inside.findByRole('option', { name: /Lina Ivanova/ }));
  return { ...page, inside };
}

/** Loads the window anew and says whether the request is open. */
async function openAgain(agent: Partial<Session['agent']> = {}): Promise<boolean> {
  openWindow(agent);
  await screen.findByTestId('sentence');
  return screen.queryByRole('dialog') !== null;
}

const kept = () => Object.keys(sessionStorage);

afterEach(() => void vi.restoreAllMocks());

test('what was typed and chosen is there after a sign-in that ended in between', async () => {
  const { service, unmount } = await leave();
  await waitFor(() => expect(service.listening).toBe(true));
  service.session = { type: '/problems/sign-in-required', status: 401 };
  service.emit('session', { expired: true });
  await screen.findByRole('heading', { name: 'Sign in to your agent desktop' });
  unmount();

  const { user, service: again } = openWindow();
  const inside = within(await dialog());
  expect(inside.getByRole('combobox', { name: 'Search experts' })).toHaveValue('li');
  expect(await inside.findByRole('option', { name: /Lina Ivanova/ })).toHaveAttribute('aria-selected', 'true');
  await user.click(inside.getByRole('button', { name: 'Consult' }));
  await waitFor(() => expect(again.requests('POST /interactions/i1/consult')[0]?.body).toEqual({ target: { kind: 'organization', id: 'li' } }));
  await waitFor(() => expect(kept()).toEqual([]));
});

test('a number comes back to its tab, as it was meant, and is checked anew', async () => {
  const { user, inside, unmount } = await leave();
  await user.click(inside.getByRole('tab', { name: /Dial number/ }));
  await user.click(await inside.findByRole('textbox', { name: 'Number' }));
  await user.paste('+49 (0)30 1234');
  unmount();

  const { service } = openWindow();
  const again = within(await dialog());
  expect(await again.findByRole('textbox', { name: 'Number' })).toHaveValue('+49301234');
  await waitFor(() => expect(service.requests('POST /dial-number/check').at(-1)?.body).toEqual({ input: '+49 (0)30 1234' }));
});

test('each tab keeps its search while another one is looked at', async () => {
  const { user, inside } = await leave();
  await user.click(inside.getByRole('tab', { name: /Queue/ }));
  expect(await inside.findByRole('combobox', { name: 'Search queues' })).toHaveValue('');
  await user.click(inside.getByRole('tab', { name: /Organization/ }));
  expect(await inside.findByRole('combobox', { name: 'Search experts' })).toHaveValue('li');
});

test.each([
  ['another agent', { id: 'ben', name: 'Ben Kaya' }],
  ['an agent of the same id in another organisation', { tenant: 't2' }],
])('%s who signs in here sees nothing of it, and nothing is left for the first one', async (_, other) => {
  const first = await leave();
  first.unmount();
  expect(await openAgain(other)).toBe(false);
  await waitFor(() => expect(kept()).toEqual([]));
});

test('a request that was closed stays closed', async () => {
  const { user, unmount } = await leave();
  await user.keyboard('{Escape}{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  expect(kept()).toEqual([]);
  unmount();
  expect(await openAgain()).toBe(false);
});

test('a customer who hangs up takes the request along', async () => {
  const { service } = await leave();
  await waitFor(() => expect(service.listening).toBe(true));
  expect(kept()).toHaveLength(1);
  service.put(wrappingUp());
  await waitFor(() => expect(kept()).toEqual([]));
});

test('whoever signs out on purpose leaves nothing behind', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined); // jsdom goes nowhere, and says so
  const { service, user, unmount } = await leave();
  unmount();
  const page = openPage((fake) => (fake.interactions = []));
  expect(kept()).toHaveLength(1);
  page.service.on('POST /auth/logout', () => ({ status: 204 }));
  await user.click(await screen.findByRole('button', { name: 'Sign out' }));
  await waitFor(() => expect(page.service.requests('POST /auth/logout')).toHaveLength(1));
  expect(kept()).toEqual([]);
  expect(service.requests('POST /interactions/i1/consult')).toHaveLength(0);
});

test('where the browser keeps nothing for the page, it is kept as long as the page', async () => {
  const storage = vi.spyOn(globalThis, 'sessionStorage', 'get').mockImplementation(() => {
    throw new DOMException('no storage', 'SecurityError');
  });
  const { unmount } = await leave();
  unmount();
  openWindow();
  expect(within(await dialog()).getByRole('combobox', { name: 'Search experts' })).toHaveValue('li');
  storage.mockRestore();
});
