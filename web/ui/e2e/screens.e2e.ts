import { fill } from './support/desktop';
import { inspect } from './support/screen';
import { expect, test } from './support/test';

// One test for each part of the page: every screen is held against WCAG in
// every theme. `npm run screenshots` keeps pictures of all of them.

test('screens: signing in, and nothing to do', async ({ visit, agent, language, texts }) => {
  const desktop = await visit();
  await expect(desktop.page.getByRole('heading', { name: texts.signIn.title })).toBeVisible();
  await inspect(desktop.page, 'sign-in', language);
  await desktop.signIn(agent);
  await expect(desktop.noCall).toBeVisible();
  await inspect(desktop.page, 'no-call', language);
});

test('screens: the list of shortcuts, and a break', async ({ desktop, language, texts }) => {
  const { page } = desktop;
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: texts.shortcuts.title })).toBeVisible();
  await inspect(page, 'shortcuts', language);
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: texts.state.menu }).selectOption({ label: texts.idle.other });
  await expect(page.getByRole('dialog', { name: texts.idle.title })).toBeVisible();
  await inspect(page, 'break', language);
});

test('screens: the call through a consult to the wrap-up', async ({ demo, desktop, agent, language, texts }) => {
  const { page } = desktop;
  const { name } = demo.expert;
  const call = await demo.call(agent);
  await desktop.says('active');
  await inspect(page, 'active', language);
  const request = await desktop.openConsult();
  await request.search.fill('jur mueller');
  await request.row(name).click();
  await request.consult.click();
  await desktop.says('consult_requested', name);
  await demo.act(call, 'consulted', 'answer');
  await desktop.says('consulting', name);
  await inspect(page, 'consulting', language);
  await desktop.press('resume');
  await desktop.says('swapped', name);
  await inspect(page, 'swapped', language);
  await desktop.press('conference');
  await desktop.says('conferenced', name);
  await inspect(page, 'conference', language);
  await desktop.press('leave');
  await expect(desktop.command('wrapUp')).toBeVisible();
  await desktop.press('wrapUp');
  await expect(page.getByText(texts.wrapUp.required)).toBeVisible();
  await inspect(page, 'wrap-up', language);
});

test('screens: the consult request', async ({ demo, desktop, agent, language, texts }) => {
  const { page } = desktop;
  await demo.call(agent);
  const request = await desktop.openConsult();
  await request.search.fill('m');
  await request.row(demo.expert.name).click();
  await expect(request.dialog.getByText(texts.consult.loading)).toBeHidden();
  await inspect(page, 'consult-organization', language);
  await request.favourite.click();
  await expect(request.favourite).toHaveAttribute('aria-pressed', 'true');
  await request.show('favourites');
  await expect(request.row(demo.expert.name)).toBeVisible();
  await inspect(page, 'consult-favourites', language);
  await request.choose('agent');
  await expect(request.row(demo.user('Agent', 1).name)).toBeVisible();
  await inspect(page, 'consult-agent', language);
  await request.choose('queue');
  await expect(request.row('Steuern')).toBeVisible();
  await inspect(page, 'consult-queue', language);
  await request.choose('dialNumber');
  await request.paste('tel:+49 89 99998-234 ext. 56');
  await expect(request.dialog.getByRole('radio').first()).toBeVisible();
  await inspect(page, 'consult-number', language);
});

test('screens: ringing', async ({ demo, desktop, agent, language }) => {
  await demo.call(agent);
  const request = await desktop.openConsult('dialNumber');
  await request.number.fill('+498999998234');
  await request.consult.click();
  await desktop.says('consult_requested', '+498999998234');
  await inspect(desktop.page, 'ringing', language);
});

test('screens: an offer', async ({ demo, desktop, open, agent, language }) => {
  const second = demo.user('Agent', 1);
  const colleague = await open(second);
  await demo.call(agent);
  const request = await desktop.openConsult('agent');
  await request.row(second.name).click();
  await request.consult.click();
  await expect(colleague.command('accept')).toBeVisible();
  await inspect(colleague.page, 'offer', language);
});

test('screens: a consult that failed, and a customer who has hung up', async ({ demo, desktop, agent, language, texts }) => {
  const { page } = desktop;
  const call = await demo.call(agent);
  const request = await desktop.openConsult('dialNumber');
  await request.number.fill('+498999998234');
  await request.consult.click();
  await desktop.says('consult_requested', '+498999998234');
  await demo.act(call, 'consulted', 'busy');
  await desktop.says('held');
  await inspect(page, 'consult-failed', language);
  await page.getByRole('button', { name: texts.history.title }).click();
  await expect(page.getByRole('list', { name: texts.history.title }).getByRole('listitem').last()).toContainText(texts.history.what.failed);
  await inspect(page, 'history', language);
  await demo.act(call, 'customer', 'hangup');
  await expect(page.getByRole('alertdialog', { name: texts.call.lostTitle })).toBeVisible();
  await inspect(page, 'customer-gone', language);
});

test('screens: the administration, and experts without single sign-on', async ({ demo, desktop, open, agent, language, texts }) => {
  const admin = await open(demo.user('Admin'));
  const { page } = admin;
  await admin.administration('setup');
  await expect(page.getByRole('switch', { name: texts.admin.ssoOn })).toBeVisible();
  await inspect(page, 'administration', language);
  await page.getByRole('switch', { name: texts.admin.ssoOn }).click();
  await expect(page.getByRole('switch', { name: texts.admin.ssoOff })).toBeVisible();
  await demo.control('PUT', `/tenants/${demo.world.tenant}`, { consent: ['User.Read.All'] });
  await page.getByRole('button', { name: texts.admin.check }).click();
  await expect(page.locator('li[aria-current="step"]')).toContainText('Presence.Read.All');
  await inspect(page, 'administration-steps', language);
  await admin.administration('permissions');
  await expect(page.getByRole('list', { name: texts.admin.consent })).toContainText('Presence.Read.All');
  await inspect(page, 'administration-permissions', language);
  await demo.call(agent);
  const request = await desktop.openConsult();
  await expect(request.dialog.getByText(texts.sso.disabled)).toBeVisible();
  await expect(request.row(/./).first()).toBeVisible();
  await inspect(desktop.page, 'sso-off', language);
});

test('screens: agents, directory and the way from an agent to an expert', async ({ demo, open, agent, language, texts }) => {
  const admin = await open(demo.user('Admin'));
  const { page } = admin;
  await admin.administration('agents');
  await expect(page.getByRole('heading', { level: 3, name: agent.name })).toBeVisible();
  await inspect(page, 'administration-agents', language);
  await page.getByRole('button', { name: fill(texts.admin.agents.changeOf, { name: agent.name }) }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await inspect(page, 'administration-agent', language);
  await page.keyboard.press('Escape');
  await admin.administration('directory');
  await page.getByRole('searchbox', { name: texts.admin.missingPerson.name }).fill(demo.expert.name);
  await page.getByRole('button', { name: texts.admin.missingPerson.ask }).click();
  await expect(page.getByRole('link', { name: texts.admin.missingPerson.explain }).first()).toBeVisible();
  await inspect(page, 'administration-directory', language);
  await page.getByRole('link', { name: texts.admin.missingPerson.explain }).first().click();
  await page.getByRole('combobox', { name: texts.admin.explain.agent }).selectOption({ label: agent.name });
  await page.getByRole('button', { name: texts.admin.explain.ask }).click();
  await expect(page.getByRole('list', { name: texts.admin.explain.steps })).toBeVisible();
  await inspect(page, 'administration-explain', language);
});

test('screens: the audit and the sessions', async ({ demo, desktop, open, language, texts }) => {
  await expect(desktop.noCall).toBeVisible();
  const admin = await open(demo.user('Admin'));
  const { page } = admin;
  await admin.administration('audit');
  await expect(page.getByRole('list', { name: texts.admin.audit.lines })).toBeVisible();
  await inspect(page, 'administration-audit', language);
  await admin.administration('sessions');
  await expect(page.getByRole('list', { name: texts.admin.sessions.all })).toBeVisible();
  await inspect(page, 'administration-sessions', language);
});

test('screens: the calls of the organisation', async ({ demo, open, desktop, agent, language, texts }) => {
  const supervisor = await open(demo.user('Supervisor'));
  const { page } = supervisor;
  await expect(page.getByText(texts.supervisor.none)).toBeVisible();
  await inspect(page, 'supervisor-empty', language);
  await demo.call(demo.user('Agent', 1), '+4915200000001');
  await demo.call(agent, '+4915200000002');
  await desktop.says('active');
  await desktop.press('hold');
  const row = page.getByRole('list', { name: texts.supervisor.list }).getByRole('link', { name: /4915200000002/ });
  await expect(row).toContainText(texts.phase.held);
  await inspect(page, 'supervisor', language);
  await row.click();
  await expect(page.getByRole('list', { name: texts.history.title })).toBeVisible();
  await inspect(page, 'supervisor-call', language);
});

test('screens: a lost connection', async ({ demo, desktop, agent, guard, language, texts }) => {
  await demo.call(agent);
  await desktop.says('active');
  guard.allow(/net::ERR_/);
  await demo.kill();
  await expect(desktop.command('hold')).toHaveAccessibleDescription(texts.blocked.offline);
  await inspect(desktop.page, 'connection-lost', language);
});
