import type { Browser } from '@playwright/test';
import { Demo, type User } from '../demo';
import { Desktop } from '../desktop';
import { expect, test as base } from '../test';
import { app, TeamsChromium, type Frame } from './chromium';
import { TeamsHost, type Looks } from './host';

interface Opening extends Partial<Looks> {
  user?: User;
  frame?: Frame;
  /** Plays with the host before the tab begins. */
  prepare?: (host: TeamsHost) => unknown;
}

export interface Tab {
  host: TeamsHost;
  /** What is in the frame. */
  desktop: Desktop;
}

interface Fixtures {
  /** Flags of the demo beyond the usual. */
  flags: readonly string[];
  /** One in which nothing is open yet; the product's name leads to this test's demo. */
  teamsBrowser: Browser;
  /** Opens the product as a tab of Teams. */
  openTab: (opening?: Opening) => Promise<Tab>;
  /** The tab of the first agent. */
  tab: Tab;
  /** Opens the product in a window of its own and signs this person in. */
  openBrowser: (user: User) => Promise<Desktop>;
}

/** What the browser says when the page's policy keeps teams-js from fetching Microsoft's list of hosts; it has its own. */
const listOfHosts = /validDomains\.json|res\.cdn\.office\.net/;

export const test = base.extend<Fixtures, { teamsChromium: TeamsChromium }>({
  teamsChromium: [
    async ({ launchOptions }, provide) => {
      const chromium = await TeamsChromium.launch(launchOptions);
      await provide(chromium);
      await chromium.close();
    },
    { scope: 'worker' },
  ],
  flags: [[], { option: true }],
  demo: async ({ data, flags, teamsChromium }, provide) => {
    await teamsChromium.prepare(data);
    const demo = await Demo.start(data, 400, { url: app, flags });
    await provide(demo);
    await demo.stop();
  },
  teamsBrowser: async ({ demo, teamsChromium }, provide) => {
    teamsChromium.leadTo(demo);
    await provide(teamsChromium.browser);
    await teamsChromium.clear();
  },
  openTab: async ({ teamsBrowser, contextOptions, locale, viewport, texts, demo, guard, agent }, provide) => {
    guard.allow(listOfHosts);
    const hosts: TeamsHost[] = [];
    await provide(async ({ user = agent, frame = 'teams.microsoft.com', prepare = () => undefined, ...looks } = {}) => {
      const context = await teamsBrowser.newContext({ ...contextOptions, viewport });
      const page = await context.newPage();
      context.on('page', (opened) => void guard.watch(opened));
      await guard.watch(page);
      const host = new TeamsHost(page, demo, user, { locale: (locale ?? 'en-GB').toLowerCase(), theme: 'default', subEntityId: '', ...looks }, `${app}/`);
      hosts.push(host);
      await prepare(host);
      await host.listen();
      await page.goto(`https://${frame}/`);
      return { host, desktop: new Desktop(page, texts, page.frameLocator('#tab')) };
    });
    hosts.forEach((host) => host.end());
    expect(hosts.flatMap(({ wrong }) => wrong), 'what Teams refused').toEqual([]);
  },
  tab: async ({ openTab }, provide) => provide(await openTab()),
  openBrowser: async ({ teamsBrowser, contextOptions, locale, viewport, texts, guard }, provide) => {
    await provide(async (user) => {
      const context = await teamsBrowser.newContext({ ...contextOptions, locale, viewport });
      const page = await context.newPage();
      await guard.watch(page);
      await page.goto(app);
      const desktop = new Desktop(page, texts);
      await desktop.signIn(user);
      return desktop;
    });
  },
});

export { app, expect };
