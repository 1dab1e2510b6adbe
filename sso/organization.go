package sso

import (
	"context"
	"slices"
	"time"
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
	CheckedAt        time.Time // when Microsoft last answered; zero before the first time
	LastError        string    // code of the last failed step, "" when all is well
	RequestID        string    // Microsoft's request id of that step
	Reachable        bool      // Microsoft answered at the last check
	Credential       string    // of this service: CredentialWorking, CredentialRefused, or "" while unknown
	Clock            Clock
}

// The values of Organization.ServicePrincipal and Findings.ServicePrincipal.
const (
	PrincipalEnabled  = "enabled"
	PrincipalDisabled = "disabled"
	PrincipalMissing  = "missing"
	PrincipalUnknown  = "unknown" // the probe could not get far enough to see
)

// The values of Organization.Credential and Findings.Credential, beside "" for unknown.
const (
	CredentialWorking = "working"
	CredentialRefused = "refused"
)

// Clock is this machine's clock held against Microsoft's; the zero value is not known.
type Clock struct {
	Known bool
	Ahead time.Duration // negative: behind; to the second
}

// clockTolerance is what the times of tokens are allowed, by this service and by Entra.
const clockTolerance = time.Minute

// Wrong reports whether tokens made or checked by the clock may be refused.
func (c Clock) Wrong() bool { return c.Known && c.Ahead.Abs() > clockTolerance }

// ErrorUnreachable is Organization.LastError when Microsoft did not answer.
const ErrorUnreachable = "unreachable"

// Prober asks Microsoft whether the product works in a tenant, with no more
// than the product's own permissions. An error means that Microsoft did not
// answer (away, throttled, too slow): what was known before then holds. A
// refusal by Microsoft is not an error but a finding.
type Prober interface {
	Probe(ctx context.Context, tenant string) (Findings, error)
}

// Findings are what one probe learnt.
type Findings struct {
	ServicePrincipal string       // as in Organization
	Consent          []Permission // every permission the product needs, granted or not
	LastError        string       // Microsoft's code, "" when every step worked
	RequestID        string
	CredentialEnds   time.Time
	Credential       string // as in Organization
	Clock            Clock  // given with an error too, if it was seen
}

// OrganizationStore keeps the switch of each organisation, and its last known check.
type OrganizationStore interface {
	// Organization gives what was kept; ok is false when nothing was.
	Organization(ctx context.Context, tenant string) (org Organization, ok bool, err error)
	PutOrganization(ctx context.Context, org Organization) error
}

// with gives the organisation as one probe found it.
func (o Organization) with(f Findings, at time.Time) Organization {
	o.ServicePrincipal = f.ServicePrincipal
	if o.ServicePrincipal == "" {
		o.ServicePrincipal = PrincipalUnknown
	}
	o.Consent = slices.Clone(f.Consent)
	o.CredentialEnds = f.CredentialEnds
	o.LastError, o.RequestID = f.LastError, f.RequestID
	o.Credential = f.Credential
	o.CheckedAt, o.Reachable = at, true
	return o.timed(f.Clock)
}

// timed notes what a probe saw of the clock; seeing nothing is no news.
func (o Organization) timed(c Clock) Organization {
	if c.Known {
		o.Clock = c
	}
	return o
}

// unreached gives the organisation after a probe that Microsoft did not
// answer: what was known stays. An earlier error stays too, or being away would
// heal it.
func (o Organization) unreached(requestID string) Organization {
	o.Reachable = false
	if o.LastError == "" {
		o.LastError, o.RequestID = ErrorUnreachable, requestID
	}
	return o
}

// looksLike compares what somebody could see or decide by; that a check was
// made again with the same outcome is no change.
func (o Organization) looksLike(other Organization) bool {
	return o.Enabled == other.Enabled &&
		o.ServicePrincipal == other.ServicePrincipal &&
		o.LastError == other.LastError &&
		o.Reachable == other.Reachable &&
		o.Credential == other.Credential &&
		o.Clock.Known == other.Clock.Known && o.Clock.Wrong() == other.Clock.Wrong() &&
		o.CredentialEnds.Equal(other.CredentialEnds) &&
		o.CheckedAt.IsZero() == other.CheckedAt.IsZero() &&
		slices.Equal(o.Consent, other.Consent)
}

func (o Organization) clone() Organization {
	o.Consent = slices.Clone(o.Consent)
	return o
}

// Missing names what keeps single sign-on from working in the organisation,
// whatever the switch says: "service-principal", "assignment",
// "consent:<permission>", "credential", or "check" while nothing is known.
func (o Organization) Missing() []string {
	if o.CheckedAt.IsZero() {
		return []string{"check"}
	}
	missing := []string{}
	if o.ServicePrincipal == PrincipalDisabled || o.ServicePrincipal == PrincipalMissing {
		missing = append(missing, "service-principal")
	}
	if o.refusal() == StateNotAssigned {
		missing = append(missing, "assignment")
	}
	for _, permission := range o.Consent {
		if !permission.Granted {
			missing = append(missing, "consent:"+permission.Name)
		}
	}
	switch {
	case len(missing) > 0:
	case o.refusal() == StateConsentRequired:
		missing = append(missing, "consent")
	case o.LastError != "" && o.LastError != ErrorUnreachable:
		missing = append(missing, "credential")
	case len(o.Consent) == 0:
		missing = append(missing, "check")
	}
	return missing
}

// refusal is what Microsoft's last code says about the organisation, if anything.
func (o Organization) refusal() State { return entraRefusals[aadsts.FindString(o.LastError)] }

// state is the organisation's part of the gate: the first thing in the way, in
// the order in which an admin would remove them.
func (o Organization) state(now time.Time, holds time.Duration) State {
	switch missing := o.Missing(); {
	case !o.Enabled:
		return StateDisabled
	case o.CheckedAt.IsZero() || now.Sub(o.CheckedAt) > holds:
		return StateUnavailable
	case o.ServicePrincipal == PrincipalDisabled || o.refusal() == StateAppDisabled:
		return StateAppDisabled
	case o.ServicePrincipal == PrincipalMissing || o.refusal() == StateConsentRequired || o.lacksConsent():
		return StateConsentRequired
	case o.refusal() == StateNotAssigned:
		return StateNotAssigned
	case len(missing) > 0:
		return StateUnavailable
	}
	return StateReady
}

func (o Organization) lacksConsent() bool {
	return slices.ContainsFunc(o.Consent, func(p Permission) bool { return !p.Granted })
}
