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
  onTheme(listener: (theme: string) => void): void;
}

export interface TeamsHost {
  context: TeamsContext;
  /** A bearer token for one request; Teams caches, the page must not. */
  authorize(): Promise<string>;
  /** Has the next token asked for with the claims of Microsoft's challenge, once. */
  demand(claims: string | undefined): void;
  /** Signs in in a window of Teams', beginning at this address of the service, and gives its one-time code. */
  signIn(action: string): Promise<string>;
  onTheme(listener: (theme: string) => void): void;
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

/** Meets the Teams host, or answers null when nobody in the frame above speaks its language in time. */
export async function connectHost(load: () => Promise<TeamsSdk>): Promise<TeamsHost | null> {
  try {
    const sdk = await load();
    const context = await within(sdk.start(), startLimit);
    let wanted: string | undefined;
    return {
      context,
      authorize: async () => {
        const claims = wanted;
        wanted = undefined; // a host that cannot do it is not asked for ever
        return `Bearer ${await orSay(within(sdk.token(claims), tokenLimit))}`;
      },
      demand: (claims) => (wanted = claims ?? wanted),
      signIn: (action) => orSay(sdk.open(windowAddress(action))),
      onTheme: (listener) => sdk.onTheme(listener),
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
async function orSay(asked: Promise<string>): Promise<string> {
  try {
    return await asked;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ApiProblem('teams-sign-in', 0, { reason });
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
