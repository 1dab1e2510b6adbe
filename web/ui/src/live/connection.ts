import { ApiProblem } from '../api/problem';
import { StreamParser, type StreamEvent } from '../api/sse';

export type ConnectionState =
  | { name: 'connecting' }
  | { name: 'open' }
  /** `since`: milliseconds by the options' clock. */
  | { name: 'lost'; since: number; problem: ApiProblem | null };

export interface ConnectionOptions {
  open(lastEventId: string | null, signal: AbortSignal): Promise<Response>;
  onEvent(event: StreamEvent): void;
  onState(state: ConnectionState): void;
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds before each further attempt; the last one repeats. */
  backoff?: readonly number[];
}

/** The server sends a comment every 15 s; without anything for this long the stream is dead. */
const silenceLimit = 40_000;
/** A stream that comes back at once is not worth a banner. */
const grace = 1_000;
const defaultBackoff = [200, 500, 1_000, 2_000, 5_000, 10_000] as const;

/**
 * Keeps one event stream open and resumes it after the last event that was
 * seen, until it is closed; started again, it goes on from there. What was
 * missed for too long is the server's to say, by a `resync` event.
 */
export class Connection {
  private stop = new AbortController();
  private lastEventId: string | null = null;
  private attempt = 0;
  private lostSince: number | null = null;
  private graceTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: ConnectionOptions) {}

  start(): void {
    this.close(); // one stream at a time
    this.stop = new AbortController();
    this.attempt = 0;
    this.lostSince = null;
    this.options.onState({ name: 'connecting' });
    void this.run(this.stop.signal);
  }

  close(): void {
    this.stop.abort();
    clearTimeout(this.graceTimer);
  }

  private async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const problem = await this.readOnce(stop);
      if (stop.aborted) return;
      this.lose(problem);
      await this.pause(stop);
    }
  }

  /** Reads one stream to its end and says why it ended, null for a plain end. */
  private async readOnce(stop: AbortSignal): Promise<ApiProblem | null> {
    const once = new AbortController();
    const signal = AbortSignal.any([stop, once.signal]);
    let silence: ReturnType<typeof setTimeout> | undefined;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => once.abort(), silenceLimit);
    };
    try {
      heard();
      const response = await this.options.open(this.lastEventId, signal);
      if (response.body === null) return null;
      this.opened();
      const parser = new StreamParser();
      const decoder = new TextDecoder();
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return null;
        heard();
        for (const event of parser.push(decoder.decode(value, { stream: true }))) {
          if (event.id !== null) this.lastEventId = event.id;
          this.options.onEvent(event);
        }
      }
    } catch (error) {
      return error instanceof ApiProblem ? error : null;
    } finally {
      clearTimeout(silence);
    }
  }

  private opened(): void {
    this.attempt = 0;
    this.lostSince = null;
    clearTimeout(this.graceTimer);
    this.graceTimer = undefined;
    this.options.onState({ name: 'open' });
  }

  private lose(problem: ApiProblem | null): void {
    const since = (this.lostSince ??= this.options.now());
    const report = () => this.options.onState({ name: 'lost', since, problem });
    clearTimeout(this.graceTimer);
    const left = since + grace - this.options.now();
    if (left <= 0) report();
    else this.graceTimer = setTimeout(report, left);
  }

  private pause(stop: AbortSignal): Promise<void> {
    const backoff = this.options.backoff ?? defaultBackoff;
    const wait = backoff[Math.min(this.attempt, backoff.length - 1)] ?? 0;
    this.attempt += 1;
    // Half fixed, half random: agents of a restarted server do not come all at once.
    const jittered = wait / 2 + (Math.random() * wait) / 2;
    return new Promise((resolve) => {
      const timer = setTimeout(done, jittered);
      function done() {
        clearTimeout(timer);
        stop.removeEventListener('abort', done);
        resolve();
      }
      stop.addEventListener('abort', done);
    });
  }
}
