import { expect, test } from 'vitest';
import { presence as presenceOf } from '../test/fixtures';
import { presenceShape, presenceWord } from './presence';

test.each([
  ['available', 'available', 'available', 'available'],
  ['busy', 'inACall', 'inACall', 'busy'],
  ['busy', 'inAMeeting', 'inAMeeting', 'busy'],
  ['busy', 'busy', 'busy', 'busy'],
  ['doNotDisturb', 'presenting', 'presenting', 'doNotDisturb'],
  ['doNotDisturb', 'urgentInterruptionsOnly', 'doNotDisturb', 'doNotDisturb'],
  ['away', 'away', 'away', 'away'],
  ['beRightBack', 'beRightBack', 'beRightBack', 'away'],
  ['offline', 'offline', 'offline', 'offline'],
  ['offline', 'outOfOffice', 'outOfOffice', 'outOfOffice'],
  ['unknown', null, 'unknown', 'unknown'],
  ['somethingNew', null, 'unknown', 'unknown'],
])('%s with activity %s reads %s', (availability, activity, word, shape) => {
  const presence = presenceOf({ availability, activity });
  expect(presenceWord(presence)).toBe(word);
  expect(presenceShape(presenceWord(presence))).toBe(shape);
});
