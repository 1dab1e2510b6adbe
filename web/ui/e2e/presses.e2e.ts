import { expect, test } from './support/test';

test('a second click that comes when Resume has become Hold does not put the customer on hold again', async ({ demo, desktop, agent }) => {
  const { page } = desktop;
  await demo.call(agent);
  await desktop.press('hold');
  await desktop.says('held');
  const box = await desktop.command('resume').boundingBox();
  if (!box) throw new Error('Resume is not on the page');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const sent: string[] = [];
  page.on('request', (asked) => void (asked.method() === 'POST' && sent.push(asked.url().split('/').pop() ?? '')));
  await page.mouse.move(x, y);
  for (const clickCount of [1, 2, 3]) {
    await page.mouse.down({ clickCount });
    await page.mouse.up({ clickCount });
    await desktop.says('active'); // the series goes on when the button has changed
    await expect(desktop.command('hold')).toBeEnabled();
  }
  await desktop.says('active');
  expect(sent).toEqual(['resume']);
});
