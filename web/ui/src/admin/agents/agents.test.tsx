import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ben, openAdmin } from '../../test/admin';
import { problem } from '../../test/service';

test('agents are listed and filtered by any of their words', async () => {
  const { user } = openAdmin('agents');
  await screen.findByRole('heading', { level: 3, name: 'Anja Weber' });
  expect(screen.getByText('2 of 2 agents')).toBeVisible();
  await user.type(screen.getByRole('searchbox', { name: 'Filter agents' }), 'hamburg ben');
  expect(screen.getByText('1 of 2 agents')).toBeVisible();
  expect(screen.getByRole('heading', { level: 3, name: 'Ben Brand' })).toBeVisible();
  expect(screen.queryByRole('heading', { level: 3, name: 'Anja Weber' })).not.toBeInTheDocument();
});

test('an agent is added, as long as there is none with the id', async () => {
  const { user, service } = openAdmin('agents', (service) => service.on('PUT /admin/agents/carla', () => problem('version-conflict', 412)));
  await user.click(await screen.findByRole('button', { name: 'Add an agent' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Add an agent' }));
  await user.type(dialog.getByRole('textbox', { name: /^Name/ }), 'Carla Conti');
  await user.type(dialog.getByRole('textbox', { name: /^Id/ }), 'carla');
  await user.type(dialog.getByRole('textbox', { name: /^Queues/ }), 'tax, law');
  await user.click(dialog.getByRole('checkbox', { name: 'Supervisor' }));
  await user.click(dialog.getByRole('button', { name: 'Save' }));
  expect(await dialog.findByText(/There is an agent with this id already/)).toBeVisible();
  expect(dialog.getByRole('textbox', { name: /^Name/ })).toHaveValue('Carla Conti');
  const [asked] = service.requests('PUT /admin/agents/carla');
  expect(asked?.headers.get('If-None-Match')).toBe('*');
  expect(asked?.body).toEqual({
    name: 'Carla Conti', entraId: null, subject: null, number: null, country: null, timeZone: null, team: null, queues: ['tax', 'law'], roles: ['Supervisor'],
  });
});

test('a refused row says which fields are wrong, keeps what was typed, and is saved once it is right', async () => {
  const { user, service } = openAdmin('agents', (service) =>
    service.on('PUT /admin/agents/ben', () => problem('request-invalid', 422, { errors: [{ location: 'body.number', message: 'must be a telephone number such as +49301001' }] })),
  );
  await user.click(await screen.findByRole('button', { name: 'Change Ben Brand' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Change Ben Brand' }));
  const number = dialog.getByRole('textbox', { name: /^Telephone/ });
  await user.clear(number);
  await user.type(number, 'call me');
  await user.click(dialog.getByRole('button', { name: 'Save' }));
  expect(await dialog.findByText('A telephone number that no other agent has.')).toBeVisible();
  expect(number).toHaveValue('call me');
  service.on('PUT /admin/agents/ben', () => ({ json: ben }));
  await user.click(dialog.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  expect(service.requests('PUT /admin/agents/ben').at(-1)?.headers.get('If-Match')).toBe('"v-ben"');
});

test('an agent is deleted after a question; one of the configuration is not', async () => {
  const { user, service } = openAdmin('agents', (service) => service.on('DELETE /admin/agents/ben', () => ({ status: 204 })));
  await user.click(await screen.findByRole('button', { name: 'Delete Anja Weber' }));
  let dialog = within(await screen.findByRole('alertdialog', { name: 'Anja Weber cannot be deleted here' }));
  expect(dialog.queryByRole('button', { name: 'Delete' })).not.toBeInTheDocument();
  await user.click(dialog.getByRole('button', { name: 'Close' }));
  await user.click(screen.getByRole('button', { name: 'Delete Ben Brand' }));
  dialog = within(await screen.findByRole('alertdialog', { name: 'Delete Ben Brand?' }));
  expect(service.requests('DELETE /admin/agents/ben')).toHaveLength(0);
  await user.click(dialog.getByRole('button', { name: 'Delete' }));
  await waitFor(() => expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument());
  expect(service.requests('DELETE /admin/agents/ben')[0]?.headers.get('If-Match')).toBe('"v-ben"');
});
