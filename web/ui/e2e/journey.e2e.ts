import { fill } from './support/desktop';
import { expect, test } from './support/test';

test('an agent signs in, asks an expert, swaps, brings all together, hands over and wraps up', async ({ demo, texts, visit, agent }) => {
  const { expert } = demo;
  const { name } = expert;
  const desktop = await visit();
  await desktop.signIn(agent);

  // Nothing to do yet: Consult waits, can be reached and says why.
  await expect(desktop.noCall).toBeVisible();
  await expect(desktop.command('consult')).toHaveAttribute('aria-disabled', 'true');
  await expect(desktop.command('consult')).toHaveAccessibleDescription(texts.blocked.noCall);
  await desktop.command('consult').focus();
  await expect(desktop.command('consult')).toBeFocused();

  // The call appears by itself.
  const call = await demo.call(agent);
  await desktop.says('active');
  await expect(desktop.command('consult')).toBeEnabled();

  // Search for an expert in another spelling, see their presence and its age, fetch it anew.
  const request = await desktop.openConsult();
  await expect(request.search).toBeFocused();
  await request.search.fill('mueller jur');
  const row = request.row(name);
  await expect(row).toContainText(/· \d+ s/);
  await request.search.press('ArrowDown');
  await expect(row).toHaveAttribute('aria-selected', 'true');
  await demo.presence(expert, 'Busy', 'InACall');
  await request.refresh.click();
  await expect(row).toContainText(texts.presence.inACall);
  await expect(row).toHaveAttribute('aria-selected', 'true');
  await expect(request.dialog.getByRole('status')).toHaveText(texts.experts.refreshed);

  // Ask them: the customer is held while the telephone rings.
  await request.consult.click();
  await desktop.says('consult_requested', name);
  await expect(request.dialog).toBeHidden();
  await demo.act(call, 'consulted', 'answer');
  await desktop.says('consulting', name);

  // To the customer and back, then everybody together.
  await desktop.press('resume');
  await desktop.says('swapped', name);
  await expect(desktop.parties).toContainText(`${name}${texts.call.held}`);
  await desktop.press('resumeExpert');
  await desktop.says('consulting', name);
  await expect(desktop.parties).toContainText(`${texts.call.customer}${texts.call.held}`);
  await desktop.press('conference');
  await desktop.says('conferenced', name);

  // Leaving hands the customer over; the wrap-up asks for a reason and keeps none without.
  await desktop.press('leave');
  await expect(desktop.sentence).toContainText(fill(texts.sentence.former.over, { name }));
  await desktop.press('wrapUp');
  await expect(desktop.page.getByText(texts.wrapUp.required)).toBeVisible();
  await desktop.wrapUp();
  await expect(desktop.noCall).toBeVisible();
});
