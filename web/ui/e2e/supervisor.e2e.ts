import { fill } from './support/desktop';
import { expect, test } from './support/test';

test('a supervisor follows the calls of the organisation, finds one and reads it', async ({ demo, desktop, agent, open, texts }) => {
  const { page } = await open(demo.user('Supervisor'));
  await expect(page.getByText(texts.supervisor.none)).toBeVisible();
  const second = demo.user('Agent', 1);
  await demo.call(second, '+4915200000001');
  const call = await demo.call(agent, '+4915200000002');

  // The calls come by themselves, and so does what happens in them.
  const list = page.getByRole('list', { name: texts.supervisor.list });
  const row = list.getByRole('link', { name: /4915200000002/ });
  await expect(row).toContainText(fill(texts.supervisor.sentence.active, { agent: agent.name }));
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await desktop.says('active');
  await desktop.press('hold');
  await expect(row).toContainText(texts.phase.held);
  await expect(row).toContainText(fill(texts.supervisor.sentence.held, { agent: agent.name }));

  await page.getByRole('combobox', { name: texts.supervisor.phase }).selectOption('held');
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await page.getByRole('combobox', { name: texts.supervisor.phase }).selectOption('live');
  await page.getByRole('searchbox', { name: texts.supervisor.words }).fill(second.name);
  await expect(row).toBeHidden();
  await page.getByRole('searchbox', { name: texts.supervisor.words }).fill('');

  // Reading one: no commands, what is going on, and it goes on by itself.
  await row.click();
  const detail = page.getByRole('region', { name: '+4915200000002' });
  await expect(detail.getByRole('heading', { level: 2 })).toBeFocused();
  await expect(detail.getByText(texts.call.readOnly)).toBeVisible();
  await desktop.press('resume');
  await expect(detail.getByTestId('sentence')).toHaveText(fill(texts.supervisor.sentence.active, { agent: agent.name }));
  await demo.act(call, 'customer', 'hangup');
  await expect(detail.getByTestId('sentence')).toHaveText(texts.supervisor.sentence.wrapup);
  await expect(row).toBeHidden(); // it is live no more

  // Nothing of it appears on the supervisor's own desktop.
  await page.getByRole('link', { name: texts.app.desktop }).click();
  await expect(page.getByRole('heading', { name: texts.call.none })).toBeVisible();
});

test('of five hundred live calls the list stays smooth, and the keyboard reaches the last one', async ({ demo, open, agent, texts }) => {
  await Promise.all(Array.from({ length: 500 }, (_, n) => demo.call(agent, `+49152${String(n).padStart(7, '0')}`)));
  const { page } = await open(demo.user('Supervisor'));
  await expect(page.getByText(fill(texts.supervisor.live_other, { count: 500 }))).toBeVisible();
  const list = page.getByRole('list', { name: texts.supervisor.list });
  expect(await list.getByRole('listitem').count()).toBeLessThan(60);
  await list.getByRole('link').first().focus();
  await page.keyboard.press('End');
  await expect(list.locator('a:focus').locator('..')).toHaveAttribute('aria-posinset', '500');
  await page.keyboard.press('Home');
  await expect(list.locator('a:focus').locator('..')).toHaveAttribute('aria-posinset', '1');
});
