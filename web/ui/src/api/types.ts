// The shapes of the HTTP contract (version 1) that the page reads and writes:
// names for what `npm run types` makes of the service's OpenAPI document.
import type { components, paths } from './openapi';

type Schemas = components['schemas'];

export type Role = Schemas['SessionAgent']['roles'][number];
export type Session = Schemas['Session'];
export type Sso = Schemas['SsoStatus'];
export type SignInProviders = Schemas['SignInChoices'];

export type Presence = Schemas['Presence'];
export type Expert = Schemas['Expert'];
export type ExpertPage = Schemas['ExpertsAnswer'];
/** One of the agent's own lists. Favourites: ids of those whom the directory does not list at present. */
export type KeptExperts = Schemas['RecentsAnswer'] & Partial<Pick<Schemas['FavouritesAnswer'], 'unlisted'>>;
/** Departments and roles that experts have, with how many. */
export type ExpertLabels = Schemas['LabelsAnswer'];
export type PresenceRefresh = Schemas['RefreshAnswer'];

/** How far a full reading of the directory is. */
export type Reading = Omit<Schemas['DirectoryReading'], 'since'>;
/** The event `directory`, as far as the page shows it: how the mirror stands. */
export type DirectoryState = Pick<Schemas['DirectoryEvent'], 'ready' | 'people'> & { reading?: Reading | null };

export type TargetKind = Schemas['TargetRequest']['kind'];
type ListOf<Path> = Path extends `/api/v1/targets/${infer List}` ? List : never;
export type TargetList = ListOf<keyof paths>;
export type Target = Schemas['Target'];
export type Targets = Schemas['TargetsAnswer'];
export type TargetRequest =
  | (Required<Pick<Schemas['TargetRequest'], 'id'>> & { kind: Exclude<TargetKind, 'dialNumber'>; confirm?: boolean })
  | (Required<Pick<Schemas['TargetRequest'], 'number'>> & { kind: 'dialNumber'; confirm?: boolean });

export type DialCheck = Schemas['NumberCheck'];

export type Action = keyof Schemas['Actions'];
export type Permit = Schemas['Permit'];
export type Person = Schemas['Person'];
export type Phase = Schemas['Interaction']['phase'];
export type Consult = Schemas['ConsultState'];
export type WrapUp = Schemas['WrapUp'];
export type Interaction = Schemas['Interaction'];
/** One step of a call's journal. */
export type HistoryEntry = Schemas['HistoryEntry'];

/** The event `interaction-gone`. */
export type InteractionGone = Schemas['GoneEvent'];

/** RFC 9457, with the members that the contract names for single slugs. What a proxy answers may have no more than these two. */
export type Problem = Partial<Schemas['Problem']> & Pick<Schemas['Problem'], 'type' | 'status'>;

export type AdminOrganization = Schemas['Organization'];
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

/** One line of the audit (docs/audit.md). Actor and target stand without members, or not at all, once the person was erased. */
export type AuditLine = Schemas['AuditLine'];
export type AuditEvent = AuditLine['event'];
export type AuditOutcome = AuditLine['outcome'];
