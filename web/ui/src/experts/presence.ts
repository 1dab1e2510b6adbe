import type { Presence } from '../api/types';
import type { en } from '../i18n/en';

export type PresenceWord = keyof typeof en.presence;
export type PresenceShape = 'available' | 'busy' | 'doNotDisturb' | 'away' | 'outOfOffice' | 'offline' | 'unknown';

/** The word people know from Teams. Activity says more than availability where it is one of Teams' own words. */
export function presenceWord(presence: Presence): PresenceWord {
  switch (presence.activity) {
    case 'inACall':
    case 'inAConferenceCall':
      return 'inACall';
    case 'inAMeeting':
      return 'inAMeeting';
    case 'presenting':
      return 'presenting';
  }
  switch (presence.availability) {
    case 'available':
    case 'availableIdle':
      return 'available';
    case 'busy':
    case 'busyIdle':
      return 'busy';
    case 'doNotDisturb':
      return 'doNotDisturb';
    case 'away':
      return 'away';
    case 'beRightBack':
      return 'beRightBack';
    case 'offline':
      return presence.outOfOffice || presence.activity === 'outOfOffice' ? 'outOfOffice' : 'offline';
    case 'outOfOffice':
      return 'outOfOffice';
    default:
      return 'unknown'; // never a guess, and never "offline"
  }
}

/** Whether a filter for available people lets this one through: the unknown may be. */
export function reachable(presence: Presence): boolean {
  const word = presenceWord(presence);
  return word === 'available' || word === 'unknown';
}

const shapes: Record<PresenceWord, PresenceShape> = {
  available: 'available',
  busy: 'busy',
  inACall: 'busy',
  inAMeeting: 'busy',
  presenting: 'doNotDisturb',
  doNotDisturb: 'doNotDisturb',
  away: 'away',
  beRightBack: 'away',
  outOfOffice: 'outOfOffice',
  offline: 'offline',
  unknown: 'unknown',
};

export function presenceShape(word: PresenceWord): PresenceShape {
  return shapes[word];
}
