import { fill } from './support/desktop';
import { expect, test } from './support/test';

test('an administrator imports agents from a file, after seeing what it would do', async ({ demo, open, texts }) => {
  const { page } = await open(demo.user('Admin'));
  await page.getByRole('link', { name: texts.app.admin }).click();
  await expect(page.getByRole('rowheader', { name: demo.user('Agent').name })).toBeVisible();
  const choose = page.getByLabel(texts.admin.import.choose, { exact: true }).and(page.locator('input'));
  const file = (content: string) => ({ name: 'agents.csv', mimeType: 'text/csv', buffer: Buffer.from(content) });

  await choose.setInputFiles(file('id;name;number\ncarla;Carla;call me\n'));
  await expect(page.getByText(texts.admin.import.refused)).toBeVisible();
  await expect(page.getByRole('cell', { name: 'number', exact: true })).toBeVisible();

  await choose.setInputFiles(file('id;name;subject;number;country\ncarla;Carla;carla;+4930555109;DE\n'));
  await expect(page.getByText(fill(texts.admin.import.would, { created: 1, updated: 0, unchanged: 0 }))).toBeVisible();
  await expect(page.getByRole('rowheader', { name: 'Carla' })).toBeHidden();
  await page.getByRole('button', { name: texts.admin.import.take, exact: true }).click();
  await expect(page.getByRole('rowheader', { name: 'Carla' })).toBeVisible();
  await page.getByRole('searchbox', { name: texts.admin.agents.filter }).fill('4930555109');
  await expect(page.getByRole('rowheader', { name: 'Carla' })).toBeVisible();
  await expect(page.getByRole('rowheader', { name: demo.user('Agent').name })).toBeHidden();
});

test('an administrator learns why somebody is missing', async ({ demo, open, texts }) => {
  await demo.control('PUT', `/users/${demo.expert.id}`, { businessPhones: [] });
  const { page } = await open(demo.user('Admin'));
  await page.getByRole('link', { name: texts.app.admin }).click();
  await page.getByRole('searchbox', { name: texts.admin.missingPerson.name }).fill(demo.expert.name);
  await page.getByRole('button', { name: texts.admin.missingPerson.ask }).click();
  await expect(page.getByRole('row', { name: demo.expert.name })).toContainText(texts.admin.missingPerson.reason['no-business-phone']);
});

test('that Microsoft throttles is said to the administrator, and quietly to who searches', async ({ demo, open, desktop, agent, texts }) => {
  await demo.control('POST', '/faults', { route: '/v1.0/users/delta', status: 429, retryAfter: 120, count: 50 });
  const admin = await open(demo.user('Admin'));
  await admin.page.getByRole('link', { name: texts.app.admin }).click();
  await expect(admin.page.getByText(texts.admin.health.throttled)).toBeVisible({ timeout: 30_000 });
  await demo.call(agent);
  const request = await desktop.openConsult();
  await request.search.fill('jur mueller');
  await expect(request.dialog.getByText(texts.experts.directoryTrouble.throttled)).toBeVisible();
  await expect(request.row(demo.expert.name)).toBeVisible();
});
