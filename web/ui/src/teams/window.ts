import type { ApiClient } from '../api/client';
import { startLimit, within } from './host';

/**
 * In a window that Teams opened for a tab, after the sign-in: gives the tab a
 * one-time code for it. Anybody who comes here otherwise goes to the desktop.
 */
export async function handOver(api: ApiClient): Promise<void> {
  try {
    const { finish } = await import('./sdk');
    const code = async () => (await api.send<{ code: string }>('POST', '/session/hand-over')).code;
    await finish(code, (start) => within(start, startLimit));
  } catch {
    location.replace('/');
  }
}
