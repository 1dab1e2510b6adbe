import type { ApiClient } from '../api/client';
import { startLimit, within } from './host';

/** How a sign-in in a window ended: with a one-time code for the tab, or why there is none. */
export type Ending = { code: string } | { refused: 'cancelled' | 'rejected' };

/**
 * In a window that Teams opened for a tab, after the sign-in: tells the tab how
 * it ended. Anybody who comes here otherwise goes to the desktop.
 */
export async function handOver(api: ApiClient): Promise<void> {
  try {
    const { finish } = await import('./sdk');
    // Whoever was opened by somebody is waited for as long as teams-js does: the line may be slow.
    await finish(() => endingOf(api), (start) => (window.opener === null ? within(start, startLimit) : start));
  } catch {
    location.replace('/');
  }
}

async function endingOf(api: ApiClient): Promise<Ending> {
  const refused = new URLSearchParams(location.search).get('refused');
  if (refused !== null) return { refused: refused === 'cancelled' ? refused : 'rejected' };
  try {
    return await api.send<{ code: string }>('POST', '/session/hand-over');
  } catch {
    return { refused: 'rejected' };
  }
}
