import { onlineManager } from '@tanstack/react-query';
import { screen, waitFor } from '@testing-library/react';
import { expect, onTestFinished, test } from 'vitest';
import { ApiProblem } from '../api/problem';
import type { Problem } from '../api/types';
import { session } from '../test/fixtures';
import { openPage } from '../test/page';
import { problem } from '../test/service';

const refusal = (slug: string, status: number, more: Partial<Problem> = {}): Problem => ({ type: `/problems/${slug}`, status, ...more });

test('without a sign-in each provider has a button that leads back here', async () => {
  openPage((service) => (service.session = refusal('sign-in-required', 401)));
  const microsoft = await screen.findByRole('link', { name: 'Sign in with Microsoft' });
  expect(microsoft).toHaveAttribute('href', '/auth/login?provider=entra&return=%2F');
  expect(screen.getByRole('link', { name: 'Sign in with Contact centre' })).toBeVisible();
});

test('somebody who is not in the agent table learns whom to ask', async () => {
  openPage((service) => (service.session = refusal('agent-unknown', 403, { reason: 'Team Leads, 4711', instance: 'r-1' })));
  expect(await screen.findByRole('heading', { name: 'You are not set up here' })).toBeVisible();
  expect(screen.getByText('Whom to ask: Team Leads, 4711')).toBeVisible();
  expect(screen.getByText('Request id: r-1')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Sign in as somebody else' })).toBeVisible();
});

test('a sign-in that ends leads to the sign-in page', async () => {
  const { service } = openPage();
  await screen.findByText('No active call');
  await waitFor(() => expect(service.listening).toBe(true));
  service.session = refusal('sign-in-required', 401);
  service.emit('session', { expired: true });
  expect(await screen.findByRole('heading', { name: 'Sign in to your agent desktop' })).toBeVisible();
});

test('a sign-in that ended while the line was away leads to the sign-in page when it is back', async () => {
  const { service } = openPage();
  await screen.findByText('No active call');
  await waitFor(() => expect(service.listening).toBe(true));
  service.disconnect();
  service.session = refusal('sign-in-required', 401);
  service.on('GET /events', () => problem('sign-in-required', 401));
  expect(await screen.findByRole('heading', { name: 'Sign in to your agent desktop' })).toBeVisible();
});

test('a sign-in that Microsoft ended says why', async () => {
  openPage((service) => (service.session = refusal('sign-in-required', 401, { reason: 'account-disabled' })), 'de');
  expect(await screen.findByText(/Ihr Microsoft-Konto wurde deaktiviert/)).toBeVisible();
});

test('inside Teams the sign-in runs in a window, and its one-time code comes back to the tab', async () => {
  const actions: string[] = [];
  const signIn = async (action: string) => (actions.push(action), 'one-time');
  const { service, user } = openPage((service) => (service.session = refusal('sign-in-required', 401)), 'en', { signIn });
  service.on('POST /session/take-over', () => ({ status: 204, json: null }));
  await user.click(await screen.findByRole('button', { name: 'Sign in with Microsoft' }));
  await waitFor(() => expect(service.requests('POST /session/take-over')[0]?.body).toEqual({ code: 'one-time' }));
  expect(actions).toEqual(['/auth/login?provider=entra']);
  expect(screen.queryByRole('link', { name: 'Sign in with Microsoft' })).toBeNull();
});

test('inside Teams a sign-in in a window says where it goes on, and what to do when there is none', async () => {
  const { user } = openPage((service) => (service.session = refusal('sign-in-required', 401)), 'en', { signIn: () => new Promise(() => undefined) });
  const button = await screen.findByRole('button', { name: 'Sign in with Microsoft' });
  await user.click(button);
  expect(await screen.findByText(/Sign in in the window that has opened/)).toBeVisible();
  expect(screen.getByRole('button', { name: 'Reload the page' })).toBeVisible();
  expect(button).toHaveFocus();
});

test('inside Teams a window that was closed says so', async () => {
  const signIn = () => Promise.reject(new ApiProblem('teams-sign-in', 0, { reason: 'CancelledByUser' }));
  const { user } = openPage((service) => (service.session = refusal('sign-in-required', 401)), 'en', { signIn });
  await user.click(await screen.findByRole('button', { name: 'Sign in with Microsoft' }));
  expect(await screen.findByText(/The sign-in was cancelled/)).toBeVisible();
});

test('an answer that cannot be read is no reason to wait for ever', async () => {
  const { service, user } = openPage((service) => service.on('GET /session', () => ({ text: '<html>' })));
  const retry = await screen.findByRole('button', { name: 'Try again' });
  service.on('GET /session', () => ({ json: session() }));
  await user.click(retry);
  expect(await screen.findByText('No active call')).toBeVisible();
});

test('a browser that believes itself without a network asks all the same, and sends what is pressed', async () => {
  onlineManager.setOnline(false);
  onTestFinished(() => onlineManager.setOnline(true));
  const { service, user } = openPage();
  await screen.findByText('No active call');
  await user.selectOptions(screen.getByRole('combobox', { name: 'Your status' }), 'Idle: Lunch');
  await waitFor(() => expect(service.requests('PUT /session/state')).toHaveLength(1));
});

test('the language is switched at once and remembered', async () => {
  const { user } = openPage();
  await screen.findByText('No active call');
  await user.selectOptions(await screen.findByRole('combobox', { name: 'Language' }), 'Deutsch');
  expect(await screen.findByText('Kein aktiver Anruf')).toBeVisible();
  expect(document.documentElement.lang).toBe('de');
  expect(localStorage.getItem('teamsbridge.language')).toBe('de');
});

test('the state is changed by the service, not by the page', async () => {
  const { service, user } = openPage();
  service.on('PUT /session/state', () => {
    service.session = session({ state: { name: 'idle', since: '2026-11-22T08:01:00.000Z', reason: null } });
    return { json: service.session };
  });
  const state = await screen.findByRole('combobox', { name: 'Your status' });
  await user.selectOptions(state, 'Idle');
  await waitFor(() => expect(state).toHaveValue('idle'));
  expect(service.requests('PUT /session/state')[0]?.body).toEqual({ name: 'idle' });
});

test('an answer that was on its way when an event came does not take back what the event told', async () => {
  const answers: ((answer: { json: unknown }) => void)[] = [];
  const { service } = openPage((service) => {
    service.on('GET /session', () => (service.requests('GET /session').length === 1 ? { json: session() } : new Promise((resolve) => answers.push(resolve))));
  });
  const state = await screen.findByRole('combobox', { name: 'Your status' });
  await waitFor(() => expect(answers).toHaveLength(1)); // the stream has begun, and the session is read again
  const engaged = { name: 'engaged', since: '2026-11-22T08:01:00.000Z', reason: null } as const;
  service.emit('session', { state: engaged });
  await waitFor(() => expect(state).toHaveValue('engaged'));
  await waitFor(() => expect(answers).toHaveLength(2));
  answers[0]?.({ json: session() });
  answers[1]?.({ json: session({ state: engaged, agent: { ...session().agent, name: 'Anja Meier' } }) });
  expect(await screen.findByText('Anja Meier')).toBeVisible();
  expect(state).toHaveValue('engaged');
});

test('a state that a call brought about is shown but cannot be chosen', async () => {
  const { service } = openPage();
  const state = await screen.findByRole('combobox', { name: 'Your status' });
  await waitFor(() => expect(service.listening).toBe(true));
  service.emit('session', { state: { name: 'engaged', since: '2026-11-22T08:01:00.000Z', reason: null } });
  await waitFor(() => expect(state).toHaveValue('engaged'));
  expect(screen.getByRole('option', { name: 'In a call' })).toBeDisabled();
});
