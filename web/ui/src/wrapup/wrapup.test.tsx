import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { allow, interaction, wrappingUp, wrapUp } from '../test/fixtures';
import { openPage } from '../test/page';

test('a reason is required', async () => {
  const { service, user } = openPage((fake) => (fake.interactions = [wrappingUp()]));
  await user.click(await screen.findByRole('button', { name: 'Finish wrap-up' }));
  expect(await screen.findByText('Please choose a reason.')).toBeVisible();
  expect(service.requests('POST /interactions/i1/wrap-up')).toHaveLength(0);
});

test('reason and note are sent, and the call is put away', async () => {
  const { service, user } = openPage((fake) => (fake.interactions = [wrappingUp()]));
  service.on('POST /interactions/i1/wrap-up', () => ({ json: interaction({ version: 10, phase: 'ended', actions: allow() }) }));
  await user.click(await screen.findByRole('radio', { name: 'Call back' }));
  await user.type(screen.getByRole('textbox', { name: 'Note (optional)' }), ' tomorrow ');
  await user.click(screen.getByRole('button', { name: 'Finish wrap-up' }));
  expect(await screen.findByText('No active call')).toBeVisible();
  expect(service.requests('POST /interactions/i1/wrap-up')[0]?.body).toEqual({ code: 'follow', note: 'tomorrow' });
});

test('what was entered survives Escape and a reload', async () => {
  const first = openPage((fake) => (fake.interactions = [wrappingUp()]));
  await first.user.click(await screen.findByRole('radio', { name: 'Call back' }));
  await first.user.type(screen.getByRole('textbox', { name: 'Note (optional)' }), 'half a');
  await first.user.keyboard('{Escape}');
  first.unmount();
  openPage((fake) => (fake.interactions = [wrappingUp()]));
  expect(await screen.findByRole('radio', { name: 'Call back' })).toBeChecked();
  expect(screen.getByRole('textbox', { name: 'Note (optional)' })).toHaveValue('half a');
});

test('a running timer names what it will apply and can be stopped where that is allowed', async () => {
  const dueAt = new Date(Date.now() + 600_000).toISOString();
  const timed = wrappingUp({ actions: allow('wrapUp', 'pauseWrapUp') });
  const { service, user } = openPage((fake) => (fake.interactions = [{ ...timed, wrapUp: wrapUp({ dueAt }) }]));
  service.on('POST /interactions/i1/wrap-up/pause', () => ({
    json: { ...timed, version: 10, wrapUp: wrapUp({ paused: true }) },
  }));
  expect(await screen.findByText(/“Request solved” is applied by itself in (10:00|9:\d\d)\./)).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Stop the timer' }));
  await waitFor(() => expect(screen.queryByText(/applied by itself/)).not.toBeInTheDocument());
});
