package sso

import (
	"slices"
	"strings"
	"time"
)

// CheckName names one thing that has to be in place for single sign-on.
type CheckName string

// The checks, in the order of Organizations.Checks: each one makes sense when
// those before it are in place.
const (
	CheckSwitch     CheckName = "switch"      // single sign-on is switched on here
	CheckReachable  CheckName = "reachable"   // Entra and Graph answer
	CheckClock      CheckName = "clock"       // this machine's clock agrees with Microsoft's
	CheckCredential CheckName = "credential"  // Entra accepts this service's credential
	CheckAppKnown   CheckName = "app-known"   // the application is in the organisation
	CheckAppEnabled CheckName = "app-enabled" // and enabled there
	CheckAssignment CheckName = "assignment"  // whoever has to be assigned to it is
	CheckPermission CheckName = "permission"  // one of the product's permissions; there are several
)

// CheckResult says how it stands with a Check.
type CheckResult string

// The results.
const (
	CheckOK      CheckResult = "ok"
	CheckWarning CheckResult = "warning" // works, and will not for long or not for everybody
	CheckFailed  CheckResult = "failed"
	CheckUnknown CheckResult = "unknown" // could not be found out, mostly because of another check
)

// actorOperator is who runs this service.
const actorOperator = "operator"

// Check is one thing that has to be in place, and how it stands with it.
type Check struct {
	Name       CheckName
	Result     CheckResult
	Permission Permission // of a CheckPermission
	Code       string     // Microsoft's, of the refusal that tells; else empty
	RequestID  string     // Microsoft's, of that refusal
	Actor      string     // who can heal it: "admin" of the organisation, "operator" of this service; "" when all is well
	Action     string     // an address of this service that heals it, or ""
	Link       string     // Microsoft's page where an admin heals it, or ""

	facts checkFacts
}

// checkFacts are what the words of a check speak of.
type checkFacts struct {
	ahead      time.Duration
	ends       time.Time
	unassigned int
	said       words // instead of those that go by name and result
}

// credentialWarning is how long before its end a credential is told of.
const credentialWarning = 30 * 24 * time.Hour

// Checks tells of everything that single sign-on in an organisation needs, as
// last seen. It asks nobody; [Organizations.Check] does. False for an
// organisation that is not admitted.
func (o *Organizations) Checks(tenant string) ([]Check, bool) {
	d, ok := o.desks[strings.ToLower(tenant)]
	if !ok {
		return nil, false
	}
	now := o.deps.now()
	checks := d.get().checks(now, d.unassigned.count(now))
	for i := range checks {
		checks[i].Link = o.link(checks[i])
	}
	return checks, true
}

// link is where an admin of the organisation removes what is in the way.
func (o *Organizations) link(c Check) string {
	if o.deps.Portal == "" || c.Actor != actorAdmin || c.Action != "" {
		return ""
	}
	page := map[CheckName]string{CheckAppEnabled: "Properties", CheckAssignment: "Users"}[c.Name]
	if page == "" {
		return ""
	}
	return o.deps.Portal + "/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/" + page + "/appId/" + o.deps.ClientID
}

func (o Organization) checks(now time.Time, unassigned int) []Check {
	checks := []Check{
		o.checkSwitch(), o.checkReachable(), o.checkClock(), o.checkCredential(now),
		o.checkAppKnown(), o.checkAppEnabled(), o.checkAssignment(unassigned),
	}
	for _, p := range o.Consent {
		c := Check{Name: CheckPermission, Result: CheckOK, Permission: p}
		if !p.Granted {
			c = o.refusedFor(c).by(actorAdmin, consentAction)
		}
		checks = append(checks, c)
	}
	if len(o.Consent) == 0 {
		c := Check{Name: CheckPermission, Result: CheckUnknown}
		if o.refusal() == StateConsentRequired {
			c = o.refusedFor(c).by(actorAdmin, consentAction)
		}
		checks = append(checks, c)
	}
	return o.unexplained(checks)
}

// unexplained gives a refusal that no other check accounts for to the
// credential's: it is this service that Microsoft refused.
func (o Organization) unexplained(checks []Check) []Check {
	if o.LastError == "" || o.LastError == ErrorUnreachable ||
		slices.ContainsFunc(checks, func(c Check) bool { return c.Code != "" }) {
		return checks
	}
	i := slices.IndexFunc(checks, func(c Check) bool { return c.Name == CheckCredential })
	checks[i] = o.refusedFor(checks[i]).by(actorOperator, "")
	return checks
}

func (o Organization) checkSwitch() Check {
	c := Check{Name: CheckSwitch, Result: CheckOK}
	if !o.Enabled {
		c.Result = CheckFailed
		c = c.by(actorAdmin, statuses[StateDisabled].Action)
	}
	return c
}

func (o Organization) checkReachable() Check {
	c := Check{Name: CheckReachable, Result: CheckOK}
	switch {
	case o.Reachable:
	case o.CheckedAt.IsZero() && o.LastError == "":
		c.Result = CheckUnknown
	default:
		c.Result = CheckFailed
		c = c.by(actorOperator, "")
		if o.LastError == ErrorUnreachable {
			c.RequestID = o.RequestID
		}
	}
	return c
}

func (o Organization) checkClock() Check {
	c := Check{Name: CheckClock, Result: CheckUnknown, facts: checkFacts{ahead: o.Clock.Ahead}}
	switch {
	case o.Clock.Wrong():
		c.Result = CheckFailed
		c = c.by(actorOperator, "")
	case o.Clock.Known:
		c.Result = CheckOK
	}
	return c
}

func (o Organization) checkCredential(now time.Time) Check {
	c := Check{Name: CheckCredential, Result: CheckUnknown, facts: checkFacts{ends: o.CredentialEnds}}
	switch {
	case o.Credential == CredentialRefused:
		return o.refusedFor(c).by(actorOperator, "")
	case o.Credential == CredentialWorking && !o.CredentialEnds.IsZero() && o.CredentialEnds.Sub(now) < credentialWarning:
		c.Result = CheckWarning
		return c.by(actorOperator, "")
	case o.Credential == CredentialWorking:
		c.Result = CheckOK
	}
	return c
}

func (o Organization) checkAppKnown() Check {
	c := Check{Name: CheckAppKnown, Result: CheckUnknown}
	switch o.ServicePrincipal {
	case PrincipalEnabled, PrincipalDisabled:
		c.Result = CheckOK
	case PrincipalMissing:
		c = o.refusedFor(c).by(actorAdmin, consentAction)
	}
	return c
}

func (o Organization) checkAppEnabled() Check {
	c := Check{Name: CheckAppEnabled, Result: CheckUnknown}
	switch {
	case o.ServicePrincipal == PrincipalDisabled || o.refusal() == StateAppDisabled:
		c = o.refusedFor(c).by(actorAdmin, "")
	case o.ServicePrincipal == PrincipalEnabled:
		c.Result = CheckOK
	}
	return c
}

// checkAssignment goes by refusals: whether assignment is required is told only
// to whoever may read the organisation's applications.
func (o Organization) checkAssignment(unassigned int) Check {
	c := Check{Name: CheckAssignment, Result: CheckUnknown, facts: checkFacts{unassigned: unassigned}}
	switch {
	case o.refusal() == StateNotAssigned:
		c = o.refusedFor(c).by(actorAdmin, "")
	case unassigned > 0:
		c.Result, c.Code = CheckWarning, CodeNotAssigned
		c = c.by(actorAdmin, "")
	case o.ServicePrincipal == PrincipalEnabled:
		c.Result = CheckOK
	}
	return c
}

// refusedFor makes it failed, with what Microsoft said last.
func (o Organization) refusedFor(c Check) Check {
	c.Result = CheckFailed
	if o.LastError != ErrorUnreachable {
		c.Code, c.RequestID = o.LastError, o.RequestID
	}
	return c
}

func (c Check) by(actor, action string) Check {
	c.Actor, c.Action = actor, action
	return c
}
