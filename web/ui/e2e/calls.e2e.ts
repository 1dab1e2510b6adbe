import { expect, test } from './support/test';

test('loading the page again in mid-call brings back exactly what was there', async ({ demo, desktop, agent }) => {
  const { page } = desktop;
  const call = await demo.call(agent);
  const request = await desktop.openConsult();
  await request.search.fill('jur mueller');
  await request.row(demo.expert.name).click();
  await request.consult.click();
  await desktop.says('consult_requested', demo.expert.name);
  await demo.act(call, 'consulted', 'answer');
  await desktop.says('consulting', demo.expert.name);
  await desktop.press('resume');
  await desktop.says('swapped', demo.expert.name);
  await expect(desktop.command('resumeExpert'), 'the command is done with').toBeEnabled();
  const shown = async () => ({
    sentence: await desktop.sentence.textContent(),
    parties: await desktop.parties.ariaSnapshot(),
    commands: await page.getByRole('main').getByRole('button').allTextContents(),
    heading: await page.getByRole('heading', { level: 2 }).textContent(),
  });
  const before = await shown();
  const timer = page.getByRole('timer').first();
  const seconds = await seen(timer.textContent());

  await page.reload();
  await desktop.says('swapped', demo.expert.name);
  await expect.poll(shown).toEqual(before);
  expect(await seen(timer.textContent()), 'the time goes on, it does not begin again').toBeGreaterThanOrEqual(seconds);
});

/** Seconds of a timer such as 1:02. */
async function seen(text: Promise<string | null>): Promise<number> {
  const parts = (await text)?.split(':').map(Number) ?? [];
  return parts.reduce((sum, part) => sum * 60 + part, 0);
}

test('when the customer hangs up during a consult, a dialog says so and the wrap-up opens', async ({ demo, desktop, agent, texts }) => {
  const { page } = desktop;
  const call = await demo.call(agent);
  const request = await desktop.openConsult();
  await request.search.fill('jur mueller');
  await request.row(demo.expert.name).click();
  await request.consult.click();
  await desktop.says('consult_requested', demo.expert.name);
  await demo.act(call, 'customer', 'hangup');

  const dialog = page.getByRole('alertdialog', { name: texts.call.lostTitle });
  await expect(dialog).toContainText(texts.call.lostWrapUp);
  await dialog.getByRole('button', { name: texts.call.lostOk }).click();
  await expect(dialog).toBeHidden();

  // The wrap-up outlives Escape, another theme and loading the page again, with what was typed.
  await page.getByRole('radio').nth(2).check();
  await page.getByRole('textbox', { name: texts.wrapUp.note }).fill('Ruft später wieder an');
  await page.keyboard.press('Escape');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(page.locator('html')).toHaveAttribute('style', /color-scheme: dark/);
  await expect(page.getByRole('radio').nth(2)).toBeChecked();
  await page.reload();
  await expect(page.getByRole('radio').nth(2)).toBeChecked();
  await expect(page.getByRole('textbox', { name: texts.wrapUp.note })).toHaveValue('Ruft später wieder an');
  await desktop.press('wrapUp');
  await expect(desktop.noCall).toBeVisible();
});

test('a lost connection says so, blocks commands and ends by itself, with the call as it was', async ({ demo, data, desktop, agent, guard, texts }) => {
  const { page } = desktop;
  await demo.call(agent);
  await desktop.press('hold');
  await desktop.says('held');
  guard.allow(/net::ERR_|status of 502|status of 503/); // what the browser says of a service that is away
  await demo.kill();
  const banner = page.getByText(texts.connection.lost.split('{{age}}')[1] ?? '');
  await expect(banner).toBeVisible();
  await expect(desktop.command('resume')).toHaveAttribute('aria-disabled', 'true');
  await expect(desktop.command('resume')).toHaveAccessibleDescription(texts.blocked.offline);

  await demo.restart(data);
  await expect(banner).toBeHidden();
  await desktop.says('held');
  await desktop.press('resume');
  await desktop.says('active');
});
