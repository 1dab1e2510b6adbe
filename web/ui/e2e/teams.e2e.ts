import { fill } from './support/desktop';
import { beSilent } from './support/teams/host';
import { app, expect, test } from './support/teams/test';

test('inside Teams the desktop opens by itself, for who is signed in there, and says that it has', async ({ tab, agent, texts }) => {
  const { desktop, host } = tab;
  await expect(desktop.noCall).toBeVisible();
  await expect(desktop.view.getByText(agent.name)).toBeVisible();
  await expect(desktop.view.getByRole('button', { name: texts.signIn.signOut }), 'who is signed in is up to Teams').toBeHidden();
  const told = host.heard.map(({ request }) => request.func).filter((func) => func.startsWith('appInitialization.'));
  expect(told).toEqual(['appInitialization.appLoaded', 'appInitialization.success']);
});

test('each request has a token of its own from Teams; the page keeps none', async ({ openTab, demo, agent }) => {
  const sent: (string | undefined)[] = [];
  const { desktop } = await openTab({
    prepare: ({ page }) =>
      page.on('request', (request) => {
        if (request.url().startsWith(`${app}/api/`)) sent.push(request.headers()['authorization']);
      }),
  });
  await expect(desktop.noCall).toBeVisible();
  await demo.call(agent);
  await desktop.says('active');
  for (const step of ['hold', 'resume', 'hold'] as const) {
    await desktop.press(step);
    await desktop.says(step === 'hold' ? 'held' : 'active');
  }
  expect(sent.length).toBeGreaterThan(5);
  expect(sent.filter((header) => !header?.startsWith('Bearer ey'))).toEqual([]);
  // More may have been asked for: what has become needless by the time that its token comes is never sent.
  expect(new Set(sent).size, 'each has one of its own').toBe(sent.length);
  const kept = await desktop.view.locator('body').evaluate(() => {
    try {
      return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]);
    } catch {
      return ''; // a browser that keeps nothing of a page in a stranger's frame
    }
  });
  expect(kept).not.toContain('eyJ');
});

test('an agent comes from Teams or from the browser, and the service knows which', async ({ tab, demo, agent, teamsBrowser }) => {
  await expect(tab.desktop.noCall).toBeVisible();
  const channelOf = async (client: string) => {
    const { tenant, scope } = demo.world;
    const form = { grant_type: 'password', client_id: client, scope, username: agent.username, password: agent.password };
    const answer = await fetch(`${demo.sim}/${tenant}/oauth2/v2.0/token`, { method: 'POST', body: new URLSearchParams(form) });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const page = await (await teamsBrowser.newContext()).newPage();
    await page.goto(app);
    return page.evaluate(async (bearer) => {
      const session = await fetch('/api/v1/session', { headers: { Authorization: `Bearer ${bearer}` } });
      return ((await session.json()) as { channel: string }).channel;
    }, token);
  };
  expect(await channelOf(demo.world.clients.teams)).toBe('teams');
  expect(await channelOf(demo.world.clients.browser)).toBe('browser');
});

test('the colours of Teams are the page’s, and change with it at once', async ({ openTab }) => {
  const { desktop, host } = await openTab({ theme: 'dark' });
  const html = desktop.view.locator('html');
  const paper = () => desktop.view.locator('.fui-FluentProvider').first().evaluate((element) => getComputedStyle(element).backgroundColor);
  await expect(desktop.noCall).toBeVisible();
  await expect(html).toHaveCSS('color-scheme', 'dark');
  const dark = await paper();
  await host.theme('contrast');
  await expect.poll(paper).not.toBe(dark);
  const contrast = await paper();
  await host.theme('default');
  await expect(html).toHaveCSS('color-scheme', 'light');
  await expect.poll(async () => [dark, contrast].includes(await paper())).toBe(false);
});

test('the language is that of Teams, not of the browser', async ({ openTab, language }) => {
  const other = language === 'de' ? { locale: 'en-us', text: 'No active call' } : { locale: 'de-de', text: 'Kein aktiver Anruf' };
  const { desktop } = await openTab({ locale: other.locale });
  await expect(desktop.view.getByRole('heading', { name: other.text })).toBeVisible();
  await expect(desktop.view.locator('html')).toHaveAttribute('lang', other.locale.slice(0, 2));
});

test('Teams under its newer name shows the page, another host does not', async ({ openTab, guard }) => {
  const { desktop } = await openTab({ frame: 'teams.cloud.microsoft' });
  await expect(desktop.noCall).toBeVisible();

  guard.allow(/frame-ancestors|ERR_BLOCKED_BY_RESPONSE/);
  const stranger = await openTab({ frame: 'evil.example' });
  await expect.poll(() => stranger.host.page.frames().map((frame) => frame.url())).toContainEqual(expect.stringMatching(/^chrome-error:/));
  expect(stranger.host.heard).toEqual([]);
});

test('a host that does not answer is given up after five seconds; the browser is the way out, and a late answer is taken', async ({ openTab, texts }) => {
  const { desktop, host } = await openTab({ prepare: beSilent });
  await expect(desktop.view.getByText(texts.host.connecting)).toBeVisible();
  await host.pass(5_000);
  await expect(desktop.view.getByRole('heading', { name: texts.host.silentTitle })).toBeVisible();
  const link = desktop.view.getByRole('link', { name: texts.host.inBrowser });
  await expect(link).toHaveAttribute('href', `${app}/`);
  await expect(link).toHaveAttribute('target', '_blank');

  // A host that answers late is welcome still; nobody has to try again.
  await host.page.clock.resume();
  await host.speak();
  await expect(desktop.noCall).toBeVisible();
});

test('a deep link opens its call among several, or says why it cannot', async ({ openTab, demo, agent, texts }) => {
  const wanted = await demo.call(agent, '+4915111111111');
  await demo.call(agent, '+4915122222222');
  const led = await openTab({ subEntityId: wanted });
  await expect(led.desktop.currentCall).toContainText('11111111');
  const astray = await openTab({ subEntityId: 'no-such-call' });
  await expect(astray.desktop.view.getByText(texts.call.unknownLink)).toBeVisible();
  await astray.desktop.says('active');
});

test('loading the tab again in mid-call brings back exactly what was there', async ({ tab, demo, agent, texts }) => {
  const { desktop, host } = tab;
  const call = await demo.call(agent);
  await desktop.says('active');
  const request = await desktop.openConsult();
  await request.search.fill('jur mueller');
  await request.row(demo.expert.name).click();
  await request.consult.click();
  await desktop.says('consult_requested', demo.expert.name);
  await demo.act(call, 'consulted', 'answer');
  await desktop.says('consulting', demo.expert.name);
  await host.page.reload();
  await desktop.says('consulting', demo.expert.name);
  await expect(desktop.parties).toContainText(`${texts.call.customer}${texts.call.held}`);
  await desktop.press('endConsult');
  await desktop.says('active');
});

test('beside Consult an agent writes to the expert in Teams, with a line that says who asks', async ({ tab, openBrowser, demo, agent, texts }) => {
  const { desktop, host } = tab;
  await demo.call(agent, '+4915111111111');
  await desktop.says('active');
  const request = await desktop.openConsult();
  await request.search.fill('jur mueller');
  await request.row(demo.expert.name).click();
  const chat = request.dialog.getByRole('button', { name: texts.experts.chat });
  await expect(chat).toHaveAccessibleDescription(texts.experts.chatEffect);
  await chat.click();
  await expect.poll(() => host.links.length).toBe(1);
  const link = new URL(host.links[0] ?? '');
  expect(link.origin + link.pathname).toBe('https://teams.microsoft.com/l/chat/0/0');
  expect(link.searchParams.get('users')).toBe(demo.expert.username);
  expect(link.searchParams.get('message')).toBe(fill(texts.experts.chatText, { agent: agent.name }));
  expect(link.href, 'nothing of the customer').not.toContain('11111111');

  // In the browser it is a link.
  const browser = await openBrowser(agent);
  const again = await browser.openConsult();
  await again.search.fill('jur mueller');
  await again.row(demo.expert.name).click();
  await expect(again.dialog.getByRole('link', { name: texts.experts.chat })).toHaveAttribute('href', link.href);
});
