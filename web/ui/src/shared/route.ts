import { useSyncExternalStore } from 'react';

export type Route = { page: 'desktop'; interaction: string | null } | { page: 'admin' };

/** Where the address's hash points: #/admin, #/call/<id>, everything else the desktop. */
export function routeOf(hash: string): Route {
  const [page, id] = hash.replace(/^#\/?/, '').split('/');
  if (page === 'admin') return { page: 'admin' };
  return { page: 'desktop', interaction: page === 'call' && id ? decodeURIComponent(id) : null };
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
