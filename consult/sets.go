package consult

// The closed sets of the HTTP contract beside [Actions], each in the order in
// which it is told. Whoever describes the contract takes them from here.
var (
	Phases         = phases
	TargetKinds    = [...]TargetKind{TargetAgent, TargetQueue, TargetOrganization, TargetEntryPoint, TargetDialNumber}
	FailureReasons = [...]FailureReason{
		FailureBusy, FailureDeclined, FailureNoAnswer, FailureUnreachable, FailureRejected,
		FailureVoicemail, FailureNoAcceptance, FailureWithdrawn, FailureFailed,
	}
	RolesHere   = [...]RoleHere{RoleAgent1, RoleAgent2, RoleFormer, RoleSupervisor}
	AgentStates = [...]AgentState{StateAvailable, StateIdle, StateEngaged, StateWrapUp, StateOffline}

	// CustomerStates are the values of CustomerView.State.
	CustomerStates = [...]string{customerConnected, customerHeld, customerConferenced, customerLeft}
	// ConsultStates are the values of ConsultView.State.
	ConsultStates = [...]string{
		consultRequested, consultRinging, consultConnected, consultHeld, consultConference, consultEnded, consultFailed,
	}
	// PermitReasons are the values of Permit.Reason, beside "".
	PermitReasons = [...]string{reasonWrongPhase, reasonPending, reasonSSORequired, reasonNotYourPart, reasonNoneToTransferTo}
	// HistoryActors are the values of HistoryEntry.Actor.
	HistoryActors = actorNames
	// GoneReasons are the values of Gone.Reason.
	GoneReasons = [...]string{goneWithdrawn, goneTimeout, goneTaken, goneOver}
)
