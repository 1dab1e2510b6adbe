import { expect, test } from './support/teams/test';

test('a tab that is left listens no more, and catches up when it is seen again', async ({ tab, demo, agent, texts }) => {
  const { desktop, host } = tab;
  const first = await demo.call(agent);
  await desktop.says('active');
  const ended = host.page.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/v1/events'));
  await host.suspend();
  await ended;
  const asked = host.heard.length;

  await demo.act(first, 'customer', 'hangup');
  await demo.call(agent, '+4915133333333');
  expect(host.heard.length, 'nobody asks for anything while nobody looks').toBe(asked);

  const resumed = host.page.waitForRequest((request) => request.url().endsWith('/api/v1/events'));
  await host.resume();
  expect((await resumed).headers()['last-event-id'], 'goes on after the last event that it saw').toBeTruthy();
  await expect(desktop.view.getByText('+4915133333333').first()).toBeVisible();
  await expect(desktop.view.getByRole('navigation', { name: texts.call.list })).toContainText(texts.phase.wrapup);
  await expect.poll(() => host.count('appInitialization.success'), 'Teams is told that the tab is back').toBe(2);
});

test('a deep link to a tab that Teams has kept opens its call', async ({ tab, demo, agent }) => {
  const { desktop, host } = tab;
  const one = await demo.call(agent, '+4915111111111');
  const two = await demo.call(agent, '+4915122222222');
  await desktop.says('active');
  for (const [call, number] of [[one, '11111111'], [two, '22222222']] as const) {
    await host.suspend();
    await host.resume(call);
    await expect(desktop.currentCall).toContainText(number);
  }
});

test('colours that were changed while the tab was left are there when it is seen again', async ({ tab }) => {
  const { desktop, host } = tab;
  await expect(desktop.noCall).toBeVisible();
  await host.suspend();
  host.looks.theme = 'dark';
  await host.resume();
  await expect(desktop.view.locator('html')).toHaveCSS('color-scheme', 'dark');
});
