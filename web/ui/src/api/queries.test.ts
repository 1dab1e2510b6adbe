import { expect, test } from 'vitest';
import { interaction, wrappingUp } from '../test/fixtures';
import { keys, newAnswers, putInteraction } from './queries';
import type { Interaction } from './types';

test('of calls that are over a page keeps the latest hundred, however long it is open; none that is live or to be wrapped up goes', () => {
  const client = newAnswers();
  const put = (call: Interaction) => putInteraction(client, call);
  put(interaction({ id: 'live' }));
  put(wrappingUp({ id: 'to be wrapped up', phase: 'ended' }));
  for (let n = 1; n <= 250; n += 1) {
    put(interaction({ id: `call ${n}` }));
    put(interaction({ id: `call ${n}`, version: 2, phase: 'ended' }));
  }
  put(interaction({ id: 'new' }));
  const ids = (client.getQueryData<Interaction[]>(keys.interactions) ?? []).map(({ id }) => id);
  expect(ids).toEqual(['new', ...Array.from({ length: 100 }, (_, n) => `call ${250 - n}`), 'to be wrapped up', 'live']);
});
