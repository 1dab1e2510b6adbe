import { expect, type Page } from '@playwright/test';

/** A window of 1280 by 1024 pixels at 400 % zoom (WCAG 1.4.10): as narrow, and as low, as it gets. */
const zoomed = { width: 320, height: 256 };

/** WCAG 2.5.8. */
const leastTarget = 24;

/**
 * Holds what is on screen against what zoom and a keyboard ask of it: nothing
 * runs over the edge or is cut off, targets are large enough, and whatever has
 * the keyboard can be seen.
 */
export async function inspectZoomed(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize(zoomed);
  await nothingTooWide(page, `${name}, 400 %`, zoomed.width);
  await nothingClipped(page, `${name}, 400 %`);
  expect.soft(await smallTargets(page), `${name}, 400 %: targets that are too small`).toEqual([]);
  // Rows that have just become narrower grow, and so do those whose presence has just come: they push away what lies below.
  await expect.poll(() => hiddenFocus(page), { message: `${name}, 400 %: focus that cannot be seen` }).toEqual([]);
  if (before) await page.setViewportSize(before);
}

/** Nothing runs over the edge of a window of this width. */
export async function nothingTooWide(page: Page, name: string, width: number): Promise<void> {
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth), { message: `${name}: width` }).toBeLessThanOrEqual(width);
}

/** No text is cut off; a window that has just changed its size may need a moment. */
export async function nothingClipped(page: Page, name: string): Promise<void> {
  await expect.poll(() => clippedTexts(page), { message: `${name}: texts that are cut off` }).toEqual([]);
}

/** Texts wider than what shows them, where the rest is cut off rather than wrapped or scrolled to. */
async function clippedTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      if (element.scrollWidth <= element.clientWidth + 1 || element.clientWidth < 2) continue;
      const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
      const style = getComputedStyle(element);
      const cut = style.overflowX === 'hidden' || style.overflowX === 'clip';
      if (own && cut && style.clipPath === 'none') found.push(`${element.tagName} ${element.textContent?.trim() ?? ''}`);
      if (element.matches('button, [role=tab]')) found.push(`${element.tagName} ${element.textContent?.trim() ?? ''}: runs over its edge`);
    }
    return found;
  });
}

/** Whatever is pressed and smaller than it should be; links within a sentence may be as high as its line. */
async function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    const pressed = document.querySelectorAll<HTMLElement>('button, select, summary, a[href], input, textarea, [role=tab], [role=option]');
    return [...pressed].flatMap((element) => {
      const { width, height } = element.getBoundingClientRect();
      if (width < 2 || element.closest('[aria-hidden=true], [inert]') || element.matches('p a, li a, input[type=file]')) return [];
      // A field is pressed anywhere on what draws its border.
      const box = element.matches('input, textarea') ? element.parentElement?.getBoundingClientRect() : null;
      const size = [Math.max(width, box?.width ?? 0), Math.max(height, box?.height ?? 0)].map(Math.round);
      return Math.min(...size) < least ? [`${element.outerHTML.slice(0, 120)}: ${size.join(' by ')}`] : [];
    });
  }, leastTarget);
}

/** Whatever takes the keyboard and then lies below something else or outside of the window (WCAG 2.4.11). */
async function hiddenFocus(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const seen = (stop: HTMLElement) => {
      const { left, right, top, bottom } = stop.getBoundingClientRect();
      const parts = [0.1, 0.5, 0.9];
      return parts.some((x) =>
        parts.some((y) => {
          const there = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
          return there !== null && (stop.contains(there) || there.contains(stop));
        }),
      );
    };
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const scope = document.querySelector('[role=dialog], [role=alertdialog]') ?? document;
    const stops = scope.querySelectorAll<HTMLElement>('button, select, a[href], input:not([type=file]), textarea, [tabindex="0"]');
    const start = document.activeElement;
    const found: string[] = [];
    for (const stop of stops) {
      if (stop.tabIndex < 0 || stop.matches('[data-tabster-dummy], :disabled, [role=tab][aria-selected=false]') || stop.getClientRects().length === 0) continue;
      stop.focus();
      if (document.activeElement !== stop) continue; // a group that hands the focus on
      // Looks change within a few frames, even where they change at once.
      for (let frames = 0; frames < 20 && !seen(stop); frames += 1) await frame();
      // What the page made anew meanwhile is no longer there to be seen.
      if (stop.isConnected && document.activeElement === stop && !seen(stop)) found.push(`${stop.tagName} ${stop.ariaLabel ?? ''} ${stop.textContent.trim()}: ${stop.outerHTML.slice(0, 120)}`);
    }
    if (start instanceof HTMLElement) start.focus();
    return found;
  });
}
