import { ApiProblem, problemOf } from './problem';
import type { ServerClock } from './clock';

/** Gives the value of the Authorization header for one request, or null where the browser's cookie speaks. */
export type Authorize = () => Promise<string | null>;

export interface RequestOptions {
  body?: unknown;
  signal?: AbortSignal | undefined;
  headers?: Record<string, string>;
}

/**
 * Milliseconds for a read, its whole answer included. The service works on none
 * for longer than a minute; a line that has gone silent would be waited for
 * without end.
 */
const readLimit = 75_000;

/** The service's HTTP interface: paths below /api/v1, JSON, problems as ApiProblem. */
export class ApiClient {
  constructor(
    private readonly authorize: Authorize,
    private readonly clock: ServerClock,
    private readonly onRefused: (problem: ApiProblem) => void = () => undefined,
  ) {}

  get<T>(path: string, signal?: AbortSignal, headers: Record<string, string> = {}): Promise<T> {
    return this.send<T>('GET', path, { signal: limited(signal), headers });
  }

  /** Asks what takes a body and changes nothing: a read by another method. */
  ask<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
    return this.send<T>('POST', path, { body, signal: limited(signal) });
  }

  /** Sends and reads JSON; an empty answer is undefined. */
  async send<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const response = await this.open(method, path, { Accept: 'application/json' }, options);
    if (response.status === 204) return undefined as T;
    const text = await textOf(response, options.signal);
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new ApiProblem('internal', response.status); // the page of a proxy in between
    }
  }

  /** Reads a page of JSON lines: one document in each. */
  lines<T>(path: string, signal?: AbortSignal): Promise<T[]> {
    return this.allLines(path, limited(signal));
  }

  /** Reads JSON lines for as long as they come: an export may be long. */
  async allLines<T>(path: string, signal?: AbortSignal): Promise<T[]> {
    const response = await this.open('GET', path, { Accept: 'application/jsonl, application/problem+json' }, { signal });
    const text = await textOf(response, signal);
    return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as T);
  }

  /** Opens the event stream; the caller reads the body and ends it by the signal. */
  stream(lastEventId: string | null, signal: AbortSignal): Promise<Response> {
    const resume: Record<string, string> = lastEventId === null ? {} : { 'Last-Event-ID': lastEventId };
    return this.open('GET', '/events', { Accept: 'text/event-stream', ...resume }, { signal });
  }

  private async open(method: string, path: string, accept: Record<string, string>, options: RequestOptions) {
    const headers: Record<string, string> = { ...accept, ...options.headers };
    const authorization = await this.authorize();
    if (authorization !== null) headers['Authorization'] = authorization;
    const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
    if (options.signal) init.signal = options.signal;
    if (options.body instanceof Blob) {
      init.body = options.body; // a file says its own type
    } else if (options.body !== undefined) {
      headers['Content-Type'] = 'application/json';
      init.body = JSON.stringify(options.body);
    }
    const sentAt = Date.now();
    let response: Response;
    try {
      response = await fetch(`/api/v1${path}`, init);
    } catch (error) {
      throw noAnswer(error, options.signal);
    }
    this.clock.observe(response.headers.get('Date'), sentAt, Date.now());
    if (response.ok) return response;
    const problem = await problemOf(response);
    this.onRefused(problem);
    throw problem;
  }
}

/** What ends a read: whoever asked, or the time for it. */
function limited(signal: AbortSignal | undefined): AbortSignal {
  const limit = AbortSignal.timeout(readLimit);
  return signal ? AbortSignal.any([signal, limit]) : limit;
}

async function textOf(response: Response, signal: AbortSignal | undefined): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw noAnswer(error, signal);
  }
}

/** What a request or an answer that broke off ends with: whoever gave it up knows why, to everybody else it is a lost line. */
function noAnswer(error: unknown, signal: AbortSignal | undefined): unknown {
  if (!signal?.aborted) return new ApiProblem('offline', 0);
  const reason: unknown = signal.reason;
  return reason instanceof DOMException && reason.name === 'TimeoutError' ? new ApiProblem('offline', 0, { reason: 'timeout' }) : error;
}
