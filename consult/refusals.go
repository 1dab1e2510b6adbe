package consult

// What rules does not hold stands here, so that nothing is decided by leaving
// it out: TestEveryCellIsDecidedOnce finds a cell that no table or two name.

// strangers are the commands that an actor never may give, and the events that
// never come from them, in any phase.
var strangers = [...]struct {
	actor  Actor
	inputs []InputKind
}{
	{ActorCustomer, []InputKind{
		InHold, InResume, InConsult, InResumeExpert, InEndConsult, InAccept, InDecline, InTransfer,
		InColdTransfer, InConference, InLeave, InEnd, InWrapUp, InPauseWrapUp, InCall, InRinging,
		InAnswered, InFailed, InArranged, InArrangeFailed, InHangupFailed, InRingTimeout, InWrapUpTimeout,
		InOffer, InLost, InReturned, InNotReturned, InHoldWarn, InHoldMax, InAsked, InHolds, InBack,
	}},
	{ActorAgent1, []InputKind{
		InAccept, InDecline, InCall, InRinging, InAnswered, InFailed, InArranged, InArrangeFailed,
		InHangupFailed, InRingTimeout, InWrapUpTimeout, InOffer, InHoldWarn, InHoldMax, InAsked, InHolds, InBack,
	}},
	{ActorAgent2, []InputKind{
		InHold, InResume, InConsult, InResumeExpert, InTransfer, InColdTransfer, InConference, InEnd,
		InWrapUp, InPauseWrapUp, InCall, InHungUp, InRinging, InAnswered, InFailed, InArranged,
		InArrangeFailed, InHangupFailed, InRingTimeout, InWrapUpTimeout, InOffer, InLost, InReturned,
		InNotReturned, InHoldWarn, InHoldMax, InAsked, InHolds, InBack,
	}},
	{ActorFormer, []InputKind{
		InHold, InResume, InConsult, InResumeExpert, InEndConsult, InAccept, InDecline, InTransfer,
		InColdTransfer, InConference, InLeave, InEnd, InCall, InHungUp, InRinging, InAnswered, InFailed,
		InArranged, InArrangeFailed, InHangupFailed, InRingTimeout, InWrapUpTimeout, InOffer, InLost,
		InReturned, InNotReturned, InHoldWarn, InHoldMax, InAsked, InHolds, InBack,
	}},
	{ActorSwitch, []InputKind{
		InHold, InResume, InConsult, InResumeExpert, InEndConsult, InAccept, InDecline, InTransfer,
		InColdTransfer, InConference, InLeave, InEnd, InWrapUp, InPauseWrapUp, InCall, InRingTimeout,
		InWrapUpTimeout, InOffer, InLost, InReturned, InNotReturned, InHoldWarn, InHoldMax,
	}},
	{ActorSystem, []InputKind{
		InHold, InResume, InConsult, InResumeExpert, InEndConsult, InAccept, InDecline, InTransfer,
		InColdTransfer, InConference, InLeave, InEnd, InWrapUp, InPauseWrapUp, InCall, InHungUp, InRinging,
		InAnswered, InFailed, InArranged, InArrangeFailed, InHangupFailed, InLost, InReturned, InNotReturned,
		InAsked, InHolds, InBack,
	}},
}

// refusals are the commands that an actor may give, but not in this phase.
var refusals = [...]struct {
	phase  Phase
	actor  Actor
	why    refusal
	inputs []InputKind
}{
	{PhaseActive, ActorAgent1, reasonWrongPhase, []InputKind{
		InResume, InResumeExpert, InEndConsult, InConference, InLeave, InWrapUp, InPauseWrapUp,
	}},
	{PhaseActive, ActorAgent1, reasonNoneToTransferTo, []InputKind{InTransfer}},
	{PhaseActive, ActorAgent2, reasonWrongPhase, []InputKind{InEndConsult, InAccept, InDecline, InLeave}},
	{PhaseHeld, ActorAgent1, reasonWrongPhase, []InputKind{
		InHold, InResumeExpert, InEndConsult, InConference, InLeave, InEnd, InWrapUp, InPauseWrapUp,
	}},
	{PhaseHeld, ActorAgent1, reasonNoneToTransferTo, []InputKind{InTransfer}},
	{PhaseHeld, ActorAgent2, reasonWrongPhase, []InputKind{InEndConsult, InAccept, InDecline, InLeave}},
	{PhaseConsultRequested, ActorAgent1, reasonWrongPhase, []InputKind{
		InHold, InResume, InConsult, InResumeExpert, InTransfer, InColdTransfer, InConference, InLeave,
		InEnd, InWrapUp, InPauseWrapUp,
	}},
	{PhaseConsultRequested, ActorAgent2, reasonWrongPhase, []InputKind{InEndConsult, InLeave}},
	{PhaseConsulting, ActorAgent1, reasonWrongPhase, []InputKind{
		InHold, InConsult, InResumeExpert, InColdTransfer, InLeave, InEnd, InWrapUp, InPauseWrapUp,
	}},
	{PhaseConsulting, ActorAgent2, reasonWrongPhase, []InputKind{InAccept, InDecline, InLeave}},
	{PhaseSwapped, ActorAgent1, reasonWrongPhase, []InputKind{
		InHold, InResume, InConsult, InColdTransfer, InLeave, InEnd, InWrapUp, InPauseWrapUp,
	}},
	{PhaseSwapped, ActorAgent2, reasonWrongPhase, []InputKind{InAccept, InDecline, InLeave}},
	{PhaseConferenced, ActorAgent1, reasonWrongPhase, []InputKind{
		InHold, InResume, InConsult, InResumeExpert, InEndConsult, InTransfer, InColdTransfer, InConference,
		InWrapUp, InPauseWrapUp,
	}},
	{PhaseConferenced, ActorAgent2, reasonWrongPhase, []InputKind{InEndConsult, InAccept, InDecline}},
	{PhaseTransferred, ActorAgent1, reasonWrongPhase, []InputKind{
		InResume, InResumeExpert, InEndConsult, InConference, InLeave, InWrapUp, InPauseWrapUp,
	}},
	{PhaseTransferred, ActorAgent1, reasonNoneToTransferTo, []InputKind{InTransfer}},
	{PhaseTransferred, ActorAgent2, reasonWrongPhase, []InputKind{InEndConsult, InAccept, InDecline, InLeave}},
	{PhaseWrapUp, ActorAgent1, reasonWrongPhase, []InputKind{
		InHold, InResume, InConsult, InResumeExpert, InEndConsult, InTransfer, InColdTransfer, InConference,
		InLeave, InEnd,
	}},
	{PhaseWrapUp, ActorAgent2, reasonWrongPhase, []InputKind{InEndConsult, InAccept, InDecline, InLeave}},
	{PhaseEnded, ActorAgent1, reasonWrongPhase, []InputKind{
		InHold, InResume, InConsult, InResumeExpert, InEndConsult, InTransfer, InColdTransfer, InConference,
		InLeave, InEnd, InWrapUp, InPauseWrapUp,
	}},
	{PhaseEnded, ActorAgent2, reasonWrongPhase, []InputKind{InEndConsult, InAccept, InDecline, InLeave}},
	{PhaseEnded, ActorFormer, reasonWrongPhase, []InputKind{InWrapUp, InPauseWrapUp}},
}

// lates are the events that come too late in a phase, or that belong to
// nothing there: they are dropped and change nothing.
var lates = [...]struct {
	phase  Phase
	actor  Actor
	inputs []InputKind
}{
	{PhaseActive, ActorSwitch, []InputKind{InHungUp, InRinging, InAsked, InAnswered, InFailed}},
	{PhaseActive, ActorSystem, []InputKind{InRingTimeout, InOffer, InHoldWarn, InHoldMax}},
	{PhaseHeld, ActorSwitch, []InputKind{InHungUp, InRinging, InAsked, InAnswered, InFailed, InHangupFailed}},
	{PhaseHeld, ActorSystem, []InputKind{InRingTimeout, InOffer}},
	{PhaseConsultRequested, ActorSwitch, []InputKind{InHangupFailed}},
	{PhaseConsulting, ActorSwitch, []InputKind{InRinging, InAsked, InAnswered, InFailed, InHangupFailed}},
	{PhaseConsulting, ActorSystem, []InputKind{InRingTimeout, InOffer}},
	{PhaseSwapped, ActorSwitch, []InputKind{InRinging, InAsked, InAnswered, InFailed, InHangupFailed}},
	{PhaseSwapped, ActorSystem, []InputKind{InRingTimeout, InOffer, InHoldWarn, InHoldMax}},
	{PhaseConferenced, ActorSwitch, []InputKind{InRinging, InAsked, InAnswered, InFailed}},
	{PhaseConferenced, ActorSystem, []InputKind{InRingTimeout, InOffer, InHoldWarn, InHoldMax}},
	{PhaseTransferred, ActorSwitch, []InputKind{InRinging, InAsked, InAnswered, InFailed}},
	{PhaseTransferred, ActorSystem, []InputKind{InRingTimeout, InOffer, InHoldWarn, InHoldMax}},
	{PhaseWrapUp, ActorCustomer, []InputKind{InHungUp}},
	{PhaseWrapUp, ActorAgent1, []InputKind{InHungUp, InLost, InReturned, InNotReturned}},
	{PhaseWrapUp, ActorSwitch, []InputKind{
		InHungUp, InRinging, InAsked, InAnswered, InFailed, InArranged, InArrangeFailed, InHangupFailed, InHolds, InBack,
	}},
	{PhaseWrapUp, ActorSystem, []InputKind{InRingTimeout, InOffer, InHoldWarn, InHoldMax}},
	{PhaseEnded, ActorCustomer, []InputKind{InHungUp}},
	{PhaseEnded, ActorAgent1, []InputKind{InHungUp, InLost, InReturned, InNotReturned}},
	{PhaseEnded, ActorSwitch, []InputKind{
		InHungUp, InRinging, InAsked, InAnswered, InFailed, InArranged, InArrangeFailed, InHangupFailed, InHolds, InBack,
	}},
	{PhaseEnded, ActorSystem, []InputKind{InRingTimeout, InWrapUpTimeout, InOffer, InHoldWarn, InHoldMax}},
}
