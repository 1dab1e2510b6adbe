package consult

import (
	"time"

	"teamsbridge/sso"
)

// Actor is who an input comes from.
type Actor uint8

// The actors. Owner is "agent 1" of the product's words, Agent2 a consulted
// contact-centre agent at their desktop, Former an owner of before.
const (
	ActorCustomer Actor = iota
	ActorAgent1
	ActorAgent2
	ActorFormer
	ActorSwitch // what the telephone network reports of its own work and of the consulted leg
	ActorSystem // timers
	actorCount
)

var actorNames = [actorCount]string{"customer", "agent1", "agent2", "former", "switch", "system"}

func (a Actor) String() string { return actorNames[a] }

// InputKind is what happened or what somebody wants.
type InputKind uint8

// The inputs: commands first, in the order of Actions, then events.
const (
	InHold InputKind = iota
	InResume
	InConsult
	InResumeExpert
	InEndConsult
	InAccept
	InDecline
	InTransfer
	InColdTransfer
	InConference
	InLeave
	InEnd
	InWrapUp
	InPauseWrapUp

	InCall          // the call began: customer and agent are connected
	InHungUp        // the actor's telephone hung up
	InRinging       // the consulted leg rings
	InAnswered      // the consulted leg was answered
	InFailed        // the consulted leg was not answered
	InArranged      // the picture is true
	InArrangeFailed // the picture is not
	InHangupFailed  // the leg is still there
	InRingTimeout   // nobody answered in time
	InWrapUpTimeout // the wrap-up timer of an agent ended
	InOffer         // an agent of the queue is offered the consult
	InLost          // the actor's line died without a hang-up
	InReturned      // the lost owner answered again
	InNotReturned   // the lost owner did not
	InHoldWarn      // the customer is on hold for long
	InHoldMax       // the customer is on hold for too long
	InAsked         // somebody picked the consulted leg up and is asked to press a key
	InHolds         // a leg's party holds on their own telephone
	InBack          // and is back from that
	inputCount
)

var inputNames = [inputCount]string{
	"hold", "resume", "consult", "resumeExpert", "endConsult", "accept", "decline", "transfer", "coldTransfer",
	"conference", "leave", "end", "wrapUp", "pauseWrapUp",
	"call", "hungUp", "ringing", "answered", "failed", "arranged", "arrangeFailed", "hangupFailed", "ringTimeout",
	"wrapUpTimeout", "offer", "lost", "returned", "notReturned", "holdWarn", "holdMax", "asked", "holds", "back",
}

func (k InputKind) String() string { return inputNames[k] }

// command reports whether the input is an action of the HTTP contract.
func (k InputKind) command() bool { return k <= InPauseWrapUp }

// urgent reports whether the step must be journaled even on a full disk: an
// event has happened already, and nobody stays on the line because somebody
// cannot be let go. A new call and an offer to one more agent begin something.
func (k InputKind) urgent() bool {
	switch k {
	case InEnd, InEndConsult, InDecline, InWrapUp:
		return true
	case InCall, InOffer:
		return false
	default:
		return !k.command()
	}
}

// action is the command's name; only for commands.
func (k InputKind) action() Action { return Actions[k] }

// inputOf finds the input of an action.
func inputOf(a Action) (InputKind, bool) {
	for i, x := range Actions {
		if x == a {
			return InputKind(i), true
		}
	}
	return 0, false
}

// Input is one command or event with all that is needed to decide and to replay it.
type Input struct {
	Kind    InputKind     `json:"kind"`
	Actor   Actor         `json:"actor"`
	Agent   sso.AgentID   `json:"agent,omitempty"` // who commands, or whose wrap-up ended
	At      time.Time     `json:"at"`
	Target  *Target       `json:"target,omitempty"`  // consult, coldTransfer
	Party   *ConsultParty `json:"party,omitempty"`   // who will be reached
	Refused FailureReason `json:"refused,omitempty"` // the target cannot be reached now: fail at once
	Code    string        `json:"code,omitempty"`    // wrapUp
	Note    string        `json:"note,omitempty"`    // wrapUp, decline
	Leg     LegID         `json:"leg,omitempty"`     // events of a leg; the leg to dial for consult
	Seq     uint64        `json:"seq,omitempty"`     // arranged, arrangeFailed
	Reason  FailureReason `json:"reason,omitempty"`  // failed
	Call    *CallInput    `json:"call,omitempty"`
	Scope   string        `json:"scope,omitempty"` // of the command's idempotency key
	Key     string        `json:"key,omitempty"`
	Role    RoleHere      `json:"role,omitempty"` // of whoever commands
}

// CallInput is how an interaction begins.
type CallInput struct {
	Interaction InteractionID `json:"interaction"`
	Tenant      string        `json:"tenant"`
	CustomerLeg LegID         `json:"customerLeg"`
	From        string        `json:"from"`
	AgentLeg    LegID         `json:"agentLeg"`
	Agent       sso.AgentID   `json:"agent"`
	AgentName   string        `json:"agentName"`
	AgentNumber string        `json:"agentNumber,omitempty"`
}

// MarshalText and UnmarshalText keep journals readable and safe from renumbering.
func (k InputKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the name of an input.
func (k *InputKind) UnmarshalText(b []byte) error {
	return unmarshalName(k, inputNames[:], b)
}

// MarshalText writes the actor's name.
func (a Actor) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the name of an actor.
func (a *Actor) UnmarshalText(b []byte) error {
	return unmarshalName(a, actorNames[:], b)
}

func unmarshalName[T ~uint8](to *T, names []string, b []byte) error {
	for i, n := range names {
		if n == string(b) {
			*to = T(i) // tables of less than 256 names
			return nil
		}
	}
	return &InvalidError{Location: "journal", Message: "unknown name"}
}
