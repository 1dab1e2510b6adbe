package sso

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

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
	RequireAlways  Require = "always"
	RequireInTeams Require = "in-teams"
)

// Permission is one permission of the product at Microsoft, as last checked.
type Permission struct {
	Name    string // "User.Read.All"
	Kind    string // "application" or "delegated"
	Granted bool
}

// Organization is what is known of one organisation's single sign-on.
type Organization struct {
	Tenant           string
	Enabled          bool // the switch here
	Consent          []Permission
	ServicePrincipal string    // "enabled", "disabled", "missing", "unknown"
	CredentialEnds   time.Time // zero when unknown
	CheckedAt        time.Time // zero before the first check
	LastError        string    // code of the last failed step, "" when all is well
	RequestID        string    // Microsoft's request id of that step
	Reachable        bool      // Microsoft answered at the last check
}

// Prober asks Microsoft whether the product works in a tenant, with no more
// than the product's own permissions.
type Prober interface {
	Probe(ctx context.Context, tenant string) (Findings, error)
}

// Findings are what one probe learnt.
type Findings struct {
	ServicePrincipal string // as in Organization
	Consent          []Permission
	LastError        string
	RequestID        string
	CredentialEnds   time.Time
}

// OrganizationStore keeps the switch of each organisation, and its last known check.
type OrganizationStore interface {
	// Organization gives what was kept; ok is false when nothing was.
	Organization(ctx context.Context, tenant string) (org Organization, ok bool, err error)
	PutOrganization(ctx context.Context, org Organization) error
}

// Organizations knows the state of every admitted organisation.
type Organizations struct{}

// OrganizationsDeps are what Organizations works with.
type OrganizationsDeps struct {
	Store   OrganizationStore
	Prober  Prober
	Tenants []string
	Logger  *slog.Logger
}

// NewOrganizations reads the kept states.
func NewOrganizations(ctx context.Context, deps OrganizationsDeps) (*Organizations, error) {
	return nil, errors.ErrUnsupported
}

// Run checks every organisation at start and hourly until ctx ends.
func (o *Organizations) Run(ctx context.Context) error { return errors.ErrUnsupported }

// Get answers from what is known.
func (o *Organizations) Get(tenant string) (Organization, bool) { return Organization{}, false }

// Check probes now.
func (o *Organizations) Check(ctx context.Context, tenant string) (Organization, error) {
	return Organization{}, errors.ErrUnsupported
}

// SetEnabled turns the switch; on is refused with *IncompleteError while
// something is missing, as found by a probe made now.
func (o *Organizations) SetEnabled(ctx context.Context, tenant string, enabled bool) (Organization, error) {
	return Organization{}, errors.ErrUnsupported
}

// Gate decides whether somebody may reach Teams users.
type Gate struct{}

// NewGate joins the policy with what is known of the organisations.
func NewGate(require Require, orgs *Organizations) *Gate { return &Gate{} }

// Status says how it stands with p.
func (g *Gate) Status(p Principal) Status { return Status{} }

// Allow returns nil or *RequiredError.
func (g *Gate) Allow(p Principal) error { return errors.ErrUnsupported }

// Watch tells of a change of any organisation's state by tenant id.
func (o *Organizations) Watch() (<-chan string, func()) { return nil, func() {} }
