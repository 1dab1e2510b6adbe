import { afterEach, expect, test, vi } from 'vitest';
import { ApiClient } from './client';
import { ServerClock } from './clock';
import { retryable } from './queries';

function client(answer: (signal: AbortSignal | undefined) => Promise<Response>): ApiClient {
  vi.stubGlobal('fetch', (_: string, { signal }: RequestInit) => answer(signal ?? undefined));
  return new ApiClient(async () => null, new ServerClock());
}

const problemOf = (asked: Promise<unknown>) => asked.then(() => null, (error: unknown) => error);

/** Never answers; ends as fetch does when it is given up. */
const silence = (signal: AbortSignal | undefined) =>
  new Promise<Response>((_, reject) => {
    if (signal?.aborted) reject(signal.reason as Error);
    signal?.addEventListener('abort', () => reject(signal.reason as Error));
  });

/** An answer of which only the beginning arrives. */
function half(): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"agent":')),
    pull: (controller) => controller.error(new TypeError('network error')),
  });
  return new Response(body);
}

afterEach(() => vi.restoreAllMocks());

test.each([
  ['that never comes is no connection', () => Promise.reject(new TypeError('failed to fetch')), { slug: 'offline', status: 0 }],
  ['that breaks off is no connection', async () => half(), { slug: 'offline', status: 0 }],
  ['that is the page of a proxy is none of the service’s', async () => new Response('<html>'), { slug: 'internal', status: 200 }],
  ['without a word of JSON is none of the service’s', async () => new Response(''), { slug: 'internal', status: 200 }],
])('an answer %s', async (_, answer, problem) => {
  expect(await problemOf(client(answer).get('/session'))).toMatchObject({ name: 'ApiProblem', ...problem });
});

test.each([
  ['a read', (api: ApiClient, signal: AbortSignal) => api.get('/session', signal)],
  ['a question with a body', (api: ApiClient, signal: AbortSignal) => api.ask('/dial-number/check', { input: '1' }, signal)],
  ['a page of lines', (api: ApiClient, signal: AbortSignal) => api.lines('/admin/audit', signal)],
])('%s to which nobody answers is given up, and not asked again by itself', async (_, ask) => {
  const limit = new AbortController();
  const limits = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(limit.signal);
  const asked = problemOf(ask(client(silence), new AbortController().signal));
  limit.abort(new DOMException('too long', 'TimeoutError'));
  const problem = (await asked) as Error;
  expect(problem).toMatchObject({ slug: 'offline', problem: { reason: 'timeout' } });
  expect(retryable(0, problem)).toBe(false);
  expect(limits).toHaveBeenCalledOnce();
});

test('who gives a read up hears their own word, not that the line is lost', async () => {
  const caller = new AbortController();
  const asked = problemOf(client(silence).get('/session', caller.signal));
  caller.abort(new DOMException('left', 'AbortError'));
  expect(await asked).toMatchObject({ name: 'AbortError' });
});

test.each([
  ['a command waits for its answer as long as it takes: it may have been carried out', (api: ApiClient) => api.send('POST', '/interactions/i1/hold')],
  ['an export goes on for as long as lines come', (api: ApiClient) => api.allLines('/admin/audit')],
])('%s', async (_, ask) => {
  const limits = vi.spyOn(AbortSignal, 'timeout');
  await ask(client(async () => new Response('{}')));
  expect(limits).not.toHaveBeenCalled();
});
