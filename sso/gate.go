package sso

// State says whether somebody may reach Teams users, and if not, what is missing.
type State string

// The states, in the words of the HTTP contract. All but the first two refuse.
const (
	StateReady           State = "ready"
	StateNotRequired     State = "not-required"
	StateSignInRequired  State = "sign-in-required"
	StateDisabled        State = "disabled"
	StateConsentRequired State = "consent-required"
	StateAppDisabled     State = "app-disabled"
	StateNotAssigned     State = "not-assigned"
	StateUnavailable     State = "unavailable"
)

// Allows reports whether somebody in this state may reach Teams users.
func (s State) Allows() bool { return s == StateReady || s == StateNotRequired }

// Status is a State with what to do about it and by whom.
type Status struct {
	State  State
	Detail string // one sentence that helps
	Actor  string // "", "agent" or "admin"
	Action string // "", or an address of this service that heals it
}

// Require is the policy sso.require.
type Require string

// The policies.
const (
	RequireAlways  Require = "always"   // of every agent
	RequireInTeams Require = "in-teams" // only of agents who opened the desktop inside Teams; not a security boundary
)

// Who can heal a Status.
const (
	actorAgent = "agent"
	actorAdmin = "admin"
)

// statuses has the words of each state.
var statuses = map[State]Status{
	StateReady:       {Detail: "Single sign-on is established: Teams experts can be reached."},
	StateNotRequired: {Detail: "This organisation does not ask for a Microsoft sign-in in the browser."},
	StateSignInRequired: {
		Detail: "Sign in with Microsoft to reach Teams experts.",
		Actor:  actorAgent, Action: "/auth/login?provider=" + ProviderEntra,
	},
	StateDisabled: {
		Detail: "Single sign-on is switched off for this organisation; an administrator can switch it on.",
		Actor:  actorAdmin, Action: "/api/v1/admin/organization/sso",
	},
	StateConsentRequired: {
		Detail: "An administrator has to consent to this application's permissions at Microsoft.",
		Actor:  actorAdmin, Action: "/api/v1/admin/consent",
	},
	StateAppDisabled: {
		Detail: "This application is disabled in the organisation; an administrator can enable it in the Microsoft Entra admin center under Enterprise applications, Properties, Enabled for users to sign-in.",
		Actor:  actorAdmin,
	},
	StateNotAssigned: {
		Detail: "This application is for assigned users only; an administrator can assign you in the Microsoft Entra admin center under Enterprise applications, Users and groups.",
		Actor:  actorAdmin,
	},
	StateUnavailable: {Detail: "Whether single sign-on works is not known at the moment; everything else works, and it is checked again by itself."},
}

func statusOf(s State) Status {
	status := statuses[s]
	status.State = s
	return status
}

// Required refuses because of a state, with its words.
func Required(s State) *RequiredError { return &RequiredError{Status: statusOf(s)} }

// Gate decides whether somebody may reach Teams users. It never asks anybody:
// what it goes by is the principal and what Organizations knows.
type Gate struct {
	require Require
	orgs    *Organizations
}

// NewGate joins the policy with what is known of the organisations. Any policy
// but RequireInTeams is RequireAlways.
func NewGate(require Require, orgs *Organizations) *Gate {
	return &Gate{require: require, orgs: orgs}
}

// Status says how it stands with p. Nobody, the zero value, has to sign in.
func (g *Gate) Status(p Principal) Status {
	inTeamsOnly := g.require == RequireInTeams
	switch {
	case !p.Valid():
		return statusOf(StateSignInRequired)
	case p.Identity() == IdentityEntra:
		state := g.orgs.state(p.Tenant())
		if state != StateReady && inTeamsOnly && p.Channel() != ChannelTeams {
			state = StateNotRequired
		}
		return statusOf(state)
	case inTeamsOnly:
		return statusOf(StateNotRequired)
	}
	return statusOf(StateSignInRequired)
}

// Allow returns nil or *RequiredError.
func (g *Gate) Allow(p Principal) error {
	if status := g.Status(p); !status.State.Allows() {
		return &RequiredError{Status: status}
	}
	return nil
}
