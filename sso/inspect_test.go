package sso_test

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
)

// looked is an inspection that found nothing to heal.
func looked(change func(*sso.Inspection)) sso.Inspection {
	in := sso.Inspection{
		Outcome: sso.InspectionDone, ObjectID: "dddddddd-0000-4000-8000-000000000001", Enabled: true,
		Needed:      []sso.Permission{{Name: "User.Read.All", Kind: "application"}, {Name: "Presence.Read.All", Kind: "application"}},
		Application: []string{"Presence.Read.All", "User.Read.All"}, Delegated: []string{"Application.Read.All", "openid"}, DelegatedSeen: true,
	}
	if change != nil {
		change(&in)
	}
	return in
}

func inspected(t *testing.T, findings sso.Findings, in sso.Inspection) []sso.Check {
	t.Helper()
	orgs, err := sso.NewOrganizations(t.Context(), sso.OrganizationsDeps{
		Store: new(sessiontest.Memory), Prober: &prober{findings: findings}, Tenants: []string{home}, ClientID: serviceID, Portal: "https://entra.microsoft.com",
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := orgs.Check(t.Context(), home); err != nil {
		t.Fatal(err)
	}
	before, _ := orgs.Checks(home)
	checks, ok := orgs.Inspected(home, in)
	if !ok {
		t.Fatal("an organisation that is admitted has no checks")
	}
	if after, _ := orgs.Checks(home); !slices.Equal(before, after) {
		t.Error("an inspection is kept, for others to see")
	}
	wantWords(t, checks)
	return checks
}

func TestAnInspectionKnowsBetter(t *testing.T) {
	for _, c := range []struct {
		name   string
		in     sso.Inspection
		check  string // with the permission's name
		result sso.CheckResult
		says   string // in English
	}{
		{"nothing to heal", looked(nil), "inspection", sso.CheckOK, "your sign-in"},
		{"nothing beyond", looked(nil), "excess", sso.CheckOK, "Nothing is granted"},
		{"assignment not required", looked(nil), "assignment", sso.CheckOK, "not required"},
		{"disabled", looked(func(i *sso.Inspection) { i.Enabled = false }), "app-enabled", sso.CheckFailed, "disabled"},
		{"required of nobody", looked(func(i *sso.Inspection) { i.AssignmentRequired = true }), "assignment", sso.CheckFailed, "nobody is assigned"},
		{"required, the asker assigned", looked(func(i *sso.Inspection) {
			i.AssignmentRequired, i.Assigned = true, sso.Assigned{People: 3, Groups: 1, Caller: sso.AssignedDirectly}
		}), "assignment", sso.CheckOK, "people 3, groups 1. You are. Who is in the groups is not shown"},
		{"required, everybody assigned by groups", looked(func(i *sso.Inspection) {
			i.AssignmentRequired, i.Assigned = true, sso.Assigned{Groups: 2, Caller: sso.AssignedByGroup, AgentsSeen: true}
		}), "assignment", sso.CheckOK, "You are, by a group. Every agent of the table is among them."},
		{"required, the asker in a group inside a group", looked(func(i *sso.Inspection) {
			i.AssignmentRequired, i.Assigned = true, sso.Assigned{Groups: 1, Caller: sso.AssignedNestedOnly, AgentsSeen: true}
		}), "assignment", sso.CheckWarning, "does not count"},
		{"required, two agents not assigned", looked(func(i *sso.Inspection) {
			i.AssignmentRequired = true
			i.Assigned = sso.Assigned{People: 1, Caller: sso.AssignedDirectly, AgentsSeen: true, Unassigned: []string{"Anja", "Ben"}}
		}), "assignment", sso.CheckWarning, "not among them: Anja, Ben. Assign"},
		{"required, seven agents not assigned", looked(func(i *sso.Inspection) {
			i.AssignmentRequired = true
			i.Assigned = sso.Assigned{People: 1, Caller: sso.AssignedDirectly, AgentsSeen: true, Unassigned: strings.Split("A B C D E F G", " ")}
		}), "assignment", sso.CheckWarning, "A, B, C, D, E, + 2."},
		{"required, the asker not assigned", looked(func(i *sso.Inspection) {
			i.AssignmentRequired, i.Assigned = true, sso.Assigned{People: 999, More: true, Caller: sso.AssignedNot}
		}), "assignment", sso.CheckWarning, "people ≥ 999, groups ≥ 0. You are not."},
		{"required, groups not shown", looked(func(i *sso.Inspection) {
			i.AssignmentRequired, i.Assigned = true, sso.Assigned{Groups: 1, Caller: sso.AssignedUnseen}
		}), "assignment", sso.CheckUnknown, "Whether you are by a group is not shown"},
		{"one permission missing", looked(func(i *sso.Inspection) { i.Application = i.Application[:1] }), "permission User.Read.All", sso.CheckFailed, "Not granted"},
		{"the other is granted", looked(func(i *sso.Inspection) { i.Application = i.Application[:1] }), "permission Presence.Read.All", sso.CheckOK, "Granted"},
		{"more than is needed", looked(func(i *sso.Inspection) { i.Application = append(i.Application, "Mail.Read") }), "excess", sso.CheckWarning, "Mail.Read (application)"},
		{"of the other kind than is needed", looked(func(i *sso.Inspection) { i.Delegated = []string{"User.Read.All"} }), "excess", sso.CheckWarning, "User.Read.All (delegated)"},
		{"delegated ones unseen", looked(func(i *sso.Inspection) { i.DelegatedSeen = false }), "inspection", sso.CheckOK, "Directory.Read.All"},
		{"a delegated one unseen", looked(func(i *sso.Inspection) {
			i.DelegatedSeen, i.Needed = false, []sso.Permission{{Name: "User.Read.All", Kind: "delegated"}}
		}), "permission User.Read.All", sso.CheckUnknown, "Could not be seen"},
		{"not consented to looking", sso.Inspection{Outcome: sso.InspectionConsent, Code: "AADSTS65001"}, "inspection", sso.CheckWarning, "Application.Read.All"},
		{"not consented, the rest as before", sso.Inspection{Outcome: sso.InspectionConsent}, "app-enabled", sso.CheckOK, "may sign in"},
		{"not theirs to see", sso.Inspection{Outcome: sso.InspectionDenied}, "inspection", sso.CheckWarning, "Global Reader"},
		{"not there", sso.Inspection{Outcome: sso.InspectionMissing}, "app-known", sso.CheckFailed, "not in the organisation"},
		{"of two registrations", sso.Inspection{Outcome: sso.InspectionUnsupported}, "inspection", sso.CheckUnknown, "same registration"},
		{"signed in where no token is", sso.Inspection{Outcome: sso.InspectionElsewhere}, "inspection", sso.CheckUnknown, "in Teams"},
		{"Microsoft away", sso.Inspection{Outcome: sso.InspectionUnavailable}, "inspection", sso.CheckUnknown, "does not answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, check := range inspected(t, working(), c.in) {
				name := strings.TrimSpace(string(check.Name) + " " + check.Permission.Name)
				if name == c.check {
					if check.Result != c.result || !strings.Contains(check.Detail("en"), c.says) {
						t.Errorf("%s: %q, want %s and %q", check.Result, check.Detail("en"), c.result, c.says)
					}
					return
				}
			}
			t.Errorf("no check %s", c.check)
		})
	}
}

func TestAnInspectionLeadsToTheVeryApplication(t *testing.T) {
	in := looked(func(i *sso.Inspection) {
		i.Enabled, i.AssignmentRequired, i.Application = false, true, []string{"Mail.Read"}
	})
	pages := map[sso.CheckName]string{
		sso.CheckAppEnabled: "Properties", sso.CheckAssignment: "Users", sso.CheckPermission: "Permissions", sso.CheckExcess: "Permissions", sso.CheckInspection: "Overview",
	}
	for _, c := range inspected(t, working(), in) {
		want := ""
		if page := pages[c.Name]; page != "" {
			want = "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/" + page + "/objectId/" + in.ObjectID + "/appId/" + serviceID
		}
		if c.Link != want {
			t.Errorf("%s leads to %q, want %q", c.Name, c.Link, want)
		}
	}
}

func TestWhoWasRefusedForWantOfAssignmentIsStillTold(t *testing.T) {
	in := looked(func(i *sso.Inspection) {
		i.AssignmentRequired, i.Assigned = true, sso.Assigned{People: 1, Caller: sso.AssignedDirectly}
	})
	for _, c := range inspected(t, refusedWith("AADSTS501051"), in) {
		if c.Name == sso.CheckAssignment && (c.Result != sso.CheckFailed || c.Code != "AADSTS501051") {
			t.Errorf("%s %s", c.Result, c.Code)
		}
	}
}

func TestAStrangersOrganisationIsNotInspected(t *testing.T) {
	orgs := organizations(t, &prober{}, nil, new(sessiontest.Memory))
	if checks, ok := orgs.Inspected(stranger, looked(nil)); ok || checks != nil {
		t.Errorf("%v", checks)
	}
}

func TestConsentToLookAsksForNothingElse(t *testing.T) {
	w := newWorld(t)
	agent, err := w.Verify(t.Context(), w.entraToken(t, home, serviceID, "anja@nordlicht.example"))
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]sso.Principal{"an agent": agent, "nobody": {}} {
		if _, _, err := w.Consent.BeginInspection(t.Context(), p); !errors.Is(err, sso.ErrSignInRequired) {
			t.Errorf("%s begins: %v", name, err)
		}
	}
	address, _, err := w.Consent.BeginInspection(t.Context(), w.admin(t))
	if err != nil {
		t.Fatal(err)
	}
	_, code, _ := strings.Cut(address, "code=")
	begun, err := w.Consent.Follow(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	there, err := url.Parse(begun.URL)
	if err != nil || there.Query().Get("scope") != "https://graph.microsoft.com/Application.Read.All" {
		t.Errorf("leads to %s, %v", begun.URL, err)
	}
	if _, err := w.Consent.Follow(t.Context(), code); !errors.Is(err, sso.ErrTransactionNotFound) {
		t.Errorf("the same code again: %v", err)
	}
}
