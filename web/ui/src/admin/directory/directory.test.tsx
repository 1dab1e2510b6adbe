import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { answer, openAdmin } from '../../test/admin';
import { problem } from '../../test/service';

test('the first reading shows how many people of how many, how fast and how long it takes', async () => {
  openAdmin('directory', answer({}, { ready: false, syncedAt: null, rate: 812.4, reading: { since: '2026-11-22T08:00:00.000Z', people: 12_000, expected: 40_000, secondsLeft: 34 } }));
  expect(await screen.findByText(/First synchronisation is running: 12,000 people read of about 40,000 · 812 people per second · 34 s left/)).toBeVisible();
  expect(screen.getByRole('progressbar', { name: 'Directory' })).toHaveValue(12_000);
  expect(screen.getByText('Reading since')).toBeVisible();
});

test('what is throttled says since when, when it is asked again and how much is granted', async () => {
  openAdmin('directory', answer(
    { presence: { watched: 3, oldestAgeSeconds: 70, error: 'throttled', since: '2026-11-22T08:00:00.000Z', retryAfterSeconds: 40, budget: { pace: 0.5, waiting: 7 } } },
    { error: 'throttled', since: '2026-11-22T08:00:00.000Z', retryAfterSeconds: 20, nextAt: '2026-11-22T08:01:00.000Z' },
  ));
  expect(await screen.findByText(/Microsoft is throttling · since .* · asked again in 40 s/)).toBeVisible();
  expect(screen.getByText(/Microsoft is throttling · since .* · asked again in 20 s/)).toBeVisible();
  expect(screen.getByText(/50 % of the usual pace until it has recovered · 7 requests wait/)).toBeVisible();
  expect(screen.getByText('Next round')).toBeVisible();
});

test('why somebody is missing is asked at Microsoft, and every reason has words', async () => {
  const { user, service } = openAdmin('directory', (service) =>
    service.on('GET /experts/missing', () => ({
      json: {
        people: [
          { id: '1', name: 'Otto Ohne', reason: 'no-business-phone' },
          { id: '2', name: 'Otto Anders', reason: 'a-new-reason' },
          { id: '3', name: 'Otto Da', reason: null },
        ],
      },
    })),
  );
  await user.type(await screen.findByRole('searchbox', { name: 'Name of the missing person' }), 'Otto{Enter}');
  const found = within(await screen.findByRole('list', { name: 'People found' })).getAllByRole('listitem');
  expect(found.map(({ textContent }) => textContent)).toEqual([
    'Otto Ohne: Has no business phone number. Explain the way to them',
    'Otto Anders: Is not listed for another reason. Explain the way to them',
    'Otto Da: Is listed as an expert. Explain the way to them',
  ]);
  expect(screen.getAllByRole('link', { name: 'Explain the way to them' })[0]).toHaveAttribute('href', '#/admin/explain//1');
  expect(service.requests('GET /experts/missing')[0]?.query.get('q')).toBe('Otto');
  service.on('GET /experts/missing', () => problem('directory-unavailable', 503));
  await user.click(screen.getByRole('button', { name: 'Find the reason' }));
  expect(await screen.findByText(/directory is not available/i)).toBeVisible();
});
