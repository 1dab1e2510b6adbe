import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

configure({
  // Waiting ends as soon as the page is right; this is only for slow machines.
  asyncUtilTimeout: 10_000,
  // The message alone: a dump of the whole page buries it.
  getElementError: (message) => Object.assign(new Error(message ?? ''), { name: 'TestingLibraryElementError' }),
});

// What jsdom lacks and Fluent asks for; it has no layout, so nothing to report.
class NoResize {
  observe() {}
  unobserve() {}
  disconnect() {}
}
globalThis.ResizeObserver ??= NoResize;
window.matchMedia ??= (query: string) =>
  ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;

afterEach(() => {
  cleanup();
  sessionStorage.clear();
  localStorage.clear();
  location.hash = '';
});
