import { fill } from './support/desktop';
import { expect, test } from './support/test';

test('a pasted number is cleaned and called; who declines leaves the customer with the agent', async ({ demo, texts, desktop, agent }) => {
  const call = await demo.call(agent);
  const request = await desktop.openConsult('dialNumber');
  await request.paste('tel:+49 (0)89 99998-234');
  await expect(request.number).toHaveValue('+498999998234');
  await expect(request.dialog.getByText(fill(texts.dial.dials, { number: '+498999998234' }))).toBeVisible();
  await expect(request.dialog.getByText(/tel: {2}.*\(0\)/)).toBeVisible();
  await request.consult.click();
  await desktop.says('consult_requested', '+498999998234');

  await demo.act(call, 'consulted', 'decline');
  await desktop.says('held');
  await expect(desktop.page.getByText(texts.failure.declined)).toBeVisible();
  await expect(desktop.page.getByText(texts.failure.next)).toBeVisible();
  await expect(desktop.parties).toContainText(`${texts.call.customer}${texts.call.held}`);

  // Retrying is possible at once, and so is going back.
  await expect(desktop.command('consult')).toBeEnabled();
  await desktop.press('resume');
  await desktop.says('active');
});

test('a text that can be two numbers is called only once one of them is chosen', async ({ demo, texts, desktop, agent }) => {
  await demo.call(agent);
  const request = await desktop.openConsult('dialNumber');
  await request.paste('+49 89 99998-234 ext. 56');
  await expect(request.dialog.getByText(texts.dial.problem.ambiguous)).toBeVisible();
  await expect(request.consult).toHaveAccessibleDescription(texts.blocked.chooseReading);
  await request.dialog.getByRole('radio').first().check();
  await expect(request.consult).toBeEnabled();
});

test('a number that is too short says so and cannot be called', async ({ demo, texts, desktop, agent }) => {
  await demo.call(agent);
  const request = await desktop.openConsult('dialNumber');
  await request.number.fill('47');
  await expect(request.dialog.getByText(fill(texts.dial.problem['too-short'], { count: 2 }))).toBeVisible();
  await expect(request.consult).toHaveAttribute('aria-disabled', 'true');
  await expect(request.consult).toHaveAccessibleDescription(texts.blocked.noNumber);
});

test('a stored number is called by two presses', async ({ demo, desktop, agent }) => {
  const call = await demo.call(agent);
  const request = await desktop.openConsult('dialNumber');
  await request.dialog.getByRole('button', { name: /Dolmetscherdienst/ }).click();
  await request.consult.click();
  await desktop.says('consult_requested', '+493023125010');
  await demo.act(call, 'consulted', 'answer');
  await desktop.says('consulting', '+493023125010');
  await desktop.press('endConsult');
  await desktop.says('active');
});
