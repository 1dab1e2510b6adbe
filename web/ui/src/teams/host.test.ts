import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiProblem } from '../api/problem';
import { connectHost, type TeamsContext, type TeamsSdk } from './host';

const context = { locale: 'de-de', theme: 'dark', subPageId: null };
const never = new Promise<never>(() => undefined);

function sdk(change: Partial<TeamsSdk> = {}): () => Promise<TeamsSdk> {
  return async () => ({ start: async () => context, token: async () => 'jwt', open: async () => 'code', goTo: async () => undefined, onTheme: () => undefined, onPause: () => undefined, ...change });
}

const met = (load: () => Promise<TeamsSdk>) => connectHost(load).ever;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a host that answers gives a token for each request', async () => {
  let asked = 0;
  const host = await met(sdk({ token: async () => `jwt${++asked}` }));
  expect(await host?.authorize()).toBe('Bearer jwt1');
  expect(await host?.authorize()).toBe('Bearer jwt2');
});

test('what Microsoft wants more is asked for once, and the next token as usual', async () => {
  const asked: (string | undefined)[] = [];
  const host = await met(sdk({ token: async (claims) => `jwt${asked.push(claims)}` }));
  host?.demand('{"access_token":{}}');
  host?.demand(undefined);
  await host?.authorize();
  await host?.authorize();
  expect(asked).toEqual(['{"access_token":{}}', undefined]);
});

test('a sign-in in a window begins at the service and ends on the page that hands it over', async () => {
  let opened = '';
  const host = await met(sdk({ open: async (url) => ((opened = url), 'code') }));
  expect(await host?.signIn('/auth/login?provider=entra&challenge=x')).toBe('code');
  expect(opened).toBe(`${location.origin}/auth/login?provider=entra&challenge=x&return=%2Fwindow`);
});

test('a frame that does not speak Teams’ language is given up after five seconds', async () => {
  const { inTime: host } = connectHost(sdk({ start: () => never }));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await host).toBeNull();
});

test('a host that answers after it was given up is met still', async () => {
  let answer: (given: TeamsContext) => void = () => undefined;
  const { inTime, ever } = connectHost(sdk({ start: () => new Promise((resolve) => (answer = resolve)) }));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await inTime).toBeNull();
  answer(context);
  expect((await ever)?.context).toEqual(context);
});

test('a frame in which not even the library arrives is given up just so', async () => {
  const { inTime: host } = connectHost(() => never);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await host).toBeNull();
});

test('a refused token says what Teams said', async () => {
  const host = await met(sdk({ token: () => Promise.reject(new Error('CancelledByUser')) }));
  const refusal = await host?.authorize().catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(ApiProblem);
  expect(refusal).toMatchObject({ slug: 'teams-sign-in', problem: { reason: 'CancelledByUser' } });
});

test('a token that never comes is given up', async () => {
  const host = await met(sdk({ token: () => never }));
  const refusal = host?.authorize().catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await refusal).toMatchObject({ slug: 'teams-sign-in', problem: { reason: 'timeout' } });
});

test('who listens hears when the tab is left and seen again, until they stop listening', async () => {
  let leave = (): void => undefined;
  let come: (context: TeamsContext) => void = () => undefined;
  const onPause: TeamsSdk['onPause'] = (suspend, resume) => {
    leave = suspend;
    come = resume;
  };
  const host = await met(sdk({ onPause }));
  const heard: string[] = [];
  const stop = host?.pauses(() => heard.push('left'), ({ subPageId }) => heard.push(`back at ${subPageId}`));
  leave();
  come({ ...context, subPageId: 'i7' });
  stop?.();
  leave();
  expect(heard).toEqual(['left', 'back at i7']);
});
