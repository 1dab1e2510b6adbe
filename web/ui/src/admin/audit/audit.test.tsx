import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { AuditLine } from '../../api/types';
import { openAdmin } from '../../test/admin';

const line = (sequence: number, change: Partial<AuditLine> = {}): AuditLine => ({ sequence, time: '2026-11-22T08:00:00.000Z', event: 'consult', action: 'consult', outcome: 'done', actor: { agent: 'anja' }, tenant: 't', previous: '', ...change });
const lines = (from: number, count: number) => Array.from({ length: count }, (_, n) => JSON.stringify(line(from + n))).join('\n');

test('the audit is read in pages, with names, by kind and person', async () => {
  const { user, service } = openAdmin('audit', (service) =>
    service.on('GET /admin/audit', ({ query }) => ({ text: query.get('after') === '0' ? lines(1, 100) : JSON.stringify(line(101, { actor: undefined, actorDigest: 'd', outcome: 'refused', reason: 'not-found' })) })),
  );
  expect(await screen.findByText('The first 100 lines', { selector: 'p' })).toBeVisible();
  expect(screen.getAllByRole('cell', { name: 'Anja Weber' })).toHaveLength(100);
  await user.click(screen.getByRole('button', { name: 'Show more' }));
  expect(await screen.findByText('101 lines', { selector: 'p' })).toBeVisible();
  expect(screen.getByRole('cell', { name: 'erased' })).toBeVisible();
  expect(screen.getByRole('cell', { name: 'Refused · not-found' })).toBeVisible();
  await user.selectOptions(screen.getByRole('combobox', { name: 'What' }), 'Sign-in');
  await user.selectOptions(screen.getByRole('combobox', { name: 'By whom' }), 'Ben Brand');
  expect(service.requests('GET /admin/audit')).toHaveLength(2); // choosing asks for nothing
  service.on('GET /admin/audit', () => ({ text: '' }));
  await user.click(screen.getByRole('button', { name: 'Search' }));
  expect(await screen.findByText(/Nothing in this time/, { selector: 'p' })).toBeVisible();
  const asked = service.requests('GET /admin/audit').at(-1)?.query;
  expect([asked?.get('event'), asked?.get('actor')]).toEqual(['sign-in', 'ben']);
  const exported = screen.getByRole('link', { name: 'Download these lines' }).getAttribute('href');
  expect(exported).toMatch(/^\/api\/v1\/admin\/audit\?from=.*&event=sign-in&actor=ben$/);
});
