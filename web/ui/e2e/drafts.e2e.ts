import { expect, test } from './support/test';

test('a sign-in that ends while somebody types a consult request takes nothing away, and the request is open again', async ({ demo, desktop, agent, guard, texts }) => {
  guard.allow(/status of 401/);
  const { page } = desktop;
  const call = await demo.call(agent);
  const request = await desktop.openConsult('dialNumber');
  await request.number.fill('+498999998');
  await request.choose('organization');
  await request.search.fill('jur mueller');
  await request.row(demo.expert.name).click();

  // In another window the agent signs out; this one is told.
  await desktop.signOutElsewhere();
  await expect(page.getByRole('heading', { name: texts.signIn.title })).toBeVisible();
  await desktop.enter(agent);

  await expect(request.dialog).toBeVisible();
  await expect(request.search).toHaveValue('jur mueller');
  await request.choose('dialNumber');
  await expect(request.number).toHaveValue('+498999998');
  await request.choose('organization');
  await request.consult.click();
  await demo.act(call, 'consulted', 'answer');
  await desktop.says('consulting', demo.expert.name);
  await page.reload();
  await desktop.says('consulting', demo.expert.name);
  await expect(request.dialog, 'what was sent is no draft').toBeHidden();
});

test('another agent who signs in in the same window finds nothing of the first one’s request', async ({ demo, desktop, agent, guard, texts }) => {
  guard.allow(/status of 401/);
  const { page } = desktop;
  await demo.call(agent);
  const request = await desktop.openConsult();
  await request.search.fill('jur mueller');
  await desktop.signOutElsewhere();
  await expect(page.getByRole('heading', { name: texts.signIn.title })).toBeVisible();

  const colleague = demo.user('Agent', 1);
  await demo.call(colleague, '+4915200000001');
  await desktop.enter(colleague);
  await desktop.says('active');
  await expect(request.dialog).toBeHidden();
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('mueller');
});
