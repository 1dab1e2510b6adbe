import { ApiProblem, problemOf } from './problem';
import type { ServerClock } from './clock';

/** Gives the value of the Authorization header for one request, or null where the browser's cookie speaks. */
export type Authorize = () => Promise<string | null>;

export interface RequestOptions {
  body?: unknown;
  signal?: AbortSignal | undefined;
  headers?: Record<string, string>;
}

/** The service's HTTP interface: paths below /api/v1, JSON, problems as ApiProblem. */
export class ApiClient {
  constructor(
    private readonly authorize: Authorize,
    private readonly clock: ServerClock,
    private readonly onRefused: (problem: ApiProblem) => void = () => undefined,
  ) {}

  get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.send<T>('GET', path, { signal });
  }

  /** Sends and reads JSON; an empty answer is undefined. */
  async send<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const response = await this.open(method, path, { Accept: 'application/json' }, options);
    if (response.status === 204) return undefined as T;
    return (await response.json()) as T;
  }

  /** Reads JSON lines: one document in each. */
  async lines<T>(path: string, signal?: AbortSignal): Promise<T[]> {
    const response = await this.open('GET', path, { Accept: 'application/jsonl, application/problem+json' }, { signal });
    const text = await response.text();
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
      if (options.signal?.aborted) throw error;
      throw new ApiProblem('offline', 0);
    }
    this.clock.observe(response.headers.get('Date'), sentAt, Date.now());
    if (response.ok) return response;
    const problem = await problemOf(response);
    this.onRefused(problem);
    throw problem;
  }
}
