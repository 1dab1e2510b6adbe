package sso

import (
	"cmp"
	"slices"
	"strings"
)

// InspectionOutcome says how far a deeper look at an organisation came.
type InspectionOutcome string

// The outcomes.
const (
	InspectionDone        InspectionOutcome = "done"
	InspectionConsent     InspectionOutcome = "consent-required" // to the permission to look, not to those of the product
	InspectionDenied      InspectionOutcome = "denied"           // whoever asks may not see the organisation's applications
	InspectionMissing     InspectionOutcome = "missing"          // the organisation does not have the application
	InspectionUnavailable InspectionOutcome = "unavailable"
	InspectionUnsupported InspectionOutcome = "unsupported" // tokens of people cannot be exchanged by this service
	InspectionElsewhere   InspectionOutcome = "elsewhere"   // this sign-in brought no token; one in Teams does
)

// Inspection is what an admin of an organisation may see of this application
// there, with a token of their own: more than the product's permissions show.
type Inspection struct {
	Outcome         InspectionOutcome
	Code, RequestID string // Microsoft's, of a refusal

	// What follows is there when the outcome is InspectionDone.

	ObjectID           string // of the service principal
	Enabled            bool
	AssignmentRequired bool
	Assigned           Assigned
	Needed             []Permission // of the product, whether granted or not
	Application        []string     // application permissions granted at Microsoft Graph
	Delegated          []string     // delegated ones
	DelegatedSeen      bool         // false: the admin's token does not show these
}

// Assigned is who is assigned to an application that requires it.
type Assigned struct {
	People, Groups int  // assigned themselves
	More           bool // than were counted
	Caller         Assignment
	// Unassigned are the agents of the table who are assigned neither themselves nor
	// by a group, by name. AgentsSeen is false where that was not shown.
	Unassigned []string
	AgentsSeen bool
}

// Assignment is how whoever asks is assigned to an application.
type Assignment string

// The ways of assignment.
const (
	AssignedDirectly   Assignment = "directly"
	AssignedByGroup    Assignment = "group"
	AssignedNestedOnly Assignment = "nested" // in a group inside an assigned one: Microsoft does not count that
	AssignedNot        Assignment = "not"
	AssignedUnseen     Assignment = "unseen"
)

// The checks that only an inspection makes.
const (
	CheckInspection CheckName = "inspection" // the organisation could be looked at
	CheckExcess     CheckName = "excess"     // nothing is granted beyond what the product needs
)

// inspectAction is where an admin begins consent to the permission to look.
const inspectAction = consentAction + "?deep=true"

// harmless are delegated permissions of every sign-in, and of the inspection.
var harmless = []string{"openid", "profile", "email", "offline_access", "User.Read", inspectPermission}

// inspectPermission shows the applications of an organisation to whoever may see them.
const inspectPermission = "Application.Read.All"

// Inspected is [Organizations.Checks], and what an inspection adds to or knows
// better than these. It is for whoever looked: it keeps nothing.
func (o *Organizations) Inspected(tenant string, in Inspection) ([]Check, bool) {
	checks, ok := o.Checks(tenant)
	if !ok {
		return nil, false
	}
	looked := in.check()
	if in.Outcome == InspectionMissing {
		checks = replaced(checks, Check{Name: CheckAppKnown, Result: CheckFailed}.by(actorAdmin, consentAction))
	}
	if in.Outcome != InspectionDone {
		return append(checks, looked), true
	}
	checks = replaced(checks, Check{Name: CheckAppKnown, Result: CheckOK})
	checks = replaced(checks, in.enabled(checks))
	checks = replaced(checks, in.assignment(checks))
	checks = append(in.permissions(checks), in.excess(), looked)
	for i, c := range checks {
		checks[i].Link = cmp.Or(o.pageOf(c, in.ObjectID), c.Link)
	}
	return checks, true
}

// replaced puts the check in the place of the one of its name.
func replaced(checks []Check, c Check) []Check {
	if i := slices.IndexFunc(checks, func(old Check) bool { return old.Name == c.Name }); i >= 0 {
		checks[i] = c
	}
	return checks
}

func named(checks []Check, name CheckName) Check {
	if i := slices.IndexFunc(checks, func(c Check) bool { return c.Name == name }); i >= 0 {
		return checks[i]
	}
	return Check{Name: name, Result: CheckUnknown}
}

// pageOf is Microsoft's page of the application in this very organisation.
func (o *Organizations) pageOf(c Check, objectID string) string {
	page := map[CheckName]string{
		CheckAppEnabled: "Properties", CheckAssignment: "Users", CheckPermission: "Permissions", CheckExcess: "Permissions", CheckInspection: "Overview",
	}[c.Name]
	if o.deps.Portal == "" || page == "" || c.Name != CheckInspection && c.Actor != actorAdmin {
		return ""
	}
	return o.deps.Portal + "/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/" + page + "/objectId/" + objectID + "/appId/" + o.deps.ClientID
}

func (in Inspection) check() Check {
	c := Check{Name: CheckInspection, Code: in.Code, RequestID: in.RequestID}
	switch in.Outcome {
	case InspectionDone:
		c.Result = CheckOK
		if !in.DelegatedSeen {
			c.facts.said = inspectedInPart
		}
	case InspectionMissing:
		c.Result = CheckOK
	case InspectionConsent:
		c.Result, c.facts.said = CheckWarning, inspectionConsent
		c = c.by(actorAdmin, inspectAction)
	case InspectionDenied:
		c.Result, c.facts.said = CheckWarning, inspectionDenied
		c = c.by(actorAdmin, "")
	case InspectionUnavailable:
		c.Result = CheckUnknown
	case InspectionElsewhere:
		c.Result, c.facts.said = CheckUnknown, inspectionElsewhere
	case InspectionUnsupported:
		c.Result, c.facts.said = CheckUnknown, inspectionUnsupported
	}
	return c
}

func (in Inspection) enabled(checks []Check) Check {
	if in.Enabled {
		return Check{Name: CheckAppEnabled, Result: CheckOK}
	}
	c := named(checks, CheckAppEnabled)
	c.Result = CheckFailed
	return c.by(actorAdmin, "")
}

// assignment keeps that somebody was refused, where assignment is required.
func (in Inspection) assignment(checks []Check) Check {
	c := Check{Name: CheckAssignment, Result: CheckOK}
	before := named(checks, CheckAssignment)
	switch a := in.Assigned; {
	case !in.AssignmentRequired:
		c.facts.said = assignmentNotRequired
		return c
	case before.Result == CheckFailed || before.Result == CheckWarning:
		return before
	case a.People+a.Groups == 0:
		c.Result, c.facts.said = CheckFailed, assignmentOfNobody
		return c.by(actorAdmin, "")
	}
	c.facts.said = in.Assigned.words()
	switch a := in.Assigned; {
	case len(a.Unassigned) > 0, a.Caller == AssignedNot, a.Caller == AssignedNestedOnly:
		c.Result = CheckWarning
		return c.by(actorAdmin, "")
	case a.Caller == AssignedUnseen && !a.AgentsSeen:
		c.Result = CheckUnknown
	}
	return c
}

// permissions puts one check for each needed permission in the place of those
// that went by refusals. What could not be seen stays as it was.
func (in Inspection) permissions(checks []Check) []Check {
	before := slices.Clone(checks)
	checks = slices.DeleteFunc(checks, func(c Check) bool { return c.Name == CheckPermission })
	for _, p := range in.Needed {
		c := Check{Name: CheckPermission, Result: CheckUnknown, Permission: p}
		if i := slices.IndexFunc(before, func(old Check) bool { return old.Permission.Name == p.Name && old.Permission.Kind == p.Kind }); i >= 0 {
			c = before[i]
		}
		if p.Kind == permissionDelegated && !in.DelegatedSeen {
			checks = append(checks, c)
			continue
		}
		c.Permission.Granted = slices.Contains(in.granted(p.Kind), p.Name)
		if c.Permission.Granted {
			c = Check{Name: CheckPermission, Result: CheckOK, Permission: c.Permission}
		} else {
			c.Result = CheckFailed
			c = c.by(actorAdmin, consentAction)
		}
		checks = append(checks, c)
	}
	return checks
}

const (
	permissionApplication = "application"
	permissionDelegated   = "delegated"
)

func (in Inspection) granted(kind string) []string {
	if kind == permissionDelegated {
		return in.Delegated
	}
	return in.Application
}

func (in Inspection) excess() Check {
	var beyond []string
	for _, kind := range []string{permissionApplication, permissionDelegated} {
		for _, name := range in.granted(kind) {
			needed := slices.ContainsFunc(in.Needed, func(p Permission) bool { return p.Name == name && p.Kind == kind })
			if !needed && (kind == permissionApplication || !slices.Contains(harmless, name)) {
				beyond = append(beyond, name+" ("+kind+")")
			}
		}
	}
	c := Check{Name: CheckExcess, Result: CheckOK}
	if len(beyond) == 0 {
		return c
	}
	c.Result, c.facts.said = CheckWarning, excessive.of(strings.Join(beyond, ", "))
	return c.by(actorAdmin, "")
}
