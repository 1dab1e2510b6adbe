import { Demo } from './support/demo';
import { Line } from './support/line';
import { expect, test as base } from './support/test';

/** The same as everywhere, over a line that a test can cut. */
const test = base.extend<{ line: Line }>({
  // eslint-disable-next-line no-empty-pattern
  line: async ({}, provide) => {
    const line = await Line.lay();
    await provide(line);
    line.close();
  },
  demo: async ({ data, line }, provide) => {
    const demo = await Demo.start(data, 400, { url: line.url, flags: [] });
    line.to = Number(new URL(demo.local).port);
    await provide(demo);
    await demo.stop();
  },
});

test('a line that breaks is taken up again after the last event, without loading anything anew', async ({ demo, desktop, agent, line, guard, texts }) => {
  guard.allow(/net::ERR_/);
  const { page } = desktop;
  const first = await demo.call(agent, '+4915111111111');
  await desktop.says('active');
  const banner = page.getByText(texts.connection.lost.split('{{age}}')[1] ?? '');
  line.cut();
  await expect(banner).toBeVisible();
  await expect(desktop.command('hold')).toHaveAccessibleDescription(texts.blocked.offline);
  await demo.act(first, 'customer', 'hangup');
  await demo.call(agent, '+4915122222222');

  const resumed = page.waitForRequest((request) => request.url().endsWith('/api/v1/events') && request.headers()['last-event-id'] !== undefined);
  line.mend();
  await resumed;
  await expect(banner).toBeHidden();
  const calls = page.getByRole('navigation', { name: texts.call.list });
  await expect(calls).toContainText('+4915122222222');
  await expect(calls).toContainText(texts.phase.wrapup);
});

test('the service dies in mid-consult and comes back: the consult is as it was, and goes on', async ({ demo, data, desktop, agent, guard, texts }) => {
  guard.allow(/net::ERR_|status of 40[14]|status of 50[234]/);
  const call = await demo.call(agent);
  const request = await desktop.openConsult();
  await request.search.fill('jur mueller');
  await request.row(demo.expert.name).click();
  await request.consult.click();
  await desktop.says('consult_requested', demo.expert.name);
  await demo.act(call, 'consulted', 'answer');
  await desktop.says('consulting', demo.expert.name);

  await demo.kill();
  await expect(desktop.command('transfer')).toHaveAccessibleDescription(texts.blocked.offline);
  await demo.restart(data);
  await expect(desktop.command('transfer')).toBeEnabled();
  await desktop.says('consulting', demo.expert.name);
  await desktop.press('transfer');
  await desktop.wrapUp();
  await expect(desktop.noCall).toBeVisible();
});

test('two windows of one agent show the same call, and what is under way in one waits in the other', async ({ demo, desktop, open, agent, texts }) => {
  const other = await open(agent);
  await demo.call(agent);
  for (const window of [desktop, other]) await window.says('active');

  // Long enough for a slow machine to draw what lasts no longer than this.
  await demo.control('POST', '/switch/faults', { op: 'hold', mode: 'delay', delayMs: 20_000 });
  await desktop.press('hold');
  await expect(other.command('hold')).toHaveAccessibleDescription(texts.blocked.pending);
  for (const window of [desktop, other]) await window.says('held');
  await other.press('resume');
  for (const window of [desktop, other]) await window.says('active');
});

test('a sign-in that ends while somebody types takes nothing away that was typed', async ({ demo, desktop, agent, guard, texts }) => {
  guard.allow(/status of 401/);
  const { page } = desktop;
  const call = await demo.call(agent);
  await desktop.says('active'); // only who saw the customer is told that they have gone
  await demo.act(call, 'customer', 'hangup');
  await page.getByRole('alertdialog', { name: texts.call.lostTitle }).getByRole('button', { name: texts.call.lostOk }).click();
  const note = page.getByRole('textbox', { name: texts.wrapUp.note });
  await page.getByRole('radio').nth(1).check();
  await note.fill('Fragt nach der Rechnung vom');

  // In another window the agent signs out; this one is told.
  await desktop.signOutElsewhere();
  await expect(page.getByRole('heading', { name: texts.signIn.title })).toBeVisible();

  await desktop.signIn(agent);
  await expect(note).toHaveValue('Fragt nach der Rechnung vom');
  await expect(page.getByRole('radio').nth(1)).toBeChecked();
  await desktop.press('wrapUp');
  await expect(desktop.noCall).toBeVisible();
});

test('on a slow line a command says that it is under way, and is not sent twice', async ({ demo, desktop, agent, texts }) => {
  const { page } = desktop;
  await demo.call(agent);
  await desktop.says('active');
  const line = await page.context().newCDPSession(page);
  await line.send('Network.enable');
  await line.send('Network.emulateNetworkConditions', { offline: false, latency: 1_500, downloadThroughput: 20_000, uploadThroughput: 20_000 });
  let sent = 0;
  let letThrough: () => void = () => undefined;
  const looked = new Promise<void>((resolve) => (letThrough = resolve));
  await page.route('**/hold', async (route) => {
    sent += 1;
    await looked; // however slow the line is, the test may be slower
    await route.continue();
  });

  await desktop.press('hold');
  await expect(desktop.command('hold')).toHaveAttribute('aria-busy', 'true');
  await expect(desktop.command('hold')).toHaveAccessibleDescription(texts.running.one);
  await desktop.command('hold').click({ force: true });
  letThrough();
  await desktop.says('held');
  expect(sent).toBe(1);
  await expect(page.getByText(texts.connection.lost.split('{{age}}')[1] ?? ''), 'slow is not lost').toBeHidden();
});
