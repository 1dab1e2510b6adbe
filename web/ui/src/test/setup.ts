import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

configure({
  // Waiting ends as soon as the page is right; this is only for what hangs. A shared machine has stood still for a minute and more.
  asyncUtilTimeout: 120_000,
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

// A list shows the rows that are in sight, so there has to be something to see.
Object.defineProperty(HTMLElement.prototype, 'clientHeight', { get: () => 400 });
Object.defineProperty(HTMLElement.prototype, 'offsetHeight', { get: () => 50 });

// What Fluent's dialogs ask before they give the keyboard to their first control: whether it is on screen. A dialog
// that keeps the keyboard for itself is hidden from assistive technology a quarter of a second later, and from tests.
Object.defineProperty(HTMLElement.prototype, 'offsetParent', {
  get(this: HTMLElement) {
    return this.parentElement;
  },
});
document.body.getBoundingClientRect = () => new DOMRect(0, 0, 1024, 768);

// No test looks at styles, and jsdom takes them all into account for every
// question about a role: most of the time of a test would go there.
CSSStyleSheet.prototype.insertRule = () => 0;

afterEach(() => {
  cleanup();
  sessionStorage.clear();
  localStorage.clear();
  location.hash = '';
});
