import { shortcuts } from '../src/shared/shortcuts';
import { fill } from './support/desktop';
import { expect, test } from './support/test';

test('the consult request is worked by keyboard alone', async ({ demo, desktop, agent, texts }) => {
  const { page } = desktop;
  await demo.call(agent);
  await desktop.says('active'); // without a call there is a button of this name too
  await desktop.command('consult').focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: texts.consult.title });
  const search = dialog.getByRole('combobox', { name: texts.search.organization });
  await expect(search).toBeFocused();

  // Escape empties the search, then closes, and the focus is where it was.
  await page.keyboard.type('jur');
  await expect(search).toHaveValue('jur');
  await page.keyboard.press('Escape');
  await expect(search).toHaveValue('');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(desktop.command('consult')).toBeFocused();
  await desktop.says('active');

  // The tab key stays inside, all the way round.
  await page.keyboard.press('Enter');
  await expect(search).toBeFocused();
  let turns = 0;
  do {
    await page.keyboard.press('Tab');
    await expect(dialog.locator(':focus')).toHaveCount(1);
    turns += 1;
  } while (turns < 20 && !(await search.evaluate((field) => field === document.activeElement)));
  expect(turns, 'the way round the dialog').toBeLessThan(20);

  // Arrows go through the tabs.
  await dialog.getByRole('tab', { name: texts.kind.organization }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(dialog.getByRole('tab', { name: texts.kind.queue })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(dialog.getByRole('tab', { name: texts.kind.organization })).toBeFocused();

  await page.keyboard.press('Home');
  await expect(dialog.getByRole('tab', { name: texts.kind.agent, exact: true })).toBeFocused();
  await page.keyboard.press('End');
  await expect(dialog.getByRole('tab', { name: texts.kind.dialNumber })).toBeFocused();
  await dialog.getByRole('tab', { name: texts.kind.organization }).click();

  // Up and down choose, Enter consults, and Escape never ends that.
  await search.focus();
  await page.keyboard.type('jur mueller');
  await expect(dialog.getByRole('listbox').getByRole('option')).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await desktop.says('consult_requested', demo.expert.name);
  await page.keyboard.press('Escape');
  await desktop.says('consult_requested', demo.expert.name);
});

test('a call is led from its consult to its wrap-up by keyboard alone, and the keyboard is never lost', async ({ demo, desktop, agent, texts }) => {
  const { page } = desktop;
  const { name } = demo.expert;
  const focused = page.locator('main :focus');
  const call = await demo.call(agent);
  await desktop.says('active');

  // A letter leads there, Enter does it.
  await page.keyboard.press(shortcuts.hold);
  await expect(desktop.command('hold')).toBeFocused();
  await page.keyboard.press('Enter');
  await desktop.says('held');
  await expect(desktop.command('resume'), 'the same button').toBeFocused();
  // What a command did may be told before its own answer is there, and one runs at a time.
  await expect(desktop.command('consult')).toBeEnabled();
  await page.keyboard.press(shortcuts.consult);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: texts.search.organization })).toBeFocused();
  await page.keyboard.type('jur mueller');
  await expect(page.getByRole('listbox').getByRole('option')).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await desktop.says('consult_requested', name);
  await expect(focused).toHaveCount(1);
  await demo.act(call, 'consulted', 'answer');
  await desktop.says('consulting', name);

  // To the customer and back with one button, then the call is handed over.
  await page.keyboard.press(shortcuts.bar);
  await expect(desktop.command('resume')).toBeFocused();
  await expect(desktop.command('resume')).toBeEnabled();
  await page.keyboard.press('Enter');
  await desktop.says('swapped', name);
  await expect(desktop.command('resumeExpert')).toBeFocused();
  await expect(desktop.command('resumeExpert')).toBeEnabled();
  await page.keyboard.press('Enter');
  await desktop.says('consulting', name);
  await expect(desktop.command('resume')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(desktop.command('transfer')).toBeFocused();
  await expect(desktop.command('transfer')).toBeEnabled();
  await page.keyboard.press('Enter');
  await expect(desktop.sentence).toContainText(fill(texts.sentence.former.over, { name }));
  await expect(page.getByRole('heading', { level: 1, name: texts.wrapUp.title })).toBeFocused();

  await page.keyboard.press(shortcuts.wrapUp);
  await page.keyboard.press('Space');
  await expect(page.getByRole('radio').first()).toBeChecked();
  await page.keyboard.press('Tab');
  await page.keyboard.type('Fragt nach der Rechnung vom');
  await page.keyboard.press('Tab');
  await expect(desktop.command('wrapUp')).toBeFocused();
  await expect(desktop.command('wrapUp')).toBeEnabled();
  await page.keyboard.press('Enter');
  await expect(desktop.noCall).toBeFocused();
});

test('in a window of 320 pixels everything in the consult request can be reached', async ({ demo, desktop, agent }) => {
  await desktop.page.setViewportSize({ width: 320, height: 640 });
  const call = await demo.call(agent);
  const request = await desktop.openConsult();
  await request.search.fill('jur mueller');
  await request.row(demo.expert.name).click();
  await request.refresh.click();
  await request.transfer.click();
  await desktop.says('coldTransfer', demo.expert.name);
  await demo.act(call, 'consulted', 'answer');
  await desktop.wrapUp();
  await expect(desktop.noCall).toBeVisible();
});
