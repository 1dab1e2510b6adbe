import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ServerClock } from './clock';

beforeEach(() => void vi.useFakeTimers({ now: 1_800_000_000_000 }));
afterEach(() => void vi.useRealTimers());

test.each([
  ['a computer that is an hour behind follows the server', 3_600_000, 3_600_500],
  ['a difference below the header’s precision is none', 1_000, 0],
])('%s', (_, ahead, offset) => {
  const clock = new ServerClock();
  const now = Date.now();
  clock.observe(new Date(now + ahead).toUTCString(), now, now);
  expect(clock.now() - now).toBe(offset);
});

test('an answer without a date changes nothing', () => {
  const clock = new ServerClock();
  clock.observe(null, 0, 0);
  expect(clock.now()).toBe(Date.now());
});
