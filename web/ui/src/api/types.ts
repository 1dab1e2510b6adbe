// The shapes of the HTTP contract (version 1) that the page reads and writes.
// They stand in this one file so that types generated from the service's
// OpenAPI document (`npm run types`) can take their place.

export type Role = 'Agent' | 'Supervisor' | 'Admin';
export type Channel = 'teams' | 'browser';
export type Identity = 'entra' | 'contact-centre';
export type AgentState = 'available' | 'idle' | 'engaged' | 'wrapUp' | 'offline';

export type SsoState =
  | 'ready'
  | 'not-required'
  | 'sign-in-required'
  | 'disabled'
  | 'consent-required'
  | 'app-disabled'
  | 'not-assigned'
  | 'unavailable';

export interface Sso {
  state: SsoState;
  detail: string | null;
  actor: 'agent' | 'admin' | null;
  /** An address of this service that heals it. */
  action: string | null;
  /** Microsoft's claims challenge, for the next token that Teams is asked for. */
  claims?: string;
}

export type TargetKind = 'agent' | 'queue' | 'organization' | 'entryPoint' | 'dialNumber';

export interface Session {
  agent: { id: string; name: string; number: string | null; tenant: string; roles: Role[] };
  channel: Channel;
  identity: Identity;
  locale: string | null;
  sso: Sso;
  state: { name: AgentState; since: string; reason: string | null };
  /** Which kinds can be reached; organization is false while single sign-on refuses. */
  targets: Record<TargetKind, boolean>;
}

export interface SignInProviders {
  providers: { id: string; name: string }[];
}

export interface Presence {
  /** Lower camel case of Graph's value; "unknown" is never shown as offline. */
  availability: string;
  activity: string | null;
  /** Null while unknown. */
  observedAt: string | null;
  ageSeconds: number | null;
  stale: boolean;
  source: 'poll' | 'push' | 'refresh' | null;
  outOfOffice: boolean;
  reason?: string | null;
}

export interface Expert {
  id: string;
  name: string;
  givenName: string | null;
  surname: string | null;
  role: string | null;
  department: string | null;
  number: string;
  presence: Presence;
}

export interface ExpertPage {
  experts: Expert[];
  next: string | null;
  total: number | null;
  checked: number | null;
  directory: DirectoryAge;
}

export interface DirectoryAge {
  syncedAt: string | null;
  ageSeconds: number | null;
  /** "live": asked at Microsoft, within its limits; else the service's own index. */
  source: string;
  /** Why the directory does not follow at present; null when it does. */
  error?: string | null;
  /** What a live search cannot find. */
  cannotFind?: string[];
}

/** The event `directory`: how the mirror stands. */
export interface DirectoryState {
  ready: boolean;
  people: number;
  reading?: Reading | null;
}

/** How far a full reading of the directory is. */
export interface Reading {
  people: number;
  /** Of all, about; null when Microsoft did not say. */
  expected: number | null;
  secondsLeft: number | null;
}

/** One of the agent's own lists: favourites or recents. */
export interface KeptExperts {
  experts: Expert[];
  /** Ids of favourites whom the directory does not list at present. */
  unlisted?: string[];
}

export interface PresenceRefresh {
  presences: (Presence & { id: string })[];
  failed: { id: string; reason: string }[];
}

export type TargetList = 'agents' | 'queues' | 'entry-points' | 'dial-numbers';

export interface Target {
  kind: TargetKind;
  id: string;
  name: string;
  number: string | null;
  state: string | null;
}

export interface Targets {
  targets: Target[];
  observedAt: string;
}

export type DialFormat = 'us' | 'e164' | 'idd' | 'national' | 'internal';

export interface DialCheck {
  valid: boolean;
  dialable: string | null;
  digits: number;
  format: DialFormat | null;
  country: string | null;
  removed: string[];
  ambiguous: boolean;
  readings: string[];
  emergency: boolean;
  problem: string | null;
}

export type TargetRequest =
  | { kind: Exclude<TargetKind, 'dialNumber'>; id: string; confirm?: boolean }
  | { kind: 'dialNumber'; number: string; confirm?: boolean };

export type Phase =
  | 'active'
  | 'held'
  | 'consult_requested'
  | 'consulting'
  | 'swapped'
  | 'conferenced'
  | 'transferred'
  | 'wrapup'
  | 'ended';

export type InteractionRole = 'agent1' | 'agent2' | 'former' | 'supervisor';
export type CustomerState = 'connected' | 'held' | 'conferenced' | 'left';
export type ConsultState = 'requested' | 'ringing' | 'connected' | 'held' | 'conferenced' | 'ended' | 'failed';

export type FailureReason =
  | 'busy'
  | 'declined'
  | 'no-answer'
  | 'unreachable'
  | 'rejected'
  | 'voicemail'
  | 'no-acceptance'
  | 'withdrawn'
  | 'failed';

export type Action =
  | 'hold'
  | 'resume'
  | 'consult'
  | 'resumeExpert'
  | 'endConsult'
  | 'accept'
  | 'decline'
  | 'transfer'
  | 'coldTransfer'
  | 'conference'
  | 'leave'
  | 'end'
  | 'wrapUp'
  | 'pauseWrapUp';

export type PermitReason = 'wrong-phase' | 'pending' | 'sso-required' | 'not-your-part' | 'none-to-transfer-to';

export interface Permit {
  allowed: boolean;
  reason?: PermitReason | null;
}

export interface Person {
  id: string;
  name: string;
}

export interface Consult {
  party: Person | null;
  then: 'transfer' | null;
  note: string | null;
  target: { kind: TargetKind; id: string | null; name: string | null; number: string | null; numberChanged?: boolean };
  state: ConsultState;
  since: string;
  failure: FailureReason | null;
}

export interface WrapUp {
  /** Null without a timer, or when it was stopped. */
  dueAt: string | null;
  paused: boolean;
  default: string | null;
  reasons: { code: string; label: string }[];
}

export interface Interaction {
  id: string;
  version: number;
  phase: Phase;
  startedAt: string;
  role: InteractionRole;
  customer: { number: string | null; name: string | null; state: CustomerState; since: string; waits: boolean };
  owner: Person | null;
  pending: { action: Action; since: string } | null;
  consult: Consult | null;
  wrapUp: WrapUp | null;
  actions: Record<Action, Permit>;
}

/** One step of a call's journal. */
export interface HistoryEntry {
  version: number;
  at: string;
  actor: 'customer' | 'agent1' | 'agent2' | 'former' | 'switch' | 'system';
  person: Person | null;
  /** The command or event. */
  input: string;
  /** A failure's reason, or what else explains it. */
  cause: string | null;
  from: Phase | null;
  to: Phase;
  /** What the telephone system began to do. */
  pending: Action | null;
}

export interface InteractionGone {
  id: string;
  reason: 'withdrawn' | 'timeout' | 'taken' | 'over';
}

/** RFC 9457, with the members that the contract names for single slugs. */
export interface Problem {
  type: string;
  title?: string;
  status: number;
  detail?: string;
  instance?: string;
  reason?: string;
  sso?: Sso;
  claims?: string;
  role?: Role;
  phase?: Phase;
  allowed?: Action[];
  check?: DialCheck;
  missing?: string[];
  since?: string;
  errors?: { location: string; message: string }[];
}

export interface AdminOrganization {
  tenant: string;
  enabled: boolean;
  servicePrincipal: string;
  consent: { permission: string; kind: string; granted: boolean }[];
  credential: { expiresAt: string | null };
  directory: {
    ready: boolean;
    syncedAt: string | null;
    people: number;
    experts: number;
    rate: number | null;
    error: string | null;
    requestId: string | null;
    /** Since when Microsoft has not answered, and when it is asked again. */
    since?: string | null;
    retryAfterSeconds?: number | null;
    reading?: Reading | null;
  };
  presence: { watched: number; oldestAgeSeconds: number | null; error: string | null; since?: string | null; retryAfterSeconds?: number | null };
  lastError: { code: string; requestId: string | null } | null;
  checkedAt: string | null;
  sso: Sso;
  missing: string[];
  checks?: AdminCheck[];
}

/** One thing single sign-on needs, and how it stands, in the page's language. */
export interface AdminCheck {
  name: string;
  result: string;
  permission: string | null;
  kind: string | null;
  title: string;
  detail: string;
  actor: string | null;
  action: string | null;
  link: string | null;
  code: string | null;
  requestId: string | null;
}

export interface AdminAgent {
  id: string;
  name: string;
  number: string | null;
  team: string | null;
  queues: string[];
  roles: string[];
  source: 'file' | 'admin';
}

/** What an import of agents did, or would do. */
export interface AgentImport {
  created: number;
  updated: number;
  unchanged: number;
  problems: { line: number; column: string | null; message: string }[];
}

export interface MissingPerson {
  id: string;
  name: string;
  /** Null when the person is in fact listed. */
  reason: string | null;
}
