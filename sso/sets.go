package sso

// The closed sets of the HTTP contract beside [Roles], each in the order in which
// it is told. Whoever describes the contract takes them from here.
var (
	Identities   = [...]Identity{IdentityEntra, IdentityContactCentre}
	Channels     = [...]Channel{ChannelTeams, ChannelBrowser}
	AgentSources = [...]AgentSource{SourceFile, SourceAdmin}
	EndedReasons = [...]EndedReason{EndedRevoked, EndedAccount, EndedUnassigned, EndedInteraction}

	States = [...]State{
		StateReady, StateNotRequired, StateSignInRequired, StateDisabled,
		StateConsentRequired, StateAppDisabled, StateNotAssigned, StateUnavailable,
	}
	CheckNames = [...]CheckName{
		CheckSwitch, CheckReachable, CheckClock, CheckCredential, CheckAppKnown,
		CheckAppEnabled, CheckAssignment, CheckPermission, CheckExcess, CheckInspection,
	}
	CheckResults = [...]CheckResult{CheckOK, CheckWarning, CheckFailed, CheckUnknown}

	// StatusActors are the values of Status.Actor, beside "".
	StatusActors = [...]string{actorAgent, actorAdmin}
	// CheckActors are the values of Check.Actor, beside "".
	CheckActors = [...]string{actorAdmin, actorOperator}
	// PermissionKinds are the values of Permission.Kind.
	PermissionKinds = [...]string{permissionApplication, permissionDelegated}
	// ServicePrincipals are the values of Organization.ServicePrincipal.
	ServicePrincipals = [...]string{PrincipalEnabled, PrincipalDisabled, PrincipalMissing, PrincipalUnknown}
)
