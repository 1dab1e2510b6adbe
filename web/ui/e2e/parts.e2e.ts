import { expect, test } from './support/test';

// Parts of the page that the first screen does not need are files of their own.

test('a part whose file cannot be loaded says so, and a second try brings it', async ({ demo, visit, agent, guard, texts }) => {
  guard.allow(/net::ERR_FAILED.*\/ConsultDialog\.js/);
  const desktop = await visit();
  const file = '**/assets/ConsultDialog.js';
  let tries = 0;
  await desktop.page.route(file, async (route) => {
    tries += 1;
    await route.abort();
  });
  await desktop.signIn(agent);
  await demo.call(agent);
  await desktop.press('consult');
  await expect(desktop.page.getByText(texts.app.partFailed)).toBeVisible();
  await expect(desktop.page.getByRole('button', { name: texts.app.reload })).toBeVisible();

  // The call is none the worse for it.
  await desktop.press('hold');
  await desktop.says('held');
  await expect(desktop.page.getByText(texts.app.partFailed)).toBeVisible();

  // As long as the file cannot be had, so it stays.
  const before = tries;
  await desktop.page.getByRole('button', { name: texts.app.retry }).click();
  await expect.poll(() => tries, 'the file is asked for again').toBeGreaterThan(before);
  await expect(desktop.page.getByText(texts.app.partFailed)).toBeVisible();

  await desktop.page.unroute(file);
  await desktop.page.getByRole('button', { name: texts.app.retry }).click();
  await expect(desktop.page.getByRole('dialog', { name: texts.consult.title })).toBeVisible();
});

test('a part of another build is not shown: the page asks to be loaded again, and then fits', async ({ demo, visit, texts }) => {
  const desktop = await visit(demo.user('Admin'));
  const { page } = desktop;
  await desktop.isOpen();
  const file = '**/assets/AdminPage.js';
  await page.route(file, async (route) => {
    const script = await (await route.fetch()).text();
    // Kept nowhere: with the tag of the file that fits it would be taken for that one.
    await route.fulfill({ contentType: 'text/javascript', headers: { 'Cache-Control': 'no-store' }, body: script.replace(/[0-9a-f]{12}/, '000000000000') });
  });
  await page.getByRole('link', { name: texts.app.admin, exact: true }).click();
  await expect(page.getByText(texts.app.partOutdated)).toBeVisible();
  await page.unroute(file);
  await page.getByRole('button', { name: texts.app.reload }).click();
  await expect(page.getByRole('navigation', { name: texts.admin.title })).toBeVisible();
});
