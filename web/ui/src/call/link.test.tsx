import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { allow, interaction } from '../test/fixtures';
import { openPage } from '../test/page';
import { callAddress } from '../shared/route';

const over = interaction({ version: 2, phase: 'ended', actions: allow() });

test('a link to a call that is over says so, and leaves the one that is going on', async () => {
  location.hash = callAddress('i1');
  openPage((service) => (service.interactions = [interaction({ id: 'i2', customer: { ...interaction().customer, number: '+4930222' } }), over]));
  expect(await screen.findByText('The call of this link is over.')).toBeVisible();
  expect(screen.getByRole('heading', { name: '+4930222' })).toBeVisible();
});

test('a link to a call that nobody knows, or that is not one’s own, says so', async () => {
  location.hash = callAddress('i9');
  openPage((service) => (service.interactions = [over]));
  expect(await screen.findByText(/does not exist any more or is not one of yours/)).toBeVisible();
});

test('a call that ends where its link has led is no broken link', async () => {
  location.hash = callAddress('i1');
  const { service } = openPage((fake) => (fake.interactions = [interaction()]));
  await screen.findByRole('button', { name: 'Hold' });
  await waitFor(() => expect(service.listening).toBe(true));
  service.put(over);
  await screen.findByText('No active call');
  expect(screen.queryByText(/of this link/)).not.toBeInTheDocument();
});
