import { fill } from './support/desktop';
import { expect, test } from './support/test';

test('a colleague accepts in a browser of their own, is handed the customer and owns the call', async ({ demo, open, desktop, agent, texts }) => {
  const second = demo.user('Agent', 1);
  const colleague = await open(second);
  await demo.call(agent);
  const request = await desktop.openConsult('agent');
  await request.search.fill(second.name);
  await request.row(second.name).click();
  await request.consult.click();
  await desktop.says('consult_requested', second.name);

  await expect(colleague.sentence).toContainText(fill(texts.sentence.agent2.consult_requested, { name: agent.name }));
  await colleague.press('accept');
  await expect(colleague.sentence).toContainText(fill(texts.sentence.agent2.consulting, { name: agent.name }));
  // Agent 2 may leave, and nothing else.
  await expect(colleague.command('leaveConsult')).toBeVisible();
  await expect(colleague.command('resume')).toBeHidden();
  await expect(colleague.command('end')).toBeHidden();

  await desktop.says('consulting', second.name);
  await desktop.press('transfer');
  await expect(desktop.sentence).toContainText(fill(texts.sentence.former.over, { name: second.name }));
  await colleague.says('transferred');
  await desktop.wrapUp();
  await expect(desktop.noCall).toBeVisible();

  // The call is the colleague's now, to its end.
  await colleague.press('hold');
  await colleague.says('held');
  await colleague.press('resume');
  await colleague.says('active');
  await colleague.press('end');
  await colleague.wrapUp(1);
  await expect(colleague.noCall).toBeVisible();
});

test('a colleague declines and says why', async ({ demo, open, desktop, agent, texts }) => {
  const second = demo.user('Agent', 1);
  const colleague = await open(second);
  await demo.call(agent);
  const request = await desktop.openConsult('agent');
  await request.row(second.name).click();
  await request.consult.click();

  await colleague.page.getByRole('textbox', { name: texts.consult.declineReason }).fill('Mittagspause');
  await colleague.press('decline');
  await expect(colleague.noCall).toBeVisible();
  await expect(colleague.page.getByText(texts.consult.gone.over), 'their own doing is no news').toBeHidden();
  await desktop.says('held');
  await expect(desktop.page.getByText(texts.failure.declined)).toContainText(fill(texts.consult.declineNote, { note: 'Mittagspause' }));
});

test('an offer that is withdrawn goes away and says so', async ({ demo, open, desktop, agent, texts }) => {
  const second = demo.user('Agent', 1);
  const colleague = await open(second);
  await demo.call(agent);
  const request = await desktop.openConsult('agent');
  await request.row(second.name).click();
  await request.consult.click();
  await expect(colleague.command('accept')).toBeVisible();
  await desktop.press('withdraw');
  await desktop.says('active');
  await expect(colleague.page.getByText(texts.consult.gone.withdrawn)).toBeVisible();
  await expect(colleague.noCall).toBeVisible();
});
