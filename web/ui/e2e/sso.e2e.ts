import { expect, test } from './support/test';

test('an administrator switches single sign-on off: experts say what is missing, numbers still work', async ({ demo, open, desktop, agent, texts }) => {
  const admin = await open(demo.user('Admin'));
  await demo.call(agent);
  await admin.administration('setup');
  await admin.page.getByRole('switch', { name: texts.admin.ssoOn }).click();
  await expect(admin.page.getByRole('switch', { name: texts.admin.ssoOff })).not.toBeChecked();

  const request = await desktop.openConsult();
  await expect(request.dialog.getByText(texts.sso.disabled)).toBeVisible();
  await expect(request.dialog.getByText(texts.sso.byAdmin)).toBeVisible();
  await request.search.fill('jur mueller');
  await request.row(demo.expert.name).click();
  await expect(request.consult).toHaveAttribute('aria-disabled', 'true');
  await expect(request.consult).toHaveAccessibleDescription(texts.blocked['sso-required']);
  await expect(request.transfer).toHaveAccessibleDescription(texts.blocked['sso-required']);
  await request.choose('dialNumber');
  await request.number.fill('4711');
  await expect(request.consult).toBeEnabled();

  // Switched on again, the way is free without loading the page.
  await admin.page.getByRole('switch', { name: texts.admin.ssoOff }).click();
  await expect(admin.page.getByRole('switch', { name: texts.admin.ssoOn })).toBeChecked();
  await request.choose('organization');
  await request.search.fill('jur mueller');
  await request.row(demo.expert.name).click();
  await expect(request.consult).toBeEnabled();
  await expect(request.dialog.getByText(texts.sso.title)).toBeHidden();
});

test('without consent single sign-on cannot be switched on, and the page says what is missing', async ({ demo, open, guard, texts }) => {
  const { page, administration } = await open(demo.user('Admin'));
  await administration('setup');
  await page.getByRole('switch', { name: texts.admin.ssoOn }).click();
  await demo.control('PUT', `/tenants/${demo.world.tenant}`, { consent: [] });
  await page.getByRole('button', { name: texts.admin.check }).click();
  await expect(page.locator('li[aria-current="step"]')).toContainText(texts.admin.setup.step.consent.title);
  guard.allow(/status of 409.*\/admin\/organization\/sso/);
  await page.getByRole('switch', { name: texts.admin.ssoOff }).click();
  await expect(page.getByText(texts.problem['sso-incomplete'])).toBeVisible();
  await expect(page.getByText(/User\.Read\.All/).first()).toBeVisible();

  // The way to the consent is one press, in a window of its own.
  await page.getByRole('button', { name: texts.admin.getConsent }).click();
  await expect(page.getByRole('link', { name: texts.admin.openConsent })).toHaveAttribute('target', '_blank');
});

test("somebody with the contact centre's own identity learns how to reach experts", async ({ demo, visit, texts }) => {
  const greta = demo.world.contactCentre.users[0];
  if (!greta) throw new Error('nobody has an identity of the contact centre alone');
  const desktop = await visit();
  await desktop.signIn(greta, 'Hansa Contact Center');
  await demo.call(greta);
  const { dialog } = await desktop.openConsult();
  await expect(dialog.getByText(texts.sso['sign-in-required'])).toBeVisible();
  await expect(dialog.getByText(texts.sso.byAgent)).toBeVisible();
  await expect(dialog.getByRole('link', { name: texts.sso.signIn })).toHaveAttribute('href', /\/auth\/login\?/);
});
