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
  token(): Promise<string>;
  onTheme(listener: (theme: string) => void): void;
}

export interface TeamsHost {
  context: TeamsContext;
  /** A bearer token for one request; Teams caches, the page must not. */
  authorize(): Promise<string>;
  onTheme(listener: (theme: string) => void): void;
}

/** teams-js waits 60 s for a host that it does not accept; nobody waits that long for a page. */
const startLimit = 5_000;
/** teams-js sets no limit for a token at all. A person may be reading a consent window. */
const tokenLimit = 60_000;

/** Only a framed page can be a tab in Teams. */
export function framed(): boolean {
  return window.parent !== window;
}

/** Meets the Teams host, or answers null when nobody in the frame above speaks its language in time. */
export async function connectHost(load: () => Promise<TeamsSdk>): Promise<TeamsHost | null> {
  try {
    const sdk = await load();
    const context = await within(sdk.start(), startLimit);
    return {
      context,
      authorize: async () => `Bearer ${await tokenOf(sdk)}`,
      onTheme: (listener) => sdk.onTheme(listener),
    };
  } catch {
    return null;
  }
}

async function tokenOf(sdk: TeamsSdk): Promise<string> {
  try {
    return await within(sdk.token(), tokenLimit);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ApiProblem('teams-sign-in', 0, { reason });
  }
}

async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
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
