import { useSyncExternalStore } from 'react';

export type Route =
  | { page: 'desktop'; interaction: string | null }
  /** The live calls of the organisation; `interaction` is the one that is looked at. */
  | { page: 'supervisor'; interaction: string | null }
  /** `section` is one of the administration's pages, `rest` what it shows there. */
  | { page: 'admin'; section: string | null; rest: readonly string[] };

/** Where the address's hash points: #/admin/<section>/…, #/supervisor/<id>, #/call/<id>, everything else the desktop. */
export function routeOf(hash: string): Route {
  const [page, ...parts] = hash.replace(/^#\/?/, '').split('/').map(decoded);
  const [first, ...rest] = parts;
  if (page === 'admin') return { page: 'admin', section: first || null, rest };
  if (page === 'supervisor') return { page: 'supervisor', interaction: first || null };
  return { page: 'desktop', interaction: page === 'call' ? first || null : null };
}

/** A part of an address; one that somebody has cut in two stays as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The hash that leads to a call. */
export function callAddress(interaction: string): string {
  return `#/call/${encodeURIComponent(interaction)}`;
}

export function useRoute(): Route {
  return routeOf(useSyncExternalStore(listen, () => location.hash));
}

function listen(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}
