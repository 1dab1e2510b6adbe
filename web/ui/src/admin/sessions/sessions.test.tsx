import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { SignedInSession } from '../../api/types';
import { openAdmin } from '../../test/admin';

const signedIn = (id: string, who: { id: string; name: string }, change: Partial<SignedInSession> = {}): SignedInSession => ({
  id, current: false, agent: who, name: who.name, identities: ['entra'], startedAt: '2026-11-22T08:00:00.000Z', seenAt: '2026-11-22T08:30:00.000Z', expiresAt: '2026-11-22T18:00:00.000Z', ...change,
});

test('sessions are the own ones and those of others, each ended after a question', async () => {
  const me = { id: 'anja', name: 'Anja Weber' };
  const { user, service } = openAdmin('sessions', (service) => {
    service.on('GET /admin/sessions', () => ({ json: { sessions: [signedIn('s1', me, { current: true }), signedIn('s2', me), signedIn('s3', { id: 'ben', name: 'Ben Brand' })] } }));
    service.on('DELETE /admin/sessions/s3', () => ({ status: 204 }));
    service.on('DELETE /session/sessions', () => ({ status: 204 }));
  });
  const own = within(await screen.findByRole('list', { name: 'Your sessions' }));
  expect(own.getAllByRole('listitem')).toHaveLength(2);
  expect(own.getByText('this one')).toBeVisible();
  await user.click(screen.getByRole('button', { name: /Sign out Ben Brand, signed in/ }));
  await user.click(within(await screen.findByRole('alertdialog', { name: 'Sign Ben Brand out?' })).getByRole('button', { name: 'Sign out' }));
  await waitFor(() => expect(service.requests('DELETE /admin/sessions/s3')).toHaveLength(1));
  await waitFor(() => expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument());
  await user.click(await screen.findByRole('button', { name: 'Sign out all my other sessions' }));
  await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Stay signed in' }));
  expect(service.requests('DELETE /session/sessions')).toHaveLength(0);
});
