import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiClient } from '../api/client';
import { ServerClock } from '../api/clock';
import { ApiProblem } from '../api/problem';
import { textsOf } from '../i18n';
import { de } from '../i18n/de';
import { Root, type Stage } from '../Root';
import { openPage } from '../test/page';

const never = new Promise<never>(() => undefined);

function show(stage: Stage) {
  const clock = new ServerClock();
  const services = { api: new ApiClient(async () => null, clock), clock, inTeams: false };
  render(<Root services={services} host={null} stage={stage} texts={textsOf('de', { de })} nonce={undefined} />);
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('while Teams has not answered the page says what it waits for, and for how long', () => {
  show('connecting');
  expect(screen.getByText('Verbindung mit Teams wird aufgenommen …')).toBeVisible();
  expect(screen.getByText(/Antwortet Teams nicht innerhalb von 5 Sekunden/)).toBeVisible();
});

test('a Teams that does not answer leaves two ways on', () => {
  show('silent');
  expect(screen.getByRole('button', { name: 'Erneut versuchen' })).toBeVisible();
  expect(screen.getByRole('link', { name: 'Im Browser öffnen' })).toHaveAttribute('href', location.href);
});

test('a sign-in by Teams that takes long says what may hold it up, and leaves the same ways', async () => {
  openPage((service) => service.on('GET /session', () => never), 'en', { signIn: () => never });
  expect(screen.getByText('Teams is signing you in …')).toBeVisible();
  expect(screen.queryByRole('link', { name: 'Open in the browser' })).not.toBeInTheDocument();
  await act(() => vi.advanceTimersByTimeAsync(8_000));
  expect(screen.getByRole('status')).toHaveTextContent(/Perhaps a window of Microsoft’s is waiting for you/);
  expect(screen.getByText(/Perhaps a window of Microsoft’s/, { selector: 'p' })).toBeVisible();
  expect(screen.getByRole('link', { name: 'Open in the browser' })).toBeVisible();
});

test.each([
  ['went back or did not agree at Microsoft', 'cancelled', /did not agree to what this app asks for/],
  ['closed the window', 'CancelledByUser', /its window was closed/],
  ['was not signed in by Microsoft', 'rejected', /Microsoft did not complete the sign-in/],
])('whoever %s reads just that', async (_, reason, words) => {
  vi.useRealTimers();
  const signIn = () => Promise.reject(new ApiProblem('teams-sign-in', 0, { reason }));
  const { user } = openPage((service) => (service.session = { type: '/problems/sign-in-required', status: 401 }), 'en', { signIn });
  await user.click(await screen.findByRole('button', { name: 'Sign in with Microsoft' }));
  expect(await screen.findByText(words)).toBeVisible();
});
