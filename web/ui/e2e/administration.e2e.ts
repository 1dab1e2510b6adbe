import type { Page } from '@playwright/test';
import type { User } from './support/demo';
import { fill } from './support/desktop';
import { expect, test } from './support/test';

test('an administrator imports agents from a file, after seeing what it would do', async ({ demo, open, texts }) => {
  const { page, administration } = await open(demo.user('Admin'));
  await administration('agents');
  await expect(page.getByRole('heading', { level: 3, name: demo.user('Agent').name })).toBeVisible();
  const choose = page.getByLabel(texts.admin.import.choose, { exact: true }).and(page.locator('input'));
  const file = (content: string) => ({ name: 'agents.csv', mimeType: 'text/csv', buffer: Buffer.from(content) });

  await choose.setInputFiles(file('id;name;number\ncarla;Carla;call me\n'));
  await expect(page.getByText(texts.admin.import.refused)).toBeVisible();
  await expect(page.getByRole('cell', { name: 'number', exact: true })).toBeVisible();

  await choose.setInputFiles(file('id;name;subject;number;country\ncarla;Carla;carla;+4930555109;DE\n'));
  await expect(page.getByText(fill(texts.admin.import.would, { created: 1, updated: 0, unchanged: 0 }))).toBeVisible();
  await expect(page.getByRole('heading', { level: 3, name: 'Carla' })).toBeHidden();
  await page.getByRole('button', { name: texts.admin.import.take, exact: true }).click();
  await expect(page.getByRole('heading', { level: 3, name: 'Carla' })).toBeVisible();
  await page.getByRole('searchbox', { name: texts.admin.agents.filter }).fill('4930555109');
  await expect(page.getByRole('heading', { level: 3, name: 'Carla' })).toBeVisible();
  await expect(page.getByRole('heading', { level: 3, name: demo.user('Agent').name })).toBeHidden();
});

test('an administrator learns why somebody is missing', async ({ demo, open, texts }) => {
  await demo.control('PUT', `/users/${demo.expert.id}`, { businessPhones: [] });
  const { page, administration } = await open(demo.user('Admin'));
  await administration('directory');
  await page.getByRole('searchbox', { name: texts.admin.missingPerson.name }).fill(demo.expert.name);
  await page.getByRole('button', { name: texts.admin.missingPerson.ask }).click();
  await expect(page.getByRole('listitem').filter({ hasText: demo.expert.name })).toContainText(texts.admin.missingPerson.reason['no-business-phone']);

  // The way to them is explained from there: choose an agent, and every step is told.
  await page.getByRole('link', { name: texts.admin.missingPerson.explain }).first().click();
  await page.getByRole('combobox', { name: texts.admin.explain.agent }).selectOption({ label: demo.user('Agent').name });
  await page.getByRole('button', { name: texts.admin.explain.ask }).click();
  await expect(page.getByRole('heading', { level: 2, name: fill(texts.admin.explain.headline.red, { agent: demo.user('Agent').name, expert: texts.admin.explain.unknownExpert }) })).toBeVisible();
  await expect(page.getByRole('list', { name: texts.admin.explain.steps }).getByText(texts.admin.checks.healer.admin).first()).toBeVisible();
});

test('that Microsoft throttles is said to the administrator, and quietly to who searches', async ({ demo, open, desktop, agent, texts }) => {
  await demo.control('POST', '/faults', { route: '/v1.0/users/delta', status: 429, retryAfter: 120, count: 50 });
  const admin = await open(demo.user('Admin'));
  await admin.administration('directory');
  await expect(admin.page.getByText(texts.admin.health.throttled)).toBeVisible();
  await demo.call(agent);
  const request = await desktop.openConsult();
  await request.search.fill('jur mueller');
  await expect(request.dialog.getByText(texts.experts.directoryTrouble.throttled)).toBeVisible();
  await expect(request.row(demo.expert.name)).toBeVisible();
});

test('an administrator takes a new organisation from nothing to green', async ({ demo, open, guard, texts }) => {
  const admin = demo.user('Admin');
  const { page, administration } = await open(admin);
  await administration('setup');
  await expect(page.getByText(fill(texts.admin.setup.green, { all: 6 }))).toBeVisible();

  // Nothing: switched off, and Microsoft knows of no consent.
  await page.getByRole('switch', { name: texts.admin.ssoOn }).click();
  await expect(page.getByRole('switch', { name: texts.admin.ssoOff })).not.toBeChecked();
  await demo.control('PUT', `/tenants/${demo.world.tenant}`, { consent: [] });
  await page.getByRole('button', { name: texts.admin.check }).click();
  await expect(page.getByText(fill(texts.admin.setup.next, { step: texts.admin.setup.step.consent.title }))).toBeVisible();
  const step = page.locator('li[aria-current="step"]');
  await expect(step).toContainText(texts.admin.setup.step.consent.who);
  await expect(step).toContainText('User.Read.All');

  // It cannot be switched on yet, and says so.
  guard.allow(/status of 409.*\/admin\/organization\/sso/);
  await page.getByRole('switch', { name: texts.admin.ssoOff }).click();
  await expect(page.getByText(texts.problem['sso-incomplete'])).toBeVisible();

  // At Microsoft, in a window of its own; coming back is enough.
  await step.getByRole('button', { name: texts.admin.getConsent }).click();
  const opened = page.waitForEvent('popup');
  await step.getByRole('link', { name: texts.admin.openConsent }).click();
  const consent = await opened;
  await acceptConsent(consent, admin);
  await consent.close();
  await page.evaluate(() => window.dispatchEvent(new Event('focus'))); // a headless window is never left
  await expect(page.getByText(fill(texts.admin.setup.next, { step: texts.admin.setup.step.switch.title }))).toBeVisible();

  await page.getByRole('switch', { name: texts.admin.ssoOff }).click();
  await expect(page.getByText(fill(texts.admin.setup.green, { all: 6 }))).toBeVisible();
});

test('an administrator adds an agent, changes them and deletes them again', async ({ demo, open, guard, texts }) => {
  guard.allow(/status of 422.*\/admin\/agents\/carla/);
  const { page, administration } = await open(demo.user('Admin'));
  await administration('agents');
  await page.getByRole('button', { name: texts.admin.agents.add }).click();
  const field = (name: 'name' | 'id' | 'subject' | 'number') => page.getByRole('dialog').getByLabel(texts.admin.agents[name]).first();
  await field('name').fill('Carla Conti');
  await field('id').fill('carla');
  await page.getByRole('button', { name: texts.admin.agents.save, exact: true }).click();
  await expect(page.getByText(texts.admin.agents.wrong.entraId)).toBeVisible(); // nobody could sign in
  await field('subject').fill('carla');
  await page.getByRole('button', { name: texts.admin.agents.save, exact: true }).click();
  await expect(page.getByRole('heading', { level: 3, name: 'Carla Conti' })).toBeVisible();
  await expect(page.getByRole('button', { name: texts.admin.agents.add }), 'the keyboard is given back').toBeFocused();

  const change = page.getByRole('button', { name: fill(texts.admin.agents.changeOf, { name: 'Carla Conti' }) });
  await change.click();
  await field('number').fill('+49305551009');
  await page.getByRole('button', { name: texts.admin.agents.save, exact: true }).click();
  await expect(page.getByRole('definition').filter({ hasText: '+49305551009' })).toBeVisible();
  await expect(change).toBeFocused();

  await page.getByRole('button', { name: fill(texts.admin.agents.deleteOf, { name: 'Carla Conti' }) }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: texts.admin.agents.delete, exact: true }).click();
  await expect(page.getByRole('heading', { level: 3, name: 'Carla Conti' })).toBeHidden();
  await expect(page.getByRole('main'), 'the button of the row has gone').toBeFocused();

  // All of it is in the audit, found by its kind.
  await administration('audit');
  await page.getByRole('combobox', { name: texts.admin.audit.event }).selectOption('administration');
  await page.getByRole('button', { name: texts.admin.audit.search, exact: true }).click();
  await expect(page.getByRole('definition').filter({ hasText: 'adminDeleteAgent' }).first()).toBeVisible();
});

test('an administrator signs somebody out', async ({ demo, open, desktop, agent, guard, texts }) => {
  guard.allow(/status of 401/);
  const { page, administration } = await open(demo.user('Admin'));
  await administration('sessions');
  const other = page.getByRole('list', { name: texts.admin.sessions.all });
  const end = other.getByRole('listitem').filter({ hasText: agent.name }).getByRole('button');
  await end.click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('alertdialog')).toBeHidden();
  await expect(end).toBeFocused();
  await end.click();
  await page.getByRole('alertdialog').getByRole('button', { name: texts.admin.sessions.end }).click();
  await expect(page.getByText(texts.admin.sessions.nobody)).toBeVisible();
  await expect(desktop.page.getByRole('heading', { name: texts.signIn.title })).toBeVisible();
});

/** Signs in at Microsoft's window, if it asks, and accepts. */
async function acceptConsent(window: Page, { username, password }: User): Promise<void> {
  const accept = window.getByRole('button').first();
  await accept.waitFor();
  if (await window.locator('#username').isVisible()) {
    await window.locator('#username').fill(username);
    await window.locator('#password').fill(password);
    await window.getByRole('button').click();
    await window.waitForURL(/adminconsent/);
  }
  await window.locator('button[value="accept"]').click();
  await window.waitForURL(/\/auth\/consent/);
}
