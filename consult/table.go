package consult

// moment says when a rule's phase is entered.
type moment uint8

const (
	now          moment = iota // with this step
	whenArranged               // the switch confirms the picture of the new phase; until then it is pending
	whenHungUp                 // the customer's leg is gone; until then it is pending
	whenAnswered               // the consulted leg is answered; until then it is pending
)

var momentNames = [...]string{"at once", "when the switch has arranged it", "when the leg is gone", "when the leg is answered"}

// rule is one decided cell of phase × actor × input.
type rule struct {
	phase Phase
	actor Actor
	input InputKind
	to    Phase
	when  moment
	do    step // what else changes, and what the switch is told; may choose the phase where to is empty
}

// rules is the whole of what may happen. What else may be asked or come stands
// in refusals, lates and strangers: together they decide every cell, and a
// test finds any that none of them names.
//
// The columns of the product page become rows here: what agent 1 may, what
// agent 2 may, and what happens when.
var rules = [...]rule{
	// Agent 1 has the customer.
	{PhaseActive, ActorAgent1, InHold, PhaseHeld, whenArranged, step{}},
	{PhaseActive, ActorAgent1, InConsult, PhaseConsultRequested, now, holdThenDial},
	{PhaseActive, ActorAgent1, InColdTransfer, PhaseConsultRequested, now, holdThenDial},
	{PhaseActive, ActorAgent1, InEnd, PhaseWrapUp, whenHungUp, hangUpCustomer},
	{PhaseHeld, ActorAgent1, InResume, PhaseActive, whenArranged, step{}},
	{PhaseHeld, ActorAgent1, InConsult, PhaseConsultRequested, now, dialNow},
	{PhaseHeld, ActorAgent1, InColdTransfer, PhaseConsultRequested, now, dialNow},

	// Somebody is asked for.
	{PhaseConsultRequested, ActorAgent1, InEndConsult, PhaseActive, whenArranged, withdraw},
	{PhaseConsultRequested, ActorAgent2, InAccept, PhaseConsulting, whenAnswered, answerFor},
	{PhaseConsultRequested, ActorAgent2, InDecline, "", now, declined},
	{PhaseConsultRequested, ActorSystem, InOffer, PhaseConsultRequested, now, offered},
	{PhaseConsultRequested, ActorSwitch, InRinging, PhaseConsultRequested, now, ringing},
	{PhaseConsultRequested, ActorSwitch, InAsked, PhaseConsultRequested, now, asked},
	{PhaseConsultRequested, ActorSwitch, InAnswered, "", now, answered},
	{PhaseConsultRequested, ActorSwitch, InFailed, "", now, unreached},
	{PhaseConsultRequested, ActorSwitch, InHungUp, "", now, unreached},
	{PhaseConsultRequested, ActorSystem, InRingTimeout, "", now, unreached},

	// Agent 1 talks to agent 2, the customer is on hold.
	{PhaseConsulting, ActorAgent1, InResume, PhaseSwapped, whenArranged, step{}},
	{PhaseConsulting, ActorAgent1, InTransfer, PhaseTransferred, whenArranged, step{}},
	{PhaseConsulting, ActorAgent1, InConference, PhaseConferenced, whenArranged, step{}},
	{PhaseConsulting, ActorAgent1, InEndConsult, PhaseActive, whenArranged, step{}},
	{PhaseConsulting, ActorAgent2, InEndConsult, PhaseActive, whenArranged, step{}},
	{PhaseConsulting, ActorSwitch, InHungUp, PhaseActive, now, consultedLeft},

	// Agent 1 talks to the customer, agent 2 is on hold.
	{PhaseSwapped, ActorAgent1, InResumeExpert, PhaseConsulting, whenArranged, step{}},
	{PhaseSwapped, ActorAgent1, InTransfer, PhaseTransferred, whenArranged, step{}},
	{PhaseSwapped, ActorAgent1, InConference, PhaseConferenced, whenArranged, step{}},
	{PhaseSwapped, ActorAgent1, InEndConsult, PhaseActive, whenArranged, step{}},
	{PhaseSwapped, ActorAgent2, InEndConsult, PhaseActive, whenArranged, step{}},
	{PhaseSwapped, ActorSwitch, InHungUp, PhaseActive, now, consultedLeft},

	// All three talk.
	{PhaseConferenced, ActorAgent1, InLeave, PhaseTransferred, whenArranged, step{}},
	{PhaseConferenced, ActorAgent1, InEnd, PhaseWrapUp, whenHungUp, hangUpCustomer},
	{PhaseConferenced, ActorAgent2, InLeave, PhaseActive, whenArranged, step{}},
	{PhaseConferenced, ActorSwitch, InHungUp, PhaseActive, now, consultedLeft},
	{PhaseConferenced, ActorAgent1, InHungUp, PhaseTransferred, now, ownerLeft},

	// Agent 2 has the customer. A contact-centre agent is the owner (actor
	// agent 1) and may what active allows; an expert commands nothing.
	{PhaseTransferred, ActorAgent1, InHold, PhaseHeld, whenArranged, step{}},
	{PhaseTransferred, ActorAgent1, InConsult, PhaseConsultRequested, now, holdThenDial},
	{PhaseTransferred, ActorAgent1, InColdTransfer, PhaseConsultRequested, now, holdThenDial},
	{PhaseTransferred, ActorAgent1, InEnd, PhaseWrapUp, whenHungUp, hangUpCustomer},
	{PhaseTransferred, ActorSwitch, InHungUp, PhaseWrapUp, now, over},

	// The owner's telephone hangs up: the interaction is over.
	{PhaseActive, ActorAgent1, InHungUp, PhaseWrapUp, now, over},
	{PhaseHeld, ActorAgent1, InHungUp, PhaseWrapUp, now, over},
	{PhaseConsultRequested, ActorAgent1, InHungUp, "", now, ownerHungUp},
	{PhaseConsulting, ActorAgent1, InHungUp, "", now, ownerHungUp},
	{PhaseSwapped, ActorAgent1, InHungUp, "", now, ownerHungUp},
	{PhaseTransferred, ActorAgent1, InHungUp, PhaseWrapUp, now, over},

	// The customer hangs up, any phase.
	{PhaseActive, ActorCustomer, InHungUp, PhaseWrapUp, now, over},
	{PhaseHeld, ActorCustomer, InHungUp, PhaseWrapUp, now, over},
	{PhaseConsultRequested, ActorCustomer, InHungUp, PhaseWrapUp, now, over},
	{PhaseConsulting, ActorCustomer, InHungUp, PhaseWrapUp, now, over},
	{PhaseSwapped, ActorCustomer, InHungUp, PhaseWrapUp, now, over},
	{PhaseConferenced, ActorCustomer, InHungUp, PhaseWrapUp, now, over},
	{PhaseTransferred, ActorCustomer, InHungUp, PhaseWrapUp, now, over},

	// The owner's line dies without a hang-up: whoever waits hears music while
	// their telephone rings again.
	{PhaseActive, ActorAgent1, InLost, PhaseActive, now, lost},
	{PhaseHeld, ActorAgent1, InLost, PhaseHeld, now, lost},
	{PhaseConsultRequested, ActorAgent1, InLost, PhaseConsultRequested, now, lost},
	{PhaseConsulting, ActorAgent1, InLost, PhaseConsulting, now, lost},
	{PhaseSwapped, ActorAgent1, InLost, PhaseSwapped, now, lost},
	{PhaseConferenced, ActorAgent1, InLost, PhaseConferenced, now, lost},
	{PhaseTransferred, ActorAgent1, InLost, PhaseTransferred, now, lost},
	{PhaseActive, ActorAgent1, InReturned, PhaseActive, now, returned},
	{PhaseHeld, ActorAgent1, InReturned, PhaseHeld, now, returned},
	{PhaseConsultRequested, ActorAgent1, InReturned, PhaseConsultRequested, now, returned},
	{PhaseConsulting, ActorAgent1, InReturned, PhaseConsulting, now, returned},
	{PhaseSwapped, ActorAgent1, InReturned, PhaseSwapped, now, returned},
	{PhaseConferenced, ActorAgent1, InReturned, PhaseConferenced, now, returned},
	{PhaseTransferred, ActorAgent1, InReturned, PhaseTransferred, now, returned},
	{PhaseActive, ActorAgent1, InNotReturned, "", now, stayedLost},
	{PhaseHeld, ActorAgent1, InNotReturned, "", now, stayedLost},
	{PhaseConsultRequested, ActorAgent1, InNotReturned, "", now, stayedLost},
	{PhaseConsulting, ActorAgent1, InNotReturned, "", now, stayedLost},
	{PhaseSwapped, ActorAgent1, InNotReturned, "", now, stayedLost},
	{PhaseConferenced, ActorAgent1, InNotReturned, "", now, stayedLost},
	{PhaseTransferred, ActorAgent1, InNotReturned, "", now, stayedLost},

	// A party holds on their own telephone: shown to the others, nothing else changes.
	{PhaseActive, ActorSwitch, InHolds, PhaseActive, now, holds},
	{PhaseHeld, ActorSwitch, InHolds, PhaseHeld, now, holds},
	{PhaseConsultRequested, ActorSwitch, InHolds, PhaseConsultRequested, now, holds},
	{PhaseConsulting, ActorSwitch, InHolds, PhaseConsulting, now, holds},
	{PhaseSwapped, ActorSwitch, InHolds, PhaseSwapped, now, holds},
	{PhaseConferenced, ActorSwitch, InHolds, PhaseConferenced, now, holds},
	{PhaseTransferred, ActorSwitch, InHolds, PhaseTransferred, now, holds},
	{PhaseActive, ActorSwitch, InBack, PhaseActive, now, back},
	{PhaseHeld, ActorSwitch, InBack, PhaseHeld, now, back},
	{PhaseConsultRequested, ActorSwitch, InBack, PhaseConsultRequested, now, back},
	{PhaseConsulting, ActorSwitch, InBack, PhaseConsulting, now, back},
	{PhaseSwapped, ActorSwitch, InBack, PhaseSwapped, now, back},
	{PhaseConferenced, ActorSwitch, InBack, PhaseConferenced, now, back},
	{PhaseTransferred, ActorSwitch, InBack, PhaseTransferred, now, back},

	// Held customers are watched.
	{PhaseHeld, ActorSystem, InHoldWarn, PhaseHeld, now, holdWarned},
	{PhaseConsultRequested, ActorSystem, InHoldWarn, PhaseConsultRequested, now, holdWarned},
	{PhaseConsulting, ActorSystem, InHoldWarn, PhaseConsulting, now, holdWarned},
	{PhaseHeld, ActorSystem, InHoldMax, PhaseActive, now, heldTooLong},
	{PhaseConsultRequested, ActorSystem, InHoldMax, PhaseActive, now, heldTooLong},
	{PhaseConsulting, ActorSystem, InHoldMax, PhaseSwapped, now, heldTooLong},

	// The switch answers. What a confirmed picture means is kept in Pending,
	// so these rows are the same in every phase that can have one; the rest
	// of a call set-up waits for its hold.
	{PhaseActive, ActorSwitch, InArranged, "", now, arranged},
	{PhaseHeld, ActorSwitch, InArranged, "", now, arranged},
	{PhaseConsultRequested, ActorSwitch, InArranged, "", now, arranged},
	{PhaseConsulting, ActorSwitch, InArranged, "", now, arranged},
	{PhaseSwapped, ActorSwitch, InArranged, "", now, arranged},
	{PhaseConferenced, ActorSwitch, InArranged, "", now, arranged},
	{PhaseTransferred, ActorSwitch, InArranged, "", now, arranged},
	{PhaseActive, ActorSwitch, InArrangeFailed, PhaseActive, now, notArranged},
	{PhaseHeld, ActorSwitch, InArrangeFailed, PhaseHeld, now, notArranged},
	{PhaseConsultRequested, ActorSwitch, InArrangeFailed, "", now, setUpFailed},
	{PhaseConsulting, ActorSwitch, InArrangeFailed, PhaseConsulting, now, notArranged},
	{PhaseSwapped, ActorSwitch, InArrangeFailed, PhaseSwapped, now, notArranged},
	{PhaseConferenced, ActorSwitch, InArrangeFailed, PhaseConferenced, now, notArranged},
	{PhaseTransferred, ActorSwitch, InArrangeFailed, PhaseTransferred, now, notArranged},
	{PhaseActive, ActorSwitch, InHangupFailed, PhaseActive, now, notHungUp},
	{PhaseConferenced, ActorSwitch, InHangupFailed, PhaseConferenced, now, notHungUp},
	{PhaseTransferred, ActorSwitch, InHangupFailed, PhaseTransferred, now, notHungUp},

	// Wrap-up: the owner when the customer is gone, a former owner in any phase.
	{PhaseWrapUp, ActorAgent1, InWrapUp, PhaseWrapUp, now, wrapUp},
	{PhaseWrapUp, ActorAgent1, InPauseWrapUp, PhaseWrapUp, now, pauseWrapUp},
	{PhaseActive, ActorFormer, InWrapUp, PhaseActive, now, wrapUp},
	{PhaseHeld, ActorFormer, InWrapUp, PhaseHeld, now, wrapUp},
	{PhaseConsultRequested, ActorFormer, InWrapUp, PhaseConsultRequested, now, wrapUp},
	{PhaseConsulting, ActorFormer, InWrapUp, PhaseConsulting, now, wrapUp},
	{PhaseSwapped, ActorFormer, InWrapUp, PhaseSwapped, now, wrapUp},
	{PhaseConferenced, ActorFormer, InWrapUp, PhaseConferenced, now, wrapUp},
	{PhaseTransferred, ActorFormer, InWrapUp, PhaseTransferred, now, wrapUp},
	{PhaseWrapUp, ActorFormer, InWrapUp, PhaseWrapUp, now, wrapUp},
	{PhaseActive, ActorFormer, InPauseWrapUp, PhaseActive, now, pauseWrapUp},
	{PhaseHeld, ActorFormer, InPauseWrapUp, PhaseHeld, now, pauseWrapUp},
	{PhaseConsultRequested, ActorFormer, InPauseWrapUp, PhaseConsultRequested, now, pauseWrapUp},
	{PhaseConsulting, ActorFormer, InPauseWrapUp, PhaseConsulting, now, pauseWrapUp},
	{PhaseSwapped, ActorFormer, InPauseWrapUp, PhaseSwapped, now, pauseWrapUp},
	{PhaseConferenced, ActorFormer, InPauseWrapUp, PhaseConferenced, now, pauseWrapUp},
	{PhaseTransferred, ActorFormer, InPauseWrapUp, PhaseTransferred, now, pauseWrapUp},
	{PhaseWrapUp, ActorFormer, InPauseWrapUp, PhaseWrapUp, now, pauseWrapUp},
	{PhaseActive, ActorSystem, InWrapUpTimeout, PhaseActive, now, wrapUp},
	{PhaseHeld, ActorSystem, InWrapUpTimeout, PhaseHeld, now, wrapUp},
	{PhaseConsultRequested, ActorSystem, InWrapUpTimeout, PhaseConsultRequested, now, wrapUp},
	{PhaseConsulting, ActorSystem, InWrapUpTimeout, PhaseConsulting, now, wrapUp},
	{PhaseSwapped, ActorSystem, InWrapUpTimeout, PhaseSwapped, now, wrapUp},
	{PhaseConferenced, ActorSystem, InWrapUpTimeout, PhaseConferenced, now, wrapUp},
	{PhaseTransferred, ActorSystem, InWrapUpTimeout, PhaseTransferred, now, wrapUp},
	{PhaseWrapUp, ActorSystem, InWrapUpTimeout, PhaseWrapUp, now, wrapUp},
}
