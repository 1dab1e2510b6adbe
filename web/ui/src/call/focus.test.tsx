import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { allow, consulting, interaction, wrappingUp } from '../test/fixtures';
import { openPage } from '../test/page';

test('the button of a swap keeps the keyboard, whatever it is called by then', async () => {
  const { service, user } = openPage((fake) => (fake.interactions = [consulting()]));
  service.on('POST /interactions/i1/resume', () => ({ json: consulting({ version: 5, phase: 'swapped', actions: allow('resumeExpert', 'transfer') }) }));
  const resume = await screen.findByRole('button', { name: 'Resume' });
  resume.focus();
  await user.keyboard('{Enter}');
  expect(await screen.findByRole('button', { name: 'Swap back' })).toHaveFocus();
});

test('when a command takes its own button away, the heading of what comes has the keyboard', async () => {
  const { service, user } = openPage((fake) => (fake.interactions = [interaction()]));
  service.on('POST /interactions/i1/end', () => ({ json: wrappingUp() }));
  (await screen.findByRole('button', { name: 'End call' })).focus();
  await user.keyboard('{Enter}');
  const heading = await screen.findByRole('heading', { name: 'Wrap-up' });
  await waitFor(() => expect(heading).toHaveFocus());

  service.on('POST /interactions/i1/wrap-up', () => ({ json: interaction({ version: 10, phase: 'ended', actions: allow() }) }));
  await user.click(screen.getByRole('radio', { name: 'Call back' }));
  screen.getByRole('button', { name: 'Finish wrap-up' }).focus();
  await user.keyboard('{Enter}');
  const over = await screen.findByRole('heading', { name: 'No active call' });
  await waitFor(() => expect(over).toHaveFocus());
});

test('what happens elsewhere on the page takes the keyboard from nobody', async () => {
  const { service } = openPage((fake) => (fake.interactions = [consulting()]));
  const status = await screen.findByRole('combobox', { name: 'Your status' });
  (await screen.findByRole('button', { name: 'Transfer' })).focus();
  status.focus();
  await waitFor(() => expect(service.listening).toBe(true));
  service.put(consulting({ version: 5, phase: 'conferenced', actions: allow('leave', 'end') }));
  await screen.findByRole('button', { name: 'Leave conference' });
  expect(status).toHaveFocus();
});
