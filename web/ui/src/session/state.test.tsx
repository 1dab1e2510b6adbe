import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { session } from '../test/fixtures';
import { openPage } from '../test/page';
import { problem, type FakeService } from '../test/service';

const status = () => screen.findByRole('combobox', { name: 'Your status' });

/** A service that keeps the state that it is told. */
function keeping(service: FakeService) {
  service.on('PUT /session/state', ({ body }) => {
    const wanted = body as { name: 'available' | 'idle'; reason?: string };
    service.session = session({ state: { name: wanted.name, since: '2026-11-22T08:00:00.000Z', reason: wanted.reason ?? null } });
    return { json: service.session };
  });
}

const sent = (service: FakeService) => service.requests('PUT /session/state').map(({ body }) => body);

test('a break with one of the ready reasons is one choice', async () => {
  const { service, user } = openPage(keeping);
  await user.selectOptions(await status(), 'Idle: Lunch');
  expect(sent(service)).toEqual([{ name: 'idle', reason: 'Lunch' }]);
  await waitFor(async () => expect(await status()).toHaveDisplayValue('Idle: Lunch'));
  expect(screen.getByRole('status')).toHaveTextContent('Your status is now: Idle: Lunch');
});

test('a break for a reason in own words asks for them and shows them', async () => {
  const { service, user } = openPage(keeping);
  await user.selectOptions(await status(), 'Idle: another reason …');
  expect(sent(service)).toEqual([]);
  const dialog = within(await screen.findByRole('dialog', { name: 'Take a break' }));
  await user.type(dialog.getByRole('textbox', { name: 'Reason (optional)' }), ' dentist {Enter}');
  expect(sent(service)).toEqual([{ name: 'idle', reason: 'dentist' }]);
  await waitFor(async () => expect(await status()).toHaveDisplayValue('Idle: dentist'));
  await user.selectOptions(await status(), 'Available');
  expect(sent(service).at(-1)).toEqual({ name: 'available' });
});

test('who thinks better of it stays as they were', async () => {
  const { service, user } = openPage(keeping);
  await user.selectOptions(await status(), 'Idle: another reason …');
  await user.click(await screen.findByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  expect(sent(service)).toEqual([]);
  expect(await status()).toHaveDisplayValue('Available');
  expect(await status()).toHaveFocus();
});

test('a refusal is shown and leaves the state as the service has it', async () => {
  const { user } = openPage((service) => service.on('PUT /session/state', () => problem('storage-unavailable', 503)));
  await user.selectOptions(await status(), 'Idle');
  expect(await screen.findByText(/cannot store/i)).toBeVisible();
  expect(await status()).toHaveDisplayValue('Available');
  await user.click(screen.getByRole('button', { name: 'Close' }));
  expect(screen.queryByText(/cannot store/i)).not.toBeInTheDocument();
});

test('while a change is under way the chooser keeps the keyboard and takes no other', async () => {
  let answer: (answer: { json: unknown }) => void = () => undefined;
  const { service, user } = openPage((fake) => fake.on('PUT /session/state', () => new Promise((resolve) => (answer = resolve))));
  const chooser = await status();
  chooser.focus();
  await user.selectOptions(chooser, 'Idle: Lunch');
  expect(chooser).toHaveAttribute('aria-busy', 'true');
  expect(chooser).toHaveFocus();
  await user.selectOptions(chooser, 'Idle: Meeting');
  expect(sent(service)).toHaveLength(1);
  service.session = session({ state: { name: 'idle', since: '2026-11-22T08:00:00.000Z', reason: 'Lunch' } });
  answer({ json: service.session });
  await waitFor(() => expect(chooser).toHaveDisplayValue('Idle: Lunch'));
  expect(chooser).toHaveFocus();
});
