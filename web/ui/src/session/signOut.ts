import { dropDrafts } from '../shared/drafts';

/** Ends the session here and, where the provider has such a page, there too. Who goes on purpose leaves nothing behind. */
export async function signOut(): Promise<void> {
  dropDrafts();
  const response = await fetch('/auth/logout', { method: 'POST', credentials: 'same-origin' });
  const text = response.ok && response.status !== 204 ? await response.text() : '';
  const url = text === '' ? null : (JSON.parse(text) as { url?: string | null }).url;
  location.assign(url ?? '/');
}
