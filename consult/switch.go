package consult

import (
	"context"
	"time"
)

// Party is a side of a call at the switch.
type Party string

// The parties.
const (
	PartyCustomer  Party = "customer"
	PartyAgent     Party = "agent"     // the owner's telephone
	PartyConsulted Party = "consulted" // agent 2's telephone, the expert's, the number's
)

// Dial asks the switch to ring somebody.
type Dial struct {
	Leg         LegID
	Interaction InteractionID
	Party       Party
	Number      string
	Kind        TargetKind
	// Acceptance asks whoever answers to press a key before they count as
	// answered (1 accepts, 3 declines), so that a voicemail never does; OnBehalf
	// is the agent whom a voice names. A switch that cannot ask ignores it.
	Acceptance bool
	OnBehalf   string
}

// Arrangement is the picture that the switch makes true: who talks together
// and who hears music. Legs that are not named (ringing ones) stay as they are.
type Arrangement struct {
	Seq   uint64  // grows with each new picture of the interaction
	Cause Action  // the engine's action that this belongs to: "hold", "resume", "transfer", "conference", "endConsult", "consult" ...
	Talk  []LegID // all hear one another
	Hold  []LegID // each alone, with music
}

// EventKind is what the switch reports.
type EventKind string

// The kinds of event.
const (
	EventCall          EventKind = "call"           // a customer is connected with an agent: Call is set
	EventRinging       EventKind = "ringing"        // a dialled leg rings
	EventAsked         EventKind = "asked"          // somebody picked a dialled leg up and is asked to press a key
	EventAnswered      EventKind = "answered"       // a dialled leg was answered
	EventFailed        EventKind = "failed"         // a dialled leg was not answered: Reason says why
	EventEnded         EventKind = "ended"          // a connected leg hung up, or was hung up by us
	EventLost          EventKind = "lost"           // a connected leg's line died without a hang-up
	EventArranged      EventKind = "arranged"       // the picture Seq is true
	EventArrangeFailed EventKind = "arrange-failed" // the picture Seq is not; the one before still is
	EventHangupFailed  EventKind = "hangup-failed"  // the leg is still there
	EventHolds         EventKind = "holds"          // a connected leg's party holds on their own telephone
	EventBack          EventKind = "back"           // and is back from that
)

// Event is what happened at the switch. Events of one interaction come in order.
type Event struct {
	Kind        EventKind
	Interaction InteractionID
	Leg         LegID
	Seq         uint64        // EventArranged, EventArrangeFailed
	Reason      FailureReason // EventFailed; with EventAnswered FailureVoicemail says that a machine answered
	Note        string        // EventFailed: what the person said, if anything
	Call        *Call
	At          time.Time
	// Ack, when set, is called once: nil when the journal holds the event, else
	// why it does not (the event came late, or the journal cannot be written).
	Ack func(error)
}

// Call is a customer connected with an agent.
type Call struct {
	Tenant      string
	CustomerLeg LegID
	From        string // the customer's number
	AgentLeg    LegID
	Agent       string // agent id
}

// LegStatus is one leg that is really there.
type LegStatus struct {
	Leg   LegID
	Party Party
	State LegState
}

// LegState is how far a leg is.
type LegState string

// The leg states at the switch.
const (
	LegRinging LegState = "ringing"
	LegUp      LegState = "up"
)

// CallStatus is one interaction that is really there.
type CallStatus struct {
	Interaction InteractionID
	Tenant      string // as the call came with
	Legs        []LegStatus
	Arranged    uint64 // Seq of the picture that is true; 0 when none was asked yet
}

// Switch is the least the engine needs of a telephone system. Methods start
// work and return at once; outcomes arrive as events. An error means that
// nothing was started. Implementations pass consulttest.Run.
type Switch interface {
	// Dial starts a leg; EventRinging, EventAnswered or EventFailed follow.
	// Dialling a leg that exists changes nothing.
	Dial(ctx context.Context, d Dial) error
	// Arrange makes the picture true; EventArranged or EventArrangeFailed
	// follows with its Seq. The same picture again changes nothing but is
	// confirmed again. It never ends a leg.
	Arrange(ctx context.Context, call InteractionID, a Arrangement) error
	// Hangup ends a leg or stops its ringing; EventEnded (or EventFailed with
	// FailureWithdrawn for one that rang) or EventHangupFailed follows.
	// Ending an ended leg is no error and has no event.
	Hangup(ctx context.Context, call InteractionID, leg LegID) error
	// Calls reports what is really there, for recovery and unclear outcomes.
	Calls(ctx context.Context) ([]CallStatus, error)
	// Events is closed by the switch when it stops.
	Events() <-chan Event
}

// Answerer is a switch that can answer a ringing leg for the person who
// accepted on their page (click to answer).
type Answerer interface {
	Answer(ctx context.Context, call InteractionID, leg LegID) error
}
