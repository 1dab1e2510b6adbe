import { fileURLToPath } from 'node:url';
import { colours, obeys, wcag } from './support/screen';
import { beSilent } from './support/teams/host';
import { app, expect, test, type Tab } from './support/teams/test';

// The screens as they look inside Teams, in its three themes: Teams chooses
// them, not the system. `npm run screenshots` keeps pictures.

const themes = {
  default: { scheme: 'light', rules: wcag },
  dark: { scheme: 'dark', rules: colours },
  contrast: { scheme: 'dark', rules: colours },
} as const;
const pictures = process.env['PICTURES'] === 'yes';

/** Holds what is in the frame against WCAG 2.2 AA, its colours in every theme of Teams. */
async function inspect({ host }: Tab, name: string, language: 'de' | 'en'): Promise<void> {
  const frame = host.page.frames().find((one) => one.url().startsWith(app));
  if (!frame) throw new Error('the tab is not in its frame');
  for (const [theme, { scheme, rules }] of Object.entries(themes)) {
    await host.theme(theme as keyof typeof themes);
    await obeys(frame, `${name}, ${theme}`, scheme, rules);
    if (pictures) await host.page.screenshot({ path: fileURLToPath(new URL(`../screenshots/teams-${name}.${language}.${theme}.png`, import.meta.url)), caret: 'hide' });
  }
}

test('screens inside Teams: a call, a consult request and a consult', async ({ tab, demo, agent, language }) => {
  const { desktop } = tab;
  const { name } = demo.expert;
  const call = await demo.call(agent);
  await desktop.says('active');
  await inspect(tab, 'active', language);
  const request = await desktop.openConsult();
  await request.search.fill('m');
  await request.row(name).click();
  await inspect(tab, 'consult-organization', language);
  await request.consult.click();
  await demo.act(call, 'consulted', 'answer');
  await desktop.says('consulting', name);
  await inspect(tab, 'consulting', language);
});

test('screens inside Teams: a sign-in that was given up at Microsoft', async ({ openTab, language, texts }) => {
  const tab = await openTab({ prepare: (host) => (host.tokens = { refused: 'resourceRequiresConsent' }) });
  const opened = tab.host.page.waitForEvent('popup');
  await tab.desktop.view.getByRole('button', { name: texts.sso.signIn }).click();
  await (await opened).locator('#cancel').click();
  await expect(tab.desktop.view.getByText(texts.teams.cancelled)).toBeVisible();
  await inspect(tab, 'sign-in', language);
});

test('screens inside Teams: a host that is waited for, and one that does not answer', async ({ openTab, language, texts }) => {
  const tab = await openTab({ prepare: beSilent });
  const picture = async (name: string) => {
    if (pictures) await tab.host.page.screenshot({ path: fileURLToPath(new URL(`../screenshots/teams-${name}.${language}.default.png`, import.meta.url)) });
  };
  await expect(tab.desktop.view.getByText(texts.host.connecting)).toBeVisible();
  await picture('connecting');
  await tab.host.pass(5_000);
  await expect(tab.desktop.view.getByRole('heading', { name: texts.host.silentTitle })).toBeVisible();
  await picture('silent');
});
