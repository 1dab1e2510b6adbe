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
	Code   string // AADSTS code of Microsoft's refusal, where one told; else empty
}

// told notes which refusal of Microsoft's it was.
func (s Status) told(code string) Status {
	s.Code = code
	return s
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

// consentAction is where an admin begins admin consent.
const consentAction = "/api/v1/admin/consent"

// status is what a State comes with.
type status struct {
	words
	Actor, Action string
}

// statuses has the words of each state.
var statuses = map[State]status{
	StateReady: {words: words{
		"Single sign-on is established: Teams experts can be reached.",
		"Die einmalige Anmeldung ist eingerichtet: Teams-Fachexperten sind erreichbar.",
	}},
	StateNotRequired: {words: words{
		"This organisation does not ask for a Microsoft sign-in in the browser.",
		"Diese Organisation verlangt im Browser keine Anmeldung bei Microsoft.",
	}},
	StateSignInRequired: {words{
		"Sign in with Microsoft to reach Teams experts.",
		"Melden Sie sich bei Microsoft an, um Teams-Fachexperten zu erreichen.",
	}, actorAgent, "/auth/login?provider=" + ProviderEntra},
	StateDisabled: {words{
		"Single sign-on is switched off for this organisation; an administrator can switch it on.",
		"Die einmalige Anmeldung ist für diese Organisation ausgeschaltet; die Administration kann sie einschalten.",
	}, actorAdmin, "/api/v1/admin/organization/sso"},
	StateConsentRequired: {words{
		"An administrator has to consent to this application's permissions at Microsoft.",
		"Die Administration muss den Berechtigungen dieser Anwendung bei Microsoft zustimmen.",
	}, actorAdmin, consentAction},
	StateAppDisabled: {words{
		"This application is disabled in the organisation; an administrator can enable it in the Microsoft Entra admin center under Enterprise applications, Properties, Enabled for users to sign-in.",
		"Diese Anwendung ist in der Organisation deaktiviert; die Administration kann sie im Microsoft Entra Admin Center unter Unternehmensanwendungen, Eigenschaften aktivieren.",
	}, actorAdmin, ""},
	StateNotAssigned: {words{
		"This application is for assigned users only; an administrator can assign you in the Microsoft Entra admin center under Enterprise applications, Users and groups.",
		"Diese Anwendung steht nur zugewiesenen Personen offen; die Administration kann Sie im Microsoft Entra Admin Center unter Unternehmensanwendungen, Benutzer und Gruppen zuweisen.",
	}, actorAdmin, ""},
	StateUnavailable: {words: words{
		"Whether single sign-on works is not known at the moment; everything else works, and it is checked again by itself.",
		"Ob die einmalige Anmeldung funktioniert, ist im Augenblick nicht bekannt; alles andere geht, und es wird von selbst wieder geprüft.",
	}},
}

func statusOf(s State) Status {
	known := statuses[s]
	return Status{State: s, Detail: known.en, Actor: known.Actor, Action: known.Action}
}

// DetailIn is Detail in a language: "de", or English.
func (s Status) DetailIn(language string) string {
	if known, ok := statuses[s.State]; ok {
		return known.in(language)
	}
	return s.Detail
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
		if state == StateReady && g.orgs.NotAssigned(p.Tenant(), p.who.objectID) {
			state = StateNotAssigned
		}
		if state != StateReady && inTeamsOnly && p.Channel() != ChannelTeams {
			state = StateNotRequired
		}
		return statusOf(state)
	case inTeamsOnly:
		return statusOf(StateNotRequired)
	case g.orgs.NotAssigned(p.Tenant(), p.Agent().EntraID): // signing in would be refused again
		return statusOf(StateNotAssigned)
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
