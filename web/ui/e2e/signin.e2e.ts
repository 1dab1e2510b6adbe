import { expect, test } from './support/test';

test('signing out ends the session here and at Microsoft', async ({ visit, agent }) => {
  const desktop = await visit();
  await desktop.signIn(agent);
  const { page } = desktop;
  await desktop.signOut();
  await page.getByRole('link', { name: /Microsoft/ }).click();
  await expect(page.locator('#password'), 'the password is asked for again').toBeVisible();
});

test('a wrong password is for the provider to refuse; the right one leads back', async ({ visit, agent, texts }) => {
  const desktop = await visit();
  await desktop.enter({ ...agent, password: 'no such password' });
  await expect(desktop.page.getByRole('alert')).toBeVisible();
  await desktop.page.locator('#password').fill(agent.password);
  await desktop.page.getByRole('button').click();
  await expect(desktop.noCall).toBeVisible();
  await expect(desktop.page.getByText(agent.name)).toBeVisible();
  await expect(desktop.page.getByRole('heading', { name: texts.signIn.title })).toBeHidden();
});

test('somebody who is not in the agent table learns whom to ask', async ({ demo, visit, guard }) => {
  guard.allow(/status of 403.*\/auth\/callback/); // the page that says so is a refusal itself
  const desktop = await visit();
  await desktop.enter(demo.expert);
  await expect(desktop.page.getByRole('heading')).toBeVisible();
  await expect(desktop.page.getByText(demo.user('Admin').name)).toBeVisible();
});

test('the language is switched at once and kept', async ({ desktop, language }) => {
  const { page } = desktop;
  const other = language === 'de' ? { option: 'English', lang: 'en', text: 'No active call' } : { option: 'Deutsch', lang: 'de', text: 'Kein aktiver Anruf' };
  await page.getByRole('combobox', { name: desktop.texts.app.language }).selectOption(other.option);
  await expect(page.getByRole('heading', { name: other.text })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', other.lang);
  await page.reload();
  await expect(page.getByRole('heading', { name: other.text })).toBeVisible();
});
