import { test as base, expect, type BrowserContext } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { de } from '../../src/i18n/de';
import { en } from '../../src/i18n/en';
import type { Messages } from '../../src/i18n/messages';
import { Demo, type User } from './demo';
import { Desktop } from './desktop';
import { Guard } from './guard';
import { signIn } from './signIn';

export interface Options {
  language: 'de' | 'en';
}

interface Fixtures {
  /** The page's texts in the language of this run. */
  texts: Messages;
  /** A folder of this test alone, in which the demo keeps its state. */
  data: string;
  demo: Demo;
  guard: Guard;
  /** Opens the page in a browser of its own, where this person, if any, has signed in at Microsoft. */
  visit: (user?: User) => Promise<Desktop>;
  /** The same, once the page shows what is theirs. */
  open: (user: User) => Promise<Desktop>;
  /** The first agent. */
  agent: User;
  /** The page of the first agent, signed in. */
  desktop: Desktop;
}

export const test = base.extend<Options & Fixtures>({
  language: ['en', { option: true }],
  texts: async ({ language }, provide) => provide(language === 'de' ? de : en),
  // Playwright reads from the pattern which fixtures a fixture needs.
  // eslint-disable-next-line no-empty-pattern
  data: async ({}, provide) => {
    const folder = await mkdtemp(join(tmpdir(), 'teamsbridge-data-'));
    await provide(folder);
    await rm(folder, { recursive: true, force: true });
  },
  demo: async ({ data }, provide) => {
    const demo = await Demo.start(data);
    await provide(demo);
    await demo.stop();
  },
  // eslint-disable-next-line no-empty-pattern
  guard: async ({}, provide) => {
    const guard = new Guard();
    await provide(guard);
    expect(guard.problems, 'errors of the page').toEqual([]);
  },
  visit: async ({ browser, contextOptions, locale, viewport, texts, demo, guard }, provide) => {
    const contexts: BrowserContext[] = [];
    await provide(async (user) => {
      const context = await browser.newContext({ ...contextOptions, locale, viewport, permissions: ['clipboard-read', 'clipboard-write'] });
      contexts.push(context);
      const page = await context.newPage();
      await guard.watch(page);
      if (user) await signIn(context.request, demo.page, user);
      await page.goto(demo.page);
      return new Desktop(page, texts);
    });
    for (const context of contexts) await context.close();
  },
  open: async ({ visit }, provide) => {
    await provide(async (user) => {
      const desktop = await visit(user);
      await desktop.isOpen();
      return desktop;
    });
  },
  agent: async ({ demo }, provide) => provide(demo.user('Agent')),
  desktop: async ({ open, agent }, provide) => provide(await open(agent)),
});

export { expect };
