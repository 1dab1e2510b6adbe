import { vi } from 'vitest';
import type { Expert, Interaction, Problem, Session, Target } from '../api/types';
import { session } from './fixtures';

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
  headers: Headers;
}

/** `text` is for answers that are no JSON. */
type Answer = { status?: number; json?: unknown; text?: string };
type Handler = (asked: Asked) => Answer | Promise<Answer>;

/**
 * A service that keeps state and speaks the contract over a replaced `fetch`.
 * A test may put its own handler before the common ones with `on`.
 */
export class FakeService {
  session: Session | Problem = session();
  interactions: Interaction[] = [];
  experts: Expert[] = [];
  favourites: string[] = [];
  recents: string[] = [];
  targets: Record<string, Target[]> = {};
  readonly asked: Asked[] = [];
  private readonly own = new Map<string, Handler>();
  private readonly streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  /** What was said while nobody listened. */
  private missed: Uint8Array[] = [];
  private eventId = 0;

  constructor() {
    vi.stubGlobal('fetch', (path: string, init: RequestInit) => this.fetch(path, init));
  }

  /** Answers this request, "POST /interactions/i1/hold", from now on. */
  on(request: string, handler: Handler): void {
    this.own.set(request, handler);
  }

  /** Every request of this kind so far. */
  requests(request: string): Asked[] {
    return this.asked.filter((asked) => `${asked.method} ${asked.path}` === request);
  }

  /** Whether the page listens to events. */
  get listening(): boolean {
    return this.streams.size > 0;
  }

  /** Sends an event to every open stream, or to the next one that begins: a stream that comes late misses nothing. */
  emit(event: string, data: unknown): void {
    this.eventId += 1;
    const text = new TextEncoder().encode(`id: ${this.eventId}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    if (!this.listening) this.missed.push(text);
    for (const stream of this.streams) stream.enqueue(text);
  }

  /** Changes an interaction and tells the streams, as the engine would. */
  put(interaction: Interaction): void {
    this.interactions = [interaction, ...this.interactions.filter(({ id }) => id !== interaction.id)];
    this.emit('interaction', interaction);
  }

  /** Ends every stream and lets no new one begin until `connect`. */
  disconnect(): void {
    this.on('GET /events', () => Promise.reject(new TypeError('no network')));
    for (const stream of this.streams) stream.close();
    this.streams.clear();
  }

  connect(): void {
    this.own.delete('GET /events');
  }

  private async fetch(address: string, init: RequestInit): Promise<Response> {
    const url = new URL(address, 'http://service.test');
    const path = url.pathname.replace('/api/v1', '');
    const asked: Asked = {
      method: init.method ?? 'GET',
      path,
      query: url.searchParams,
      body: await read(init.body),
      headers: new Headers(init.headers),
    };
    this.asked.push(asked);
    const own = this.own.get(`${asked.method} ${path}`);
    if (own) return respond(await own(asked));
    if (path === '/events') return this.stream(init.signal);
    return respond(this.common(asked));
  }

  private common({ method, path, query }: Asked): Answer {
    const q = query.get('q')?.toLowerCase() ?? '';
    if (path === '/session') return 'type' in this.session ? { status: this.session.status, json: this.session } : { json: this.session };
    if (path === '/sign-in') return { json: { providers: [{ id: 'entra', name: 'Microsoft' }, { id: 'contact-centre', name: 'Contact centre' }] } };
    if (path === '/interactions') return { json: { interactions: this.interactions } };
    if (path === '/experts') {
      const experts = this.experts.filter(({ name }) => name.toLowerCase().includes(q));
      return { json: { experts, next: null, total: experts.length, checked: null, directory: { syncedAt: null, ageSeconds: null, source: 'index' } } };
    }
    const kept = (ids: string[]) => ids.flatMap((id) => this.experts.filter((expert) => expert.id === id));
    if (path === '/experts/favourites') {
      return { json: { experts: kept(this.favourites), unlisted: this.favourites.filter((id) => kept([id]).length === 0) } };
    }
    if (path === '/experts/recent') return { json: { experts: kept(this.recents) } };
    if (path.startsWith('/experts/') && path.endsWith('/chat')) {
      return { json: { url: `https://teams.microsoft.com/l/chat/0/0?users=${path.split('/')[2]}%40example.com` } };
    }
    if (path.startsWith('/experts/favourites/')) {
      const id = path.slice('/experts/favourites/'.length);
      this.favourites = [...this.favourites.filter((other) => other !== id), ...(method === 'PUT' ? [id] : [])];
      return { status: 204 };
    }
    if (path.startsWith('/targets/')) {
      const targets = (this.targets[path.slice('/targets/'.length)] ?? []).filter(({ name }) => name.toLowerCase().includes(q));
      return { json: { targets, observedAt: '2026-11-22T08:00:00.000Z' } };
    }
    if (method === 'PUT' && path.endsWith('/watch')) return { status: 204 };
    return { status: 404, json: { type: '/problems/not-found', status: 404 } };
  }

  private stream(signal: AbortSignal | null | undefined): Response {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.streams.add(controller);
        controller.enqueue(new TextEncoder().encode('event: hello\ndata: {"stream":"s1"}\n\n'));
        for (const text of this.missed) controller.enqueue(text);
        this.missed = [];
        signal?.addEventListener('abort', () => {
          if (this.streams.delete(controller)) controller.close();
        });
      },
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }
}

/** JSON as what it says, a file as its text; jsdom's files have no `text()`. */
async function read(body: BodyInit | null | undefined): Promise<unknown> {
  if (!(body instanceof Blob)) return body ? JSON.parse(body as string) : undefined;
  const reader = new FileReader();
  const done = new Promise((resolve) => reader.addEventListener('load', resolve));
  reader.readAsText(body);
  await done;
  return reader.result;
}

function respond({ status = 200, json, text }: Answer): Response {
  return new Response(status === 204 ? null : (text ?? JSON.stringify(json)), { status });
}

export function problem(slug: string, status: number, more: Partial<Problem> = {}): Answer {
  return { status, json: { type: `/problems/${slug}`, status, ...more } };
}
