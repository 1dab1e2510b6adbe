import type { Action, Consult, DialCheck, Expert, Interaction, Permit, Presence, Session, WrapUp } from '../api/types';

const at = '2026-11-22T08:00:00.000Z';

export function session(change: Partial<Session> = {}): Session {
  return {
    agent: { id: 'anja', name: 'Anja Weber', number: '+49301001', tenant: 't1', roles: ['Agent'] },
    channel: 'browser',
    identity: 'entra',
    locale: 'en',
    sso: { state: 'ready', detail: '', actor: null, action: null },
    state: { name: 'available', since: at, reason: null },
    targets: { agent: true, queue: true, organization: true, entryPoint: true, dialNumber: true },
    ...change,
  };
}

const everyAction: readonly Action[] = [
  'hold', 'resume', 'consult', 'resumeExpert', 'endConsult', 'accept', 'decline',
  'transfer', 'coldTransfer', 'conference', 'leave', 'end', 'wrapUp', 'pauseWrapUp',
];

/** Exactly these actions allowed, all others in the wrong phase. */
export function allow(...allowed: Action[]): Record<Action, Permit> {
  const permits = everyAction.map((action): [Action, Permit] => [
    action,
    allowed.includes(action) ? { allowed: true } : { allowed: false, reason: 'wrong-phase' },
  ]);
  return Object.fromEntries(permits) as Record<Action, Permit>;
}

/** A call that Anja talks in. */
export function interaction(change: Partial<Interaction> = {}): Interaction {
  return {
    id: 'i1',
    version: 1,
    phase: 'active',
    startedAt: at,
    role: 'agent1',
    customer: { number: '+4915112345', name: null, state: 'connected', since: at, waits: false, holds: false },
    owner: { id: 'anja', name: 'Anja Weber', holds: false },
    pending: null,
    consult: null,
    wrapUp: null,
    actions: allow('hold', 'consult', 'coldTransfer', 'end'),
    ...change,
  };
}

export function consult(change: Partial<Consult> = {}): Consult {
  return {
    party: { id: 'jm', name: 'Jürgen Müller' },
    then: null,
    note: null,
    target: { kind: 'organization', id: 'jm', name: 'Jürgen Müller', number: '+49301234567', numberChanged: false },
    asked: false,
    holds: false,
    state: 'connected',
    since: at,
    failure: null,
    ...change,
  };
}

/** The same call while Anja consults Jürgen Müller. */
export function consulting(change: Partial<Interaction> = {}): Interaction {
  return interaction({
    version: 4,
    phase: 'consulting',
    customer: { number: '+4915112345', name: null, state: 'held', since: at, waits: false, holds: false },
    consult: consult(),
    actions: allow('resume', 'transfer', 'conference', 'endConsult'),
    ...change,
  });
}

export function wrapUp(change: Partial<WrapUp> = {}): WrapUp {
  return {
    dueAt: null,
    paused: false,
    default: 'done',
    reasons: [
      { code: 'done', label: 'Request solved' },
      { code: 'follow', label: 'Call back' },
    ],
    ...change,
  };
}

/** The call after the customer has left. */
export function wrappingUp(change: Partial<Interaction> = {}): Interaction {
  return interaction({
    version: 9,
    phase: 'wrapup',
    customer: { number: '+4915112345', name: null, state: 'left', since: at, waits: false, holds: false },
    wrapUp: wrapUp(),
    actions: allow('wrapUp'),
    ...change,
  });
}

export function presence(change: Partial<Presence> = {}): Presence {
  return {
    availability: 'available',
    activity: 'available',
    observedAt: at,
    ageSeconds: 12,
    stale: false,
    source: 'poll',
    outOfOffice: false,
    reason: null,
    ...change,
  };
}

export function expert(id: string, name: string, change: Partial<Expert> = {}): Expert {
  return {
    id,
    name,
    givenName: null,
    surname: null,
    role: 'Tax adviser',
    department: 'Finance',
    number: '+49301234567',
    presence: presence(),
    ...change,
  };
}

export function dialCheck(change: Partial<DialCheck> = {}): DialCheck {
  return {
    valid: true,
    dialable: '+12015532447',
    digits: 11,
    format: 'us',
    country: 'US',
    removed: [],
    ambiguous: false,
    readings: [],
    emergency: false,
    problem: null,
    ...change,
  };
}
