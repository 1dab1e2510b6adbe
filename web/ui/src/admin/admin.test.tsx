import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { openAdmin, organization } from '../test/admin';
import { openPage } from '../test/page';
import { problem } from '../test/service';

test('each matter has a page, and going there takes the keyboard to its title', async () => {
  const { user } = openAdmin('setup');
  const nav = within(await screen.findByRole('navigation', { name: 'Administration' }));
  expect(nav.getByRole('link', { name: 'Set-up' })).toHaveAttribute('aria-current', 'page');
  await user.click(nav.getByRole('link', { name: 'Agents' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Agents' })).toHaveFocus();
});

test('an agent learns that the page is for administrators', async () => {
  window.location.hash = '#/admin';
  openPage();
  expect(await screen.findByText(/Only administrators may see this page/)).toBeVisible();
});

test('a service that does not answer is said, with a way to try again', async () => {
  const { user, service } = openAdmin('setup', (service) => service.on('GET /admin/organization', () => problem('storage-unavailable', 503)));
  expect(await screen.findByText(/cannot store anything/)).toBeVisible();
  service.on('GET /admin/organization', () => ({ json: organization() }));
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('All 6 steps are in order')).toBeVisible();
});
