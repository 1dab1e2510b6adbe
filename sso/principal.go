package sso

import (
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"
)

// AgentID names a contact-centre agent; the same whichever way they signed in.
type AgentID string

// Role is what somebody may do here.
type Role string

// The roles, as Entra app roles and the agent table spell them.
const (
	RoleAgent      Role = "Agent"
	RoleSupervisor Role = "Supervisor"
	RoleAdmin      Role = "Admin"
)

// Roles lists every role, in the order in which they are told.
var Roles = [...]Role{RoleAgent, RoleSupervisor, RoleAdmin}

// knownRoles gives the roles that exist here, each once and in one order. An
// issuer may send others; they mean nothing to this service.
func knownRoles(lists ...[]Role) []Role {
	var known []Role
	for _, role := range Roles {
		for _, list := range lists {
			if slices.Contains(list, role) {
				known = append(known, role)
				break
			}
		}
	}
	return known
}

// Identity says which kind of issuer vouched for somebody.
type Identity string

// The identities, in the words of the HTTP contract.
const (
	IdentityEntra         Identity = "entra"
	IdentityContactCentre Identity = "contact-centre"
)

// Channel says where the desktop was opened; read from the token, never from the page.
type Channel string

// The channels, in the words of the HTTP contract.
const (
	ChannelTeams   Channel = "teams"
	ChannelBrowser Channel = "browser"
)

// Principal is somebody whose token or session was verified. The zero value is
// nobody, and every consumer refuses it.
type Principal struct {
	agent    Agent
	tenant   string
	roles    []Role
	identity Identity
	channel  Channel
	expires  time.Time
	who      person    // whom verification found, to ask the agent table anew
	bearer   Assertion // zero where no token was shown
	proof    proof     // what the sign-in is reviewed by
	session  string    // id of the browser session that vouched; empty for a token
	valid    bool
}

// Valid reports whether verification made this principal.
func (p Principal) Valid() bool { return p.valid }

// Agent is the caller's row of the agent table. An admin or supervisor without
// a row has one with their id and name only; so does an application, whose id
// begins with "app:".
func (p Principal) Agent() Agent { return p.agent }

// Tenant is the organisation's Entra tenant id (GUID, lower case).
func (p Principal) Tenant() string { return p.tenant }

// Roles are the caller's roles.
func (p Principal) Roles() []Role { return slices.Clone(p.roles) }

// Has reports whether the caller has the role.
func (p Principal) Has(r Role) bool { return slices.Contains(p.roles, r) }

// Identity says which kind of issuer vouched for the caller; a session that
// holds both counts as entra.
func (p Principal) Identity() Identity { return p.identity }

// Channel says where the desktop was opened.
func (p Principal) Channel() Channel { return p.channel }

// Assertion is an Entra access token for this service, with which Microsoft can
// be asked on behalf of whoever showed it: a secret.
type Assertion struct {
	Token   string
	Expires time.Time
}

// LogValue keeps the token out of logs.
func (Assertion) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Assertion is the token that the caller showed, or their browser's sign-in
// brought. It is zero for the contact centre's own identities, and for a session
// that does not have one or no longer ([EntraConfig.KeepAssertions]).
func (p Principal) Assertion() Assertion { return p.bearer }

// SessionID names the browser session that vouched for the caller; it is empty
// for a token. It is the [Session.ID], which opens nothing.
func (p Principal) SessionID() string { return p.session }

// LogValue keeps the person and their token out of logs.
func (p Principal) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Format keeps them out of every other text.
func (p Principal) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[redacted]") }

// Expires is when the verification ends: the token's or the session's end.
func (p Principal) Expires() time.Time { return p.expires }
