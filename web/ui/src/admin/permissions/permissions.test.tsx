import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { AdminOrganization } from '../../api/types';
import { answer, openAdmin } from '../../test/admin';

test('each permission says whether it is granted, of which kind it is and why it is needed', async () => {
  openAdmin('permissions', answer({
    consent: [
      { permission: 'User.Read.All', kind: 'application', granted: true },
      { permission: 'Presence.Read.All', kind: 'delegated', granted: false },
    ],
  }));
  const [people, presence] = within(await screen.findByRole('list', { name: 'Consent per permission' })).getAllByRole('listitem');
  expect(people).toHaveTextContent(/User\.Read\.AllApplicationgranted.*business phone numbers/);
  expect(people).not.toHaveTextContent('Without it');
  expect(presence).toHaveTextContent(/Presence\.Read\.AllDelegatedmissing.*Without it every presence is unknown/);
});

test.each<[string, Omit<AdminOrganization['credential'], 'problem'>, string, RegExp]>([
  ['a certificate with time', { expiresAt: '2027-11-22T00:00:00.000Z', kind: 'certificate', daysLeft: 365, warning: null }, 'In order', /365 days left/],
  ['one that ends within 30 days', { expiresAt: '2026-12-12T00:00:00.000Z', kind: 'certificate', daysLeft: 20, warning: 'soon' }, 'Warning', /register a new certificate/],
  ['one that ends within 7 days', { expiresAt: '2026-11-23T00:00:00.000Z', kind: 'certificate', daysLeft: 1, warning: 'urgent' }, 'Failed', /1 day left/],
  ['a secret that has ended', { expiresAt: '2026-11-20T00:00:00.000Z', kind: 'client-secret', daysLeft: -2, warning: 'ended' }, 'Failed', /Expired on.*make a new client secret/],
  ['an identity of the platform', { expiresAt: null, kind: 'managed-identity', daysLeft: null, warning: null }, 'In order', /renewed by itself/],
  ['nothing known', { expiresAt: null, kind: null, daysLeft: null, warning: null }, 'Not known', /Expiry not known/],
])('the credential: %s', async (_, credential, result, words) => {
  openAdmin('permissions', answer({ credential: { ...credential, problem: null } }));
  const card = within(await screen.findByRole('region', { name: 'Credential of the service' }));
  expect(card.getByRole('img', { name: result })).toBeVisible();
  expect(screen.getByRole('region', { name: 'Credential of the service' })).toHaveTextContent(words);
});
