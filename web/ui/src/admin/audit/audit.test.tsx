import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { AuditLine } from '../../api/types';
import { openAdmin } from '../../test/admin';

const line = (sequence: number, change: Partial<AuditLine> = {}): AuditLine => ({ sequence, time: '2026-11-22T08:00:00.000Z', event: 'consult', action: 'consult', outcome: 'done', actor: { agent: 'anja' }, tenant: 't', previous: '', ...change });
const lines = (last: number, count: number) => Array.from({ length: count }, (_, n) => JSON.stringify(line(last - n))).join('\n');

test('the audit is read in pages from the latest line back, with names, by kind, person and outcome', async () => {
  const { user, service } = openAdmin('audit', (service) =>
    service.on('GET /admin/audit', ({ query }) => ({ text: query.get('before') === '0' ? lines(101, 100) : JSON.stringify(line(1, { actor: undefined, actorDigest: 'd', outcome: 'refused', reason: 'not-found' })) })),
  );
  expect(await screen.findByText('The latest 100 lines', { selector: 'p' })).toBeVisible();
  expect(screen.getAllByText('Anja Weber', { selector: 'dd' })).toHaveLength(100);
  await user.click(screen.getByRole('button', { name: 'Show earlier ones' }));
  expect(await screen.findByText('101 lines', { selector: 'p' })).toBeVisible();
  expect(screen.getByText('erased', { selector: 'dd' })).toBeVisible();
  expect(screen.getAllByRole('listitem').at(-1)).toHaveTextContent('Refused · not-found');
  await user.selectOptions(screen.getByRole('combobox', { name: 'What' }), 'Sign-in');
  await user.selectOptions(screen.getByRole('combobox', { name: 'By whom' }), 'Ben Brand');
  await user.selectOptions(screen.getByRole('combobox', { name: 'Outcome' }), 'Done');
  expect(service.requests('GET /admin/audit').map(({ query }) => [query.get('order'), query.get('before')])).toEqual([
    ['desc', '0'],
    ['desc', '2'],
  ]); // choosing asks for nothing
  service.on('GET /admin/audit', () => ({ text: '' }));
  await user.click(screen.getByRole('button', { name: 'Search' }));
  expect(await screen.findByText(/Nothing in this time/, { selector: 'p' })).toBeVisible();
  const asked = service.requests('GET /admin/audit').at(-1)?.query;
  expect([asked?.get('event'), asked?.get('actor'), asked?.get('outcome')]).toEqual(['sign-in', 'ben', 'done']);
  const exported = screen.getByRole('link', { name: 'Download these lines' }).getAttribute('href');
  expect(exported).toMatch(/^\/api\/v1\/admin\/audit\?from=.*&event=sign-in&actor=ben&outcome=done$/);
});
