// The shapes of the HTTP contract (version 1) that the page reads and writes:
// names for what `npm run types` makes of the service's OpenAPI document.
// Where the document says a text and the contract a closed set, because a JSON
// schema has no good word for "one of these, or null", the set stands here.
import type { components } from './openapi';

type Schemas = components['schemas'];

/** A schema with some members made more exact. */
type Exact<Schema, Members extends Partial<Record<keyof Schema, unknown>>> = Omit<Schema, keyof Members> & Members;

export type Role = 'Agent' | 'Supervisor' | 'Admin';
export type Session = Exact<Schemas['Session'], { agent: Exact<Schemas['SessionAgent'], { roles: Role[] }>; sso: Sso }>;
export type AgentState = Schemas['AgentState']['name'];
export type Sso = Exact<Schemas['SsoStatus'], { actor: 'agent' | 'admin' | null }>;
export type SignInProviders = Schemas['SignInChoices'];

export type Presence = Exact<Schemas['Presence'], { source: 'poll' | 'push' | 'refresh' | null }>;
export type Expert = Exact<Schemas['Expert'], { presence: Presence }>;
export type ExpertPage = Exact<Schemas['ExpertsAnswer'], { experts: Expert[] }>;
/** One of the agent's own lists. Favourites: ids of those whom the directory does not list at present. */
export type KeptExperts = Exact<Schemas['RecentsAnswer'], { experts: Expert[] }> & Partial<Pick<Schemas['FavouritesAnswer'], 'unlisted'>>;
/** Departments and roles that experts have, with how many. */
export type ExpertLabels = Schemas['LabelsAnswer'];
export type PresenceRefresh = Exact<Schemas['RefreshAnswer'], { presences: (Presence & { id: string })[] }>;

/** How far a full reading of the directory is. */
export type Reading = Omit<Schemas['DirectoryReading'], 'since'>;
/** The event `directory`: how the mirror stands. */
export interface DirectoryState {
  ready: boolean;
  people: number;
  reading?: Reading | null;
}

export type TargetKind = keyof Schemas['UsableTargets'];
export type TargetList = 'agents' | 'queues' | 'entry-points' | 'dial-numbers';
export type Target = Schemas['Target'];
export type Targets = Schemas['TargetsAnswer'];
export type TargetRequest =
  | (Required<Pick<Schemas['TargetRequest'], 'id'>> & { kind: Exclude<TargetKind, 'dialNumber'>; confirm?: boolean })
  | (Required<Pick<Schemas['TargetRequest'], 'number'>> & { kind: 'dialNumber'; confirm?: boolean });

export type DialFormat = 'us' | 'e164' | 'idd' | 'national' | 'internal';
export type DialCheck = Exact<Schemas['NumberCheck'], { format: DialFormat | null }>;

export type Action = keyof Schemas['Actions'];
export type Permit = Schemas['Permit'];
export type PermitReason = NonNullable<Permit['reason']>;
export type Person = Schemas['Person'];
export type Phase = Schemas['Interaction']['phase'];
export type CustomerState = Schemas['Customer']['state'];
export type ConsultState = Schemas['ConsultState']['state'];
export type InteractionRole = Schemas['Interaction']['role'];
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
export type Consult = Exact<Schemas['ConsultState'], { then: 'transfer' | null; failure: FailureReason | null }>;
export type WrapUp = Schemas['WrapUp'];
export type Interaction = Exact<
  Schemas['Interaction'],
  { consult: Consult | null; pending: Exact<Schemas['PendingAction'], { action: Action }> | null }
>;
/** One step of a call's journal. */
export type HistoryEntry = Exact<Schemas['HistoryEntry'], { from: Phase | null; to: Phase; pending: Action | null }>;

/** The event `interaction-gone`. */
export interface InteractionGone {
  id: string;
  reason: 'withdrawn' | 'timeout' | 'taken' | 'over';
}

/** RFC 9457, with the members that the contract names for single slugs. What a proxy answers may have no more than these two. */
export type Problem = Partial<Exact<Schemas['Problem'], { sso?: Sso; role?: Role; phase?: Phase; allowed?: Action[]; check?: DialCheck }>> &
  Pick<Schemas['Problem'], 'type' | 'status'>;

export type AdminOrganization = Exact<Schemas['Organization'], { sso: Sso }>;
/** One thing single sign-on needs, and how it stands, in the page's language. */
export type AdminCheck = Schemas['OrganizationCheck'];
export type AdminAgent = Schemas['AgentRow'];
/** What an import of agents did, or would do. */
export type AgentImport = Schemas['ImportAnswer'];
export type MissingPerson = Schemas['MissingPerson'];

/** Every step from an agent's sign-in to an expert's telephone. */
export type ExplainDocument = Schemas['Document'];
export type ExplainStep = Schemas['StepView'];

/** A browser session. */
export type SignedInSession = Schemas['SignedInSession'];

/** One line of the audit (docs/audit.md), as far as the page shows it: JSON lines have no schema. */
export interface AuditLine {
  sequence: number;
  time: string;
  event: string;
  action?: string;
  outcome: string;
  reason?: string;
  trace?: string;
  /** Events that the line stands for. */
  count?: number;
  /** Stands without an actor once the person was erased. */
  actorDigest?: string;
  targetDigest?: string;
  actor?: { agent?: string; entra?: string };
  target?: { kind?: string; id?: string; number?: string };
}
