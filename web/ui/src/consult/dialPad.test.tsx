import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { dialCheck, interaction } from '../test/fixtures';
import { openPage } from '../test/page';

async function openPad() {
  const page = openPage((service) => {
    service.interactions = [interaction()];
    service.on('POST /dial-number/check', ({ body }) => {
      const { input } = body as { input: string };
      return { json: dialCheck({ dialable: input, format: 'internal', country: null }) };
    });
  });
  await page.user.click(await screen.findByRole('button', { name: 'Consult' }));
  await page.user.click(await screen.findByRole('tab', { name: /Dial number/ }));
  const inside = within(screen.getByRole('dialog', { name: 'Consult request' }));
  const field = await inside.findByRole('textbox', { name: 'Number' });
  return { ...page, inside, field, pad: within(inside.getByRole('group', { name: 'Dial pad' })) };
}

test('every key of the pad writes its character, and what results is checked', async () => {
  const { user, field, pad, inside } = await openPad();
  const names = ['plus', ...'1234567890', 'star', 'hash'];
  for (const name of names) await user.click(pad.getByRole('button', { name: new RegExp(`^${name}`) }));
  expect(field).toHaveValue('+1234567890*#');
  expect(await inside.findByText('Will be dialled: +1234567890*#')).toBeVisible();
});

test('the last character is taken back, and with none left there is nothing to take', async () => {
  const { user, field, pad } = await openPad();
  const back = pad.getByRole('button', { name: 'Delete the last character' });
  expect(back).toHaveAttribute('aria-disabled', 'true');
  await user.type(field, '47');
  await user.click(back);
  expect(field).toHaveValue('4');
});
