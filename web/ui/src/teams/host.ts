import { ApiProblem } from '../api/problem';

/** What Teams says of itself. Not authenticated: for looks and links only. */
export interface TeamsContext {
  locale: string | null;
  theme: string;
  subPageId: string | null;
}

/** The little of teams-js that the page needs. */
export interface TeamsSdk {
  start(): Promise<TeamsContext>;
  /** `claims`: what Microsoft wants of the token beyond the usual. */
  token(claims: string | undefined): Promise<string>;
  /** Opens a window at the https address and gives the code that the page there ends with. */
  open(url: string): Promise<string>;
  /** Goes to a place in Teams. */
  goTo(url: string): Promise<void>;
  onTheme(listener: (theme: string) => void): void;
  /** Hears that nobody sees the page any more, and that somebody does again, perhaps led there by another link. */
  onPause(suspend: () => void, resume: (context: TeamsContext) => void): void;
}

export interface TeamsHost {
  context: TeamsContext;
  /** A bearer token for one request; Teams caches, the page must not. */
  authorize(): Promise<string>;
  /** Has the next token asked for with the claims of Microsoft's challenge, once. */
  demand(claims: string | undefined): void;
  /** Signs in in a window of Teams', beginning at this address of the service, and gives its one-time code. */
  signIn(action: string): Promise<string>;
  /** Goes to a place in Teams, such as a chat. */
  openLink(url: string): Promise<void>;
  onTheme(listener: (theme: string) => void): void;
  /** As Services.pauses; what resumes hears with which context. */
  pauses(suspend: () => void, resume: (context: TeamsContext) => void): () => void;
}

interface Pause {
  suspend: () => void;
  resume: (context: TeamsContext) => void;
}

/** teams-js waits 60 s for a host that it does not accept; nobody waits that long for a page. */
export const startLimit = 5_000;
/** teams-js sets no limit for a token at all. A person may be reading a consent window. */
const tokenLimit = 60_000;

/** Where a window that Teams opened ends. */
export const windowPath = '/window';

/** Only a framed page can be a tab in Teams. */
export function framed(): boolean {
  return window.parent !== window;
}

/** The Teams host, as soon as there is one; null when nobody in the frame above speaks its language. */
export interface Meeting {
  /** Known within startLimit: nobody waits longer without being told. */
  inTime: Promise<TeamsHost | null>;
  /** Known when Teams answers, however late, or is refused by teams-js. */
  ever: Promise<TeamsHost | null>;
}

export function connectHost(load: () => Promise<TeamsSdk>): Meeting {
  const ever = meet(load);
  return { inTime: within(ever, startLimit).catch(() => null), ever };
}

async function meet(load: () => Promise<TeamsSdk>): Promise<TeamsHost | null> {
  try {
    const sdk = await load();
    const context = await sdk.start();
    let wanted: string | undefined;
    const pauses = new Set<Pause>();
    sdk.onPause(
      () => pauses.forEach(({ suspend }) => suspend()),
      (now) => pauses.forEach(({ resume }) => resume(now)),
    );
    return {
      context,
      authorize: async () => {
        const claims = wanted;
        wanted = undefined; // a host that cannot do it is not asked for ever
        return `Bearer ${await orSay(within(sdk.token(claims), tokenLimit))}`;
      },
      demand: (claims) => (wanted = claims ?? wanted),
      signIn: (action) => orSay(sdk.open(windowAddress(action))),
      openLink: (url) => orSay(within(sdk.goTo(url), startLimit), 'teams-link'),
      onTheme: (listener) => sdk.onTheme(listener),
      pauses: (suspend, resume) => {
        const pause = { suspend, resume };
        pauses.add(pause);
        return () => pauses.delete(pause);
      },
    };
  } catch {
    return null;
  }
}

/** The service's address, leading on to the page that hands the sign-in over to this tab. */
function windowAddress(action: string): string {
  const url = new URL(action, location.origin);
  url.searchParams.set('return', windowPath);
  return url.href;
}

/** Says what Teams said where it gave nothing. */
async function orSay<T>(asked: Promise<T>, slug = 'teams-sign-in'): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ApiProblem(slug, 0, { reason });
  }
}

export async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), milliseconds);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
