package reserve

import (
	"time"

	"teamsbridge/consult"
	"teamsbridge/sso"
)

// State is how far a reservation is.
type State string

// The states, in the words of the HTTP contract.
const (
	Reserved  State = "reserved"  // waits for its call
	Ringing   State = "ringing"   // the call has come, the target is rung
	Connected State = "connected" // caller and target talk
	Ended     State = "ended"     // they have talked
	Expired   State = "expired"   // no call came in time
	Failed    State = "failed"    // see Reason
)

// States lists every state, in their order.
var States = [...]State{Reserved, Ringing, Connected, Ended, Expired, Failed}

// Over reports whether nothing can come any more.
func (s State) Over() bool { return s == Ended || s == Expired || s == Failed }

// ReasonLost is why a reservation failed whose call was cut: a line died, or this
// process did. The other reasons are those of a consult.
const ReasonLost consult.FailureReason = "lost"

// Reservation is a call that is expected, and what became of it.
type Reservation struct {
	ID        string                `json:"id"`
	Tenant    string                `json:"tenant"`
	Agent     sso.AgentID           `json:"agent"`     // who made it
	AgentName string                `json:"agentName"` // as the target's telephone shows it
	Target    consult.Target        `json:"target"`
	Dial      string                `json:"dial"`           // the number on which the call is expected
	Code      string                `json:"code,omitempty"` // to be entered by keypad; empty where the number says enough, and once it was used
	State     State                 `json:"state"`
	Reason    consult.FailureReason `json:"reason,omitempty"` // of Failed
	MadeAt    time.Time             `json:"madeAt"`
	ExpiresAt time.Time             `json:"expiresAt"`
	Since     time.Time             `json:"since"` // of State

	// How the target is rung, as the configuration was when this was made.
	Acceptance    bool          `json:"acceptance"` // a key is pressed before it counts as answered
	RingTimeout   time.Duration `json:"ringTimeout"`
	AcceptTimeout time.Duration `json:"acceptTimeout"` // to press it, once picked up

	Key      string `json:"key,omitempty"` // idempotency key, of the agent's
	BodyHash string `json:"bodyHash,omitempty"`
}

// Request asks for a reservation.
type Request struct {
	Target consult.TargetRequest
	// Key, when set, makes the request idempotent for its agent for 24 hours;
	// BodyHash tells another body under the same key apart.
	Key, BodyHash string
}
