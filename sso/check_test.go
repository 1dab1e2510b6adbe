package sso_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
)

// resultsOf says how every check stands; those of permissions by their names.
func resultsOf(checks []sso.Check) map[string]sso.CheckResult {
	results := map[string]sso.CheckResult{}
	for _, c := range checks {
		name := string(c.Name)
		if c.Permission.Name != "" {
			name += " " + c.Permission.Name
		}
		results[name] = c.Result
	}
	return results
}

func working() sso.Findings {
	f := allWell()
	f.Credential, f.Clock = sso.CredentialWorking, sso.Clock{Known: true, Ahead: 2 * time.Second}
	return f
}

// and changes findings.
func and(f sso.Findings, change func(*sso.Findings)) sso.Findings {
	change(&f)
	return f
}

func TestEveryCheckSaysHowItStands(t *testing.T) {
	refused := func(code string, change func(*sso.Findings)) sso.Findings {
		return and(sso.Findings{ServicePrincipal: sso.PrincipalUnknown, LastError: code, RequestID: "req-1"}, change)
	}
	nothing := func(*sso.Findings) {}
	for _, test := range []struct {
		name     string
		findings sso.Findings
		err      error
		off      bool
		want     map[string]sso.CheckResult // of those that are not ok
		told     sso.CheckName              // the check that has Microsoft's code
	}{
		{"all is well", working(), nil, false, nil, ""},
		{"switched off", working(), nil, true, map[string]sso.CheckResult{"switch": sso.CheckFailed}, ""},
		{"the clock is a minute ahead, which tokens are allowed", and(working(), func(f *sso.Findings) { f.Clock.Ahead = time.Minute }), nil, false, nil, ""},
		{"the clock is too far ahead", and(working(), func(f *sso.Findings) { f.Clock.Ahead = 61 * time.Second }), nil, false,
			map[string]sso.CheckResult{"clock": sso.CheckFailed}, ""},
		{"the clock is too far behind", and(working(), func(f *sso.Findings) { f.Clock.Ahead = -2 * time.Hour }), nil, false,
			map[string]sso.CheckResult{"clock": sso.CheckFailed}, ""},
		{"the credential ends soon", and(working(), func(f *sso.Findings) { f.CredentialEnds = noon.Add(29 * 24 * time.Hour) }), nil, false,
			map[string]sso.CheckResult{"credential": sso.CheckWarning}, ""},
		{"the credential is refused", refused("AADSTS7000222", func(f *sso.Findings) { f.Credential = sso.CredentialRefused }), nil, false,
			map[string]sso.CheckResult{
				"credential": sso.CheckFailed, "clock": sso.CheckOK, "app-known": sso.CheckUnknown, "app-enabled": sso.CheckUnknown,
				"assignment": sso.CheckUnknown, "permission": sso.CheckUnknown,
			}, sso.CheckCredential},
		{"a refusal that nobody has heard of is this service's", refused("AADSTS123456", nothing), nil, false,
			map[string]sso.CheckResult{
				"credential": sso.CheckFailed, "app-known": sso.CheckUnknown, "app-enabled": sso.CheckUnknown,
				"assignment": sso.CheckUnknown, "permission": sso.CheckUnknown,
			}, sso.CheckCredential},
		{"the app is disabled", refused("AADSTS7000112", func(f *sso.Findings) { f.ServicePrincipal = sso.PrincipalDisabled }), nil, false,
			map[string]sso.CheckResult{
				"credential": sso.CheckUnknown, "app-enabled": sso.CheckFailed, "assignment": sso.CheckUnknown, "permission": sso.CheckUnknown,
			}, sso.CheckAppEnabled},
		{"the app is not in the organisation", refused("AADSTS700016", func(f *sso.Findings) {
			f.ServicePrincipal = sso.PrincipalMissing
			f.Consent = []sso.Permission{{Name: "User.Read.All", Kind: "application"}}
		}), nil, false,
			map[string]sso.CheckResult{
				"credential": sso.CheckUnknown, "app-known": sso.CheckFailed, "app-enabled": sso.CheckUnknown, "assignment": sso.CheckUnknown,
				"permission User.Read.All": sso.CheckFailed,
			}, sso.CheckAppKnown},
		{"the app itself is not assigned", refused("AADSTS501051", nothing), nil, false,
			map[string]sso.CheckResult{
				"credential": sso.CheckUnknown, "app-known": sso.CheckUnknown, "app-enabled": sso.CheckUnknown,
				"assignment": sso.CheckFailed, "permission": sso.CheckUnknown,
			}, sso.CheckAssignment},
		{"nobody consented, as the token endpoint says it", refused("AADSTS65001", nothing), nil, false,
			map[string]sso.CheckResult{
				"credential": sso.CheckUnknown, "app-known": sso.CheckUnknown, "app-enabled": sso.CheckUnknown,
				"assignment": sso.CheckUnknown, "permission": sso.CheckFailed,
			}, sso.CheckPermission},
		{"one permission is missing", and(without("Presence.Read.All"), func(f *sso.Findings) {
			f.Credential, f.Clock, f.LastError = sso.CredentialWorking, working().Clock, "Authorization_RequestDenied"
		}), nil, false, map[string]sso.CheckResult{"permission Presence.Read.All": sso.CheckFailed}, sso.CheckPermission},
		{"Microsoft is away: what was known stays", sso.Findings{}, errors.New("away"), false,
			map[string]sso.CheckResult{"reachable": sso.CheckFailed}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			clock, prober := newClock(noon), &prober{findings: working()}
			orgs := organizations(t, prober, clock.Now, new(sessiontest.Memory))
			if _, err := orgs.SetEnabled(t.Context(), home, true); err != nil {
				t.Fatal(err)
			}
			clock.Advance(time.Second)
			prober.set(test.findings, test.err)
			if _, err := orgs.Check(t.Context(), home); (err != nil) != (test.err != nil) {
				t.Fatal(err)
			}
			if test.off {
				if _, err := orgs.SetEnabled(t.Context(), home, false); err != nil {
					t.Fatal(err)
				}
			}
			checks, ok := orgs.Checks(home)
			if !ok {
				t.Fatal("no checks")
			}
			want := map[string]sso.CheckResult{}
			for name := range resultsOf(checks) {
				want[name] = sso.CheckOK
			}
			for name, result := range test.want {
				want[name] = result
			}
			if diff := cmp.Diff(want, resultsOf(checks)); diff != "" {
				t.Errorf("checks (-want +got):\n%s", diff)
			}
			wantWords(t, checks)
			wantTold(t, checks, test.told)
		})
	}
}

// wantWords demands that every check says something in both languages, and who
// can heal it where something is wrong.
func wantWords(t *testing.T, checks []sso.Check) {
	t.Helper()
	for _, c := range checks {
		for _, language := range []string{"de", "en"} {
			if c.Title(language) == "" || c.Detail(language) == "" || strings.Contains(c.Detail(language), "%") {
				t.Errorf("%s in %s: %q, %q", c.Name, language, c.Title(language), c.Detail(language))
			}
		}
		if c.Detail("de") == c.Detail("en") {
			t.Errorf("%s says the same in both languages: %q", c.Name, c.Detail("de"))
		}
		if wrong := c.Result == sso.CheckFailed || c.Result == sso.CheckWarning; wrong != (c.Actor != "") {
			t.Errorf("%s is %s, and %q can heal it", c.Name, c.Result, c.Actor)
		}
	}
}

// wantTold demands that the check, and no other kind, has Microsoft's code.
func wantTold(t *testing.T, checks []sso.Check, told sso.CheckName) {
	t.Helper()
	found := false
	for _, c := range checks {
		if c.Code == "" {
			continue
		}
		found = found || c.Name == told
		if c.Name != told && c.Name != sso.CheckPermission {
			t.Errorf("%s has the code %s", c.Name, c.Code)
		}
	}
	if found != (told != "") {
		t.Errorf("%q has Microsoft's code: %t", told, found)
	}
}

func TestNothingIsKnownOfAnOrganisationThatNobodyChecked(t *testing.T) {
	orgs := organizations(t, &prober{}, nil, new(sessiontest.Memory))
	checks, _ := orgs.Checks(home)
	for name, result := range resultsOf(checks) {
		if want := map[bool]sso.CheckResult{true: sso.CheckFailed, false: sso.CheckUnknown}[name == "switch"]; result != want {
			t.Errorf("%s is %s, want %s", name, result, want)
		}
	}
	wantWords(t, checks)
	if _, ok := orgs.Checks(stranger); ok {
		t.Error("a stranger has checks")
	}
}

func TestAnAdminIsLedToThePageThatHelps(t *testing.T) {
	const portal = "https://entra.microsoft.com"
	for _, test := range []struct {
		name     string
		findings sso.Findings
		check    sso.CheckName
		link     string
		action   string
	}{
		{"enabling the app", refusedWith("AADSTS7000112"), sso.CheckAppEnabled, portal + "/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Properties/appId/" + serviceID, ""},
		{"assigning", refusedWith("AADSTS501051"), sso.CheckAssignment, portal + "/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Users/appId/" + serviceID, ""},
		{"consenting", refusedWith("AADSTS65001"), sso.CheckPermission, "", "/api/v1/admin/consent"},
		{"the operator's matters have no page of the admin's", refusedWith("AADSTS7000215"), sso.CheckCredential, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			orgs, err := sso.NewOrganizations(t.Context(), sso.OrganizationsDeps{
				Store: new(sessiontest.Memory), Prober: &prober{findings: test.findings}, Tenants: []string{home}, ClientID: serviceID, Portal: portal,
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := orgs.Check(t.Context(), home); err != nil {
				t.Fatal(err)
			}
			checks, _ := orgs.Checks(home)
			for _, c := range checks {
				if c.Name == test.check && (c.Link != test.link || c.Action != test.action) {
					t.Errorf("%s leads to %q, %q", c.Name, c.Link, c.Action)
				}
			}
		})
	}
}
