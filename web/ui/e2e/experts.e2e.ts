import { fill } from './support/desktop';
import { expect, test } from './support/test';

test('a favourite stays over a crash, and whom one has consulted stands among the recent', async ({ demo, desktop, agent, data, guard, texts }) => {
  const { name } = demo.expert;
  await demo.call(agent);
  let request = await desktop.openConsult();
  await request.show('recent');
  await expect(request.dialog.getByText(texts.experts.empty.recent)).toBeVisible();
  await request.search.fill('jur mueller');
  await request.row(name).click();
  await request.favourite.click();
  await expect(request.favourite).toHaveAttribute('aria-pressed', 'true');
  await expect(request.dialog.getByRole('status')).toHaveText(fill(texts.experts.nowFavourite, { name }));
  await request.consult.click();
  await desktop.says('consult_requested', name);
  await desktop.press('withdraw');
  await desktop.says('active');

  guard.allow(/net::ERR_/);
  guard.allow(/404.*\/watch\)$/); // of a stream that ended with the service
  await demo.kill();
  await demo.restart(data);
  await desktop.page.reload();
  request = await desktop.openConsult();
  await request.show('favourites');
  await expect(request.row(name)).toHaveCount(1);
  await expect(request.row(name).getByRole('img', { name: texts.experts.favourite })).toBeVisible();
  await request.show('recent');
  await expect(request.row(name)).toHaveCount(1);

  // By the keyboard alone: choose, go to the star, take the mark away.
  await request.show('favourites');
  await request.search.focus();
  await desktop.page.keyboard.press('ArrowDown');
  await expect(request.row(name)).toHaveAttribute('aria-selected', 'true');
  await request.favourite.focus();
  await desktop.page.keyboard.press('Enter');
  await expect(request.dialog.getByText(texts.experts.empty.favourites)).toBeVisible();
});

test('presence reaches favourites as it reaches searches', async ({ demo, desktop, agent, texts }) => {
  await demo.presence(demo.expert, 'Available', 'Available');
  await demo.call(agent);
  const request = await desktop.openConsult();
  await request.search.fill('jur mueller');
  await request.row(demo.expert.name).click();
  await request.favourite.click();
  await request.show('favourites');
  await expect(request.row(demo.expert.name)).toContainText(texts.presence.available);
  await demo.presence(demo.expert, 'Busy', 'InACall');
  await expect(request.row(demo.expert.name)).toContainText(texts.presence.inACall);
});
