package sip

import (
	"teamsbridge/consult"
	"teamsbridge/consult/sip/ua"
)

// reasons says what a final status means to whoever consulted. What is not named
// falls to its class.
var reasons = map[int]consult.FailureReason{
	400: consult.FailureFailed,
	401: consult.FailureRejected, // we could not authenticate
	403: consult.FailureRejected,
	404: consult.FailureUnreachable,
	407: consult.FailureRejected,
	408: consult.FailureNoAnswer,
	410: consult.FailureUnreachable,
	480: consult.FailureUnreachable, // nobody is registered, or Teams is signed out
	481: consult.FailureFailed,
	484: consult.FailureUnreachable, // address incomplete
	486: consult.FailureBusy,
	487: consult.FailureWithdrawn,
	488: consult.FailureRejected,
	600: consult.FailureBusy,
	603: consult.FailureDeclined,
	604: consult.FailureUnreachable,
	606: consult.FailureRejected,
	607: consult.FailureDeclined, // unwanted (RFC 8197)
	608: consult.FailureRejected, // by an analytics engine (RFC 8688)
}

// q850Reasons refines an answer by the cause of its Reason header (ITU-T Q.850),
// where a gateway maps many causes to one status.
var q850Reasons = map[int]consult.FailureReason{
	1:  consult.FailureUnreachable, // unallocated number
	3:  consult.FailureUnreachable, // no route
	17: consult.FailureBusy,
	18: consult.FailureNoAnswer,
	19: consult.FailureNoAnswer,
	20: consult.FailureUnreachable, // subscriber absent
	21: consult.FailureDeclined,
	27: consult.FailureUnreachable, // destination out of order
	28: consult.FailureUnreachable, // number incomplete
}

// reasonOf says why an INVITE came to nothing.
func reasonOf(f ua.Failure) consult.FailureReason {
	if f.Withdrawn {
		return consult.FailureWithdrawn
	}
	if f.Status == 0 {
		return consult.FailureUnreachable
	}
	if r, ok := q850Reasons[f.Cause]; ok {
		return r
	}
	if r, ok := reasons[f.Status]; ok {
		return r
	}
	switch f.Status / 100 {
	case 3, 4:
		return consult.FailureRejected
	case 5:
		return consult.FailureUnreachable
	case 6:
		return consult.FailureDeclined
	default:
		return consult.FailureFailed
	}
}

// unavailable asks a caller to go elsewhere, or to come back.
func unavailable() (status int, phrase string) { return 503, "Service Unavailable" }

// refusal is the final status that a customer's call gets when the agent was not
// reached; a service that stops is left for the caller's next system.
func (s *Switch) refusal(r consult.FailureReason) (status int, phrase string) {
	if s.stopping() {
		return unavailable()
	}
	return refusal(r)
}

func refusal(r consult.FailureReason) (status int, phrase string) {
	switch r {
	case consult.FailureBusy:
		return 486, "Busy Here"
	case consult.FailureDeclined:
		return 480, "Temporarily Unavailable" // not 603: the customer may well try again
	case consult.FailureUnreachable, consult.FailureNoAnswer, consult.FailureWithdrawn:
		return 480, "Temporarily Unavailable"
	default:
		return 500, "Server Internal Error"
	}
}
