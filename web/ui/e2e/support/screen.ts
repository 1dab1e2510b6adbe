import { expect, type Frame, type Page } from '@playwright/test';
import axe, { type RunOnly } from 'axe-core';
import { fileURLToPath } from 'node:url';
import { de } from '../../src/i18n/de';
import { en } from '../../src/i18n/en';
import { inspectZoomed, nothingClipped, nothingTooWide } from './zoom';

/** Level A and AA of WCAG, up to 2.2. */
export const wcag = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] } satisfies RunOnly;

/** And what the makers of axe hold to be good besides. */
const everything: RunOnly = { ...wcag, values: [...wcag.values, 'best-practice'] };

/** Of these, the rules that look at colours: a theme changes nothing else of a page. */
export const colours: RunOnly = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** How every screen is looked at, the last one being how it is shown. */
const themes = {
  contrast: { media: { colorScheme: 'dark', forcedColors: 'active' }, rules: colours },
  dark: { media: { colorScheme: 'dark', forcedColors: 'none' }, rules: colours },
  light: { media: { colorScheme: 'light', forcedColors: 'none' }, rules: everything },
} as const;

/** A window of 1280 pixels at 400 % zoom (WCAG 1.4.10). */
const narrow = { width: 320, height: 640 };

const pictures = process.env['PICTURES'] === 'yes';

/**
 * Holds what is on screen against WCAG in every theme, in a narrow window and
 * against the other language; keeps pictures of it for people to look at when
 * asked to, because a tool misses what eyes see.
 */
export async function inspect(page: Page, name: string, language: 'de' | 'en'): Promise<void> {
  const picture = async (look: string) => {
    if (!pictures) return;
    const path = fileURLToPath(new URL(`../../screenshots/${name}.${language}.${look}.png`, import.meta.url));
    // A dialog belongs to the window, not to the page below it.
    const fullPage = (await page.getByRole('dialog').count()) === 0;
    await page.screenshot({ path, caret: 'hide', fullPage });
  };
  expect(await foreignWords(page, language), `${name}: words of the other language`).toEqual([]);
  const wide = page.viewportSize();
  for (const [theme, { media, rules }] of Object.entries(themes)) {
    await page.emulateMedia(media);
    await obeys(page, `${name}, ${theme}`, media.colorScheme, rules);
    await picture(theme);
  }
  if (wide === null) return;
  await page.setViewportSize(narrow);
  await nothingTooWide(page, `${name}, narrow`, narrow.width);
  if (language === 'de') await picture('narrow'); // the longer words
  await page.setViewportSize(wide);
  await nothingClipped(page, name);
  await inspectZoomed(page, name);
}

/** Holds what is shown against rules of axe, as soon as it has the colours of this scheme. */
export async function obeys(shown: Page | Frame, name: string, scheme: string, rules: RunOnly): Promise<void> {
  await settle(shown, scheme);
  // A button that is just being enabled has neither its old colours nor its new ones.
  await expect.poll(() => violations(shown, rules), { message: `${name}: accessibility` }).toEqual([]);
}

/** Waits until the theme is there and nothing moves that ever ends. */
async function settle(shown: Page | Frame, scheme: string): Promise<void> {
  await shown.waitForFunction(
    (wanted) =>
      document.documentElement.style.colorScheme === wanted &&
      document.getAnimations().every(({ playState, effect }) => playState !== 'running' || effect?.getComputedTiming().iterations === Infinity),
    scheme,
  );
}

/** What axe finds, in a line each. */
async function violations(shown: Page | Frame, rules: RunOnly): Promise<string[]> {
  if (!(await shown.evaluate(() => 'axe' in window))) await shown.evaluate(axe.source);
  return shown.evaluate(async (runOnly) => {
    // Fluent's guards at both ends of the page hand the focus on at once.
    const context = { exclude: [['[data-tabster-dummy]']] };
    const { violations: found } = await window.axe.run(context, { runOnly, resultTypes: ['violations'] });
    return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary ?? ''}`));
  }, rules);
}

declare global {
  interface Window {
    axe: typeof axe;
  }
}

/** Texts on the page that belong to the other language alone. */
async function foreignWords(page: Page, language: 'de' | 'en'): Promise<string[]> {
  const own = new Set(sentences(language === 'de' ? de : en));
  const foreign = sentences(language === 'de' ? en : de).filter((text) => text.length > 3 && !own.has(text));
  const shown = await page.evaluate(() => {
    const texts: string[] = [];
    // The names of languages are in their own language, and so is the switch.
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Element) {
        for (const name of ['aria-label', 'title', 'placeholder', 'alt']) texts.push(node.getAttribute(name) ?? '');
      } else texts.push(node.textContent ?? '');
    }
    return texts.map((text) => text.trim());
  });
  return shown.filter((text) => foreign.includes(text));
}

/** Every text of a language that has no values to fill in. */
function sentences(texts: object): string[] {
  return Object.values(texts).flatMap((value: unknown) => {
    if (typeof value === 'string') return value.includes('{{') ? [] : [value];
    return typeof value === 'object' && value !== null ? sentences(value) : [];
  });
}
