package consult

import (
	"time"

	"teamsbridge/graph"
	"teamsbridge/sso"
)

// InteractionID names a customer's call. Opaque; the switch chooses it when the call arrives.
type InteractionID string

// LegID names one party's connection at the switch.
type LegID string

// Phase is where an interaction stands.
type Phase string

// The phases, in the words of the HTTP contract.
const (
	PhaseActive           Phase = "active"
	PhaseHeld             Phase = "held"
	PhaseConsultRequested Phase = "consult_requested"
	PhaseConsulting       Phase = "consulting"
	PhaseSwapped          Phase = "swapped"
	PhaseConferenced      Phase = "conferenced"
	PhaseTransferred      Phase = "transferred"
	PhaseWrapUp           Phase = "wrapup"
	PhaseEnded            Phase = "ended"
)

// Action is a command of the HTTP contract.
type Action string

// The actions, in the contract's order.
const (
	ActionHold         Action = "hold"
	ActionResume       Action = "resume"
	ActionConsult      Action = "consult"
	ActionResumeExpert Action = "resumeExpert"
	ActionEndConsult   Action = "endConsult"
	ActionAccept       Action = "accept"
	ActionDecline      Action = "decline"
	ActionTransfer     Action = "transfer"
	ActionColdTransfer Action = "coldTransfer"
	ActionConference   Action = "conference"
	ActionLeave        Action = "leave"
	ActionEnd          Action = "end"
	ActionWrapUp       Action = "wrapUp"
	ActionPauseWrapUp  Action = "pauseWrapUp"
)

// Actions lists every action, in the contract's order.
var Actions = [...]Action{
	ActionHold, ActionResume, ActionConsult, ActionResumeExpert, ActionEndConsult, ActionAccept, ActionDecline,
	ActionTransfer, ActionColdTransfer, ActionConference, ActionLeave, ActionEnd, ActionWrapUp, ActionPauseWrapUp,
}

// TargetKind is how a consulted party is named.
type TargetKind string

// The kinds, in the words of the HTTP contract.
const (
	TargetAgent        TargetKind = "agent"
	TargetQueue        TargetKind = "queue"
	TargetOrganization TargetKind = "organization"
	TargetEntryPoint   TargetKind = "entryPoint"
	TargetDialNumber   TargetKind = "dialNumber"
)

// TargetRequest is what a client asks for: ID for all kinds but dialNumber,
// Number for that one.
type TargetRequest struct {
	Kind    TargetKind
	ID      string
	Number  string
	Confirm bool // an emergency number is meant
}

// Target is a resolved target: what will be reached, and under which number.
type Target struct {
	Kind   TargetKind `json:"kind"`
	ID     string     `json:"id,omitempty"`
	Name   string     `json:"name,omitempty"`
	Number string     `json:"number"`
	// NumberChanged: the number was read live just before the call, and the index had another one.
	NumberChanged bool         `json:"numberChanged,omitempty"`
	Expert        graph.UserID `json:"expert,omitempty"` // set when this reaches a Teams user, whatever the kind
	Agent         sso.AgentID  `json:"agent,omitempty"`  // set when a contact-centre agent is reached
}

// FailureReason says why a party was not reached or the switch did not do as told.
type FailureReason string

// The reasons, in the words of the HTTP contract.
const (
	FailureBusy         FailureReason = "busy"
	FailureDeclined     FailureReason = "declined"
	FailureNoAnswer     FailureReason = "no-answer"
	FailureUnreachable  FailureReason = "unreachable"
	FailureRejected     FailureReason = "rejected"
	FailureVoicemail    FailureReason = "voicemail"
	FailureNoAcceptance FailureReason = "no-acceptance"
	FailureWithdrawn    FailureReason = "withdrawn"
	FailureFailed       FailureReason = "failed"
)

// Command is one request of a client.
type Command struct {
	Action Action
	Target TargetRequest // consult, coldTransfer
	Code   string        // wrapUp
	Note   string        // wrapUp, decline (the reason a person gives)
	// IfVersion, when not nil, must be the interaction's version, else *VersionError.
	IfVersion *uint64
	// Key, when set, makes the command idempotent for its agent for 24 hours;
	// BodyHash tells another body under the same key apart.
	Key      string
	BodyHash string
}

// RoleHere is what a reader is in an interaction.
type RoleHere string

// The roles, in the words of the HTTP contract.
const (
	RoleAgent1     RoleHere = "agent1"
	RoleAgent2     RoleHere = "agent2"
	RoleFormer     RoleHere = "former"
	RoleSupervisor RoleHere = "supervisor"
)

// commands reports whether the role may give commands at all; others read, or
// do not even that.
func (r RoleHere) commands() bool { return r != "" && r != RoleSupervisor }

// View is an interaction as one reader may see it.
type View struct {
	ID        InteractionID
	Version   uint64
	Phase     Phase
	StartedAt time.Time
	Role      RoleHere
	Customer  CustomerView
	Owner     *OwnerView
	Pending   *PendingView
	Consult   *ConsultView
	WrapUp    *WrapUpView // the reader's own, open one
	Actions   map[Action]Permit
}

// CustomerView is the customer's side; State is connected, held, conferenced or left.
type CustomerView struct {
	Number string
	Name   string
	State  string
	Since  time.Time
	Waits  bool // on hold for longer than hold.warn
	Holds  bool // holds on their own telephone
}

// PersonView names somebody.
type PersonView struct {
	ID   string
	Name string
}

// OwnerView names the owner.
type OwnerView struct {
	PersonView
	Holds bool // on their own telephone
}

// PendingView is what the switch is working on.
type PendingView struct {
	Action Action
	Since  time.Time
}

// ConsultView is the latest consult; State is requested, ringing, connected,
// held, conferenced, ended or failed.
type ConsultView struct {
	Party   *PersonView
	Then    string // "transfer" for a cold transfer
	Note    string // what a person said when declining
	Target  Target
	State   string
	Since   time.Time
	Failure FailureReason
	Asked   bool // they picked up and are asked to press a key
	Holds   bool // they hold on their own telephone
}

// WrapUpView is an open wrap-up.
type WrapUpView struct {
	DueAt   *time.Time
	Paused  bool
	Default string
	Reasons []WrapUpReason
}

// WrapUpReason is one reason of the configuration.
type WrapUpReason struct {
	Code  string `koanf:"code" json:"code"`
	Label string `koanf:"label" json:"label"`
}

// Permit says whether an action is allowed now; Reason is wrong-phase, pending,
// sso-required, not-your-part or none-to-transfer-to.
type Permit struct {
	Allowed bool
	Reason  string
}

// HistoryEntry is one line of an interaction's journal.
type HistoryEntry struct {
	Version uint64
	At      time.Time
	Actor   string // customer, agent1, agent2, former, switch, system
	Person  *PersonView
	Input   string // the command or event
	Cause   string // failure reason or what else explains it
	From    Phase
	To      Phase
	Pending Action // what the switch began to do
}

// AgentState is what a contact-centre agent is doing.
type AgentState string

// The states, in the words of the HTTP contract.
const (
	StateAvailable AgentState = "available"
	StateIdle      AgentState = "idle"
	StateEngaged   AgentState = "engaged"
	StateWrapUp    AgentState = "wrapUp"
	StateOffline   AgentState = "offline"
)

// AgentStatus is a state since a time.
type AgentStatus struct {
	Name   AgentState
	Since  time.Time
	Reason string
}
