import type { Page } from '@playwright/test';
import type { User } from './support/demo';
import { expect, test, type Tab } from './support/teams/test';

/** Presses the button and gives the window that opens. */
async function windowOf({ host, desktop }: Tab): Promise<Page> {
  const opened = host.page.waitForEvent('popup');
  await desktop.view.getByRole('button', { name: desktop.texts.sso.signIn }).click();
  const window = await opened;
  await expect(window.locator('#username')).toBeVisible();
  return window;
}

async function enter(page: Page, { username, password }: User): Promise<void> {
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(password);
  await page.getByRole('button').click();
}

test.describe('where Microsoft wants more of the sign-in', () => {
  test('the agent gives it in a window, and the tab goes on with a one-time code', async ({ openTab, agent, texts }) => {
    const tab = await openTab({ prepare: (host) => (host.tokens = { refused: 'resourceRequiresConsent' }) });
    const { desktop, host } = tab;
    await expect(desktop.view.getByRole('heading', { name: texts.signIn.teamsTitle })).toBeVisible();

    const window = await windowOf(tab);
    host.tokens = 'given'; // from now on Microsoft is content
    const closed = window.waitForEvent('close');
    await enter(window, agent);
    await closed;
    await expect(desktop.noCall).toBeVisible();
    const told = host.heard.find(({ request }) => request.func === 'authentication.authenticate.success');
    expect(String(told?.request.args?.[0]), 'a code, never a token').not.toMatch(/^ey/);
  });

  test('a window of somebody else is worth nothing, and the page says so', async ({ openTab, guard, demo, texts }) => {
    guard.allow(/status of 404.*take-over/);
    const tab = await openTab({ prepare: (host) => (host.tokens = { refused: 'resourceRequiresConsent' }) });
    const window = await windowOf(tab);
    tab.host.tokens = 'given';
    await enter(window, demo.user('Agent', 1));
    await expect(tab.desktop.view.getByText(texts.teams.otherPerson)).toBeVisible();
  });

  test('a window that is closed was a sign-in that was cancelled; the next one is open', async ({ openTab, texts }) => {
    const tab = await openTab({ prepare: (host) => (host.tokens = { refused: 'resourceRequiresConsent' }) });
    await (await windowOf(tab)).close();
    await expect(tab.desktop.view.getByText(texts.teams.CancelledByUser)).toBeVisible();
    await windowOf(tab);
  });

  test('whoever goes back at Microsoft, or does not agree there, reads just that in the tab; the window closes', async ({ openTab, agent, texts }) => {
    const tab = await openTab({ prepare: (host) => (host.tokens = { refused: 'resourceRequiresConsent' }) });
    const window = await windowOf(tab);
    const closed = window.waitForEvent('close');
    await window.locator('#cancel').click();
    await closed;
    await expect(tab.desktop.view.getByText(texts.teams.cancelled)).toBeVisible();
    const told = tab.host.heard.find(({ request }) => request.func === 'authentication.authenticate.failure');
    expect(told?.request.args).toEqual(['cancelled']);

    const again = await windowOf(tab);
    tab.host.tokens = 'given';
    await enter(again, agent);
    await expect(tab.desktop.noCall).toBeVisible();
  });

  test('a window that the browser does not open says what to allow', async ({ openTab, texts }) => {
    const { desktop, host } = await openTab({ prepare: (host) => (host.tokens = { refused: 'resourceRequiresConsent' }) });
    host.windows = 'blocked';
    await desktop.view.getByRole('button', { name: texts.sso.signIn }).click();
    await expect(desktop.view.getByText(texts.teams.FailedToOpenWindow)).toBeVisible();
  });
});

test('an organisation that has switched the app off learns whom to ask, and comes in when it is on', async ({ openTab, demo, texts }) => {
  await demo.control('PUT', `/tenants/${demo.world.tenant}`, { appEnabled: false });
  const { desktop } = await openTab();
  await expect(desktop.view.getByText(texts.teams.resourceDisabled, { exact: true })).toBeVisible();
  await demo.control('PUT', `/tenants/${demo.world.tenant}`, { appEnabled: true });
  await desktop.view.getByRole('button', { name: texts.app.retry }).click();
  await expect(desktop.noCall).toBeVisible();
});

test('somebody in Teams who is no agent learns whom to ask', async ({ openTab, demo, guard, texts }) => {
  guard.allow(/status of 403/);
  const { desktop } = await openTab({ user: demo.expert });
  await expect(desktop.view.getByRole('heading', { name: texts.signIn.unknownTitle })).toBeVisible();
  await expect(desktop.view.getByText(demo.user('Admin').name)).toBeVisible();
});

test('single sign-on that is switched off keeps experts from agents in Teams, and nothing else', async ({ openTab, demo, agent, texts }) => {
  const admin = await openTab({ user: demo.user('Admin') });
  await admin.desktop.view.getByRole('link', { name: texts.app.admin }).click();
  await admin.desktop.view.getByRole('switch', { name: texts.admin.ssoOn }).click();
  await expect(admin.desktop.view.getByRole('switch', { name: texts.admin.ssoOff })).not.toBeChecked();
  await admin.host.page.close();

  await demo.call(agent);
  const { desktop } = await openTab();
  await desktop.says('active');
  const request = await desktop.openConsult();
  await expect(request.dialog.getByText(texts.sso.disabled)).toBeVisible();
  await request.search.fill('jur mueller');
  await request.row(demo.expert.name).click();
  await expect(request.consult).toHaveAccessibleDescription(texts.blocked['sso-required']);
  await request.choose('dialNumber');
  await request.number.fill('4711');
  await expect(request.consult).toBeEnabled();
});

test.describe('where Graph is asked in the name of agents', () => {
  test.use({ flags: ['--delegated'] });

  test('a second factor that Microsoft asks for is given in a window, and the search goes on', async ({ openTab, demo, agent, guard, texts }) => {
    guard.allow(/status of 403.*\/experts/);
    const route = `/${demo.world.tenant}/oauth2/v2.0/token`;
    const tab = await openTab();
    await demo.call(agent);
    await tab.desktop.says('active');
    await demo.control('POST', '/faults', { route, status: 400, code: 50076, count: 0 });
    const request = await tab.desktop.openConsult();
    await expect(request.dialog.getByText(texts.sso.title)).toBeVisible();
    const window = await windowOf(tab);
    await demo.control('POST', '/faults', { route, count: -1 });
    const closed = window.waitForEvent('close');
    await enter(window, agent);
    await closed;
    await request.search.fill(demo.expert.name); // Graph knows no other spelling
    await expect(request.row(demo.expert.name)).toBeVisible();
    await expect(request.dialog.getByText(texts.sso.title)).toBeHidden();
  });
});

test.describe('where single sign-on is asked of agents in Teams alone', () => {
  test.use({ flags: ['--sso-require', 'in-teams'] });

  test('it keeps experts from whoever is in Teams, and from nobody in the browser', async ({ openTab, openBrowser, demo, agent, texts }) => {
    await demo.call(agent);
    const admin = await openBrowser(demo.user('Admin'));
    await admin.page.getByRole('link', { name: texts.app.admin }).click();
    await admin.page.getByRole('switch', { name: texts.admin.ssoOn }).click();
    await expect(admin.page.getByRole('switch', { name: texts.admin.ssoOff })).not.toBeChecked();

    const tab = await openTab();
    const inTeams = await tab.desktop.openConsult();
    await expect(inTeams.dialog.getByText(texts.sso.disabled)).toBeVisible();

    const browser = await openBrowser(agent);
    const inBrowser = await browser.openConsult();
    await inBrowser.search.fill('jur mueller');
    await inBrowser.row(demo.expert.name).click();
    await expect(inBrowser.consult).toBeEnabled();
    await expect(inBrowser.dialog.getByText(texts.sso.title)).toBeHidden();
  });
});
