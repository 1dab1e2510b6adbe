package sso_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
)

// who are the three ways to be somebody here.
func who(t *testing.T) map[string]sso.Principal {
	t.Helper()
	a := newAuthority(t)
	v := a.verifier(t)
	people := make(map[string]sso.Principal)
	for name, claims := range map[string]payload{
		"Entra in Teams":       a.V2(),
		"Entra in the browser": a.V2().with(payload{"azp": serviceID}),
		"contact centre":       a.ContactCentre(),
	} {
		p, err := v.Verify(t.Context(), sign(t, a.Key(0), claims))
		if err != nil {
			t.Fatal(err)
		}
		people[name] = p
	}
	people["nobody"] = sso.Principal{}
	return people
}

// organisationIn brings home into a state of the organisation's, or of anja's.
func organisationIn(t *testing.T, state string) *sso.Organizations {
	t.Helper()
	clock, prober := newClock(noon), &prober{findings: allWell()}
	orgs := organizations(t, prober, clock.Now, new(sessiontest.Memory))
	if _, err := orgs.SetEnabled(t.Context(), home, state != "disabled"); err != nil {
		t.Fatal(err)
	}
	clock.Advance(time.Second)
	found := map[string]sso.Findings{
		"consent-required": without("User.Read.All"), "app-disabled": principalIs("disabled"), "app-missing": principalIs("missing"),
		"app-not-assigned": refusedWith("AADSTS501051"), "credential-refused": refusedWith("AADSTS7000222"),
	}
	if findings, ok := found[state]; ok {
		prober.set(findings, nil)
		if _, err := orgs.Check(t.Context(), home); err != nil {
			t.Fatal(err)
		}
	}
	switch state {
	case "not-assigned":
		orgs.Refused(home, anja, "AADSTS50105")
	case "away-for-a-day": // from the check on, a second ago
		clock.Advance(24*time.Hour - time.Second)
	case "away-for-too-long":
		clock.Advance(24*time.Hour + time.Second)
	}
	return orgs
}

// TestTheGateKeepsItsTable is the product page's table with every state: how an
// organisation stands, then what holds for each caller where sign-on is
// required always, and where it is in Teams.
func TestTheGateKeepsItsTable(t *testing.T) {
	people := who(t)
	callers := []string{"Entra in Teams", "Entra in the browser", "contact centre", "nobody"}
	const signIn, notRequired, ready = sso.StateSignInRequired, sso.StateNotRequired, sso.StateReady
	always := func(entra, contactCentre sso.State) []sso.State {
		return []sso.State{entra, entra, contactCentre, signIn}
	}
	inTeams := func(inTeams, browser sso.State) []sso.State {
		return []sso.State{inTeams, browser, notRequired, signIn}
	}
	for _, row := range []struct {
		stands  string
		always  []sso.State
		inTeams []sso.State
	}{
		{"ready", always(ready, signIn), inTeams(ready, ready)},
		{"disabled", always(sso.StateDisabled, signIn), inTeams(sso.StateDisabled, notRequired)},
		{"consent-required", always(sso.StateConsentRequired, signIn), inTeams(sso.StateConsentRequired, notRequired)},
		{"app-missing", always(sso.StateConsentRequired, signIn), inTeams(sso.StateConsentRequired, notRequired)},
		{"app-disabled", always(sso.StateAppDisabled, signIn), inTeams(sso.StateAppDisabled, notRequired)},
		{"app-not-assigned", always(sso.StateNotAssigned, signIn), inTeams(sso.StateNotAssigned, notRequired)},
		{"not-assigned", always(sso.StateNotAssigned, sso.StateNotAssigned), inTeams(sso.StateNotAssigned, notRequired)},
		{"credential-refused", always(sso.StateUnavailable, signIn), inTeams(sso.StateUnavailable, notRequired)},
		{"away-for-a-day", always(ready, signIn), inTeams(ready, ready)},
		{"away-for-too-long", always(sso.StateUnavailable, signIn), inTeams(sso.StateUnavailable, notRequired)},
	} {
		orgs := organisationIn(t, row.stands)
		for _, policy := range []struct {
			require sso.Require
			want    []sso.State
		}{
			{sso.RequireAlways, row.always}, {sso.RequireInTeams, row.inTeams},
			{"", row.always}, {"sometimes", row.always}, // whatever is not in-teams is always
		} {
			for i, caller := range callers {
				t.Run(fmt.Sprintf("%s, %s, required %q", row.stands, caller, policy.require), func(t *testing.T) {
					wantGate(t, sso.NewGate(policy.require, orgs), people[caller], policy.want[i])
				})
			}
		}
	}
}

// wantGate demands the state, and that Allow goes by it.
func wantGate(t *testing.T, gate *sso.Gate, p sso.Principal, want sso.State) {
	t.Helper()
	status := gate.Status(p)
	if status.State != want || status.DetailIn("en") != status.Detail || status.Detail == "" || status.DetailIn("de") == status.Detail {
		t.Errorf("Status = %+v, want %s", status, want)
	}
	err := gate.Allow(p)
	if want.Allows() {
		if err != nil {
			t.Errorf("Allow: %v", err)
		}
		return
	}
	if refused, ok := errors.AsType[*sso.RequiredError](err); !ok || refused.Status != status {
		t.Errorf("Allow: %v, want it refused with the same status", err)
	}
}

func TestTheGateSaysWhatIsMissingAndWhoHelps(t *testing.T) {
	p := who(t)["Entra in Teams"]
	for _, test := range []struct {
		name          string
		findings      sso.Findings
		off           bool
		want          sso.State
		actor, action string
	}{
		{"all is well", allWell(), false, sso.StateReady, "", ""},
		{"switched off", allWell(), true, sso.StateDisabled, "admin", "/api/v1/admin/organization/sso"},
		{"switched off comes before all else", principalIs("missing"), true, sso.StateDisabled, "admin", "/api/v1/admin/organization/sso"},
		{"a permission was taken back", without("Presence.Read.All"), false, sso.StateConsentRequired, "admin", "/api/v1/admin/consent"},
		{"the app was removed", principalIs("missing"), false, sso.StateConsentRequired, "admin", "/api/v1/admin/consent"},
		{"the app was disabled", principalIs("disabled"), false, sso.StateAppDisabled, "admin", ""},
		{"the app was disabled, as the token endpoint says it", refusedWith("AADSTS7000112"), false, sso.StateAppDisabled, "admin", ""},
		{"no consent, as the token endpoint says it", refusedWith("AADSTS65001"), false, sso.StateConsentRequired, "admin", "/api/v1/admin/consent"},
		{"the app is not there, as the token endpoint says it", refusedWith("AADSTS700016"), false, sso.StateConsentRequired, "admin", "/api/v1/admin/consent"},
		{"not assigned", refusedWith("AADSTS501051"), false, sso.StateNotAssigned, "admin", ""},
		{"the service's own credential has ended", refusedWith("AADSTS7000222"), false, sso.StateUnavailable, "", ""},
		{"a code without meaning here", refusedWith("Authorization_RequestDenied"), false, sso.StateUnavailable, "", ""},
		{"a principal that could not be seen, all permissions granted", principalIs("unknown"), false, sso.StateReady, "", ""},
		{"a probe that saw nothing", sso.Findings{}, false, sso.StateUnavailable, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			prober := &prober{findings: allWell()}
			orgs := organizations(t, prober, nil, new(sessiontest.Memory))
			if _, err := orgs.SetEnabled(t.Context(), home, true); err != nil {
				t.Fatal(err)
			}
			prober.set(test.findings, nil)
			if _, err := orgs.Check(t.Context(), home); err != nil {
				t.Fatal(err)
			}
			if test.off {
				if _, err := orgs.SetEnabled(t.Context(), home, false); err != nil {
					t.Fatal(err)
				}
			}
			got := sso.NewGate(sso.RequireAlways, orgs).Status(p)
			if got.State != test.want || got.Actor != test.actor || got.Action != test.action || got.Detail == "" {
				t.Errorf("Status = %+v", got)
			}
		})
	}
}

func TestTheLastKnownStateHoldsWhileMicrosoftIsAway(t *testing.T) {
	p := who(t)["Entra in Teams"]
	away := errors.New("connection refused")
	for _, test := range []struct {
		name   string
		known  sso.Findings
		after  time.Duration
		want   sso.State
		reason string
	}{
		{"ready stays ready", allWell(), 24 * time.Hour, sso.StateReady, sso.ErrorUnreachable},
		{"ready for a day, no longer", allWell(), 24*time.Hour + time.Second, sso.StateUnavailable, sso.ErrorUnreachable},
		{"consent that was missing stays missing", without("User.Read.All"), time.Hour, sso.StateConsentRequired, sso.ErrorUnreachable},
		{"a credential that had failed is not healed by it", refusedWith("AADSTS7000222"), time.Hour, sso.StateUnavailable, "AADSTS7000222"},
		{"an app that was disabled stays disabled", refusedWith("AADSTS7000112"), time.Hour, sso.StateAppDisabled, "AADSTS7000112"},
	} {
		t.Run(test.name, func(t *testing.T) {
			clock, prober := newClock(noon), &prober{findings: allWell()}
			orgs := organizations(t, prober, clock.Now, new(sessiontest.Memory))
			if _, err := orgs.SetEnabled(t.Context(), home, true); err != nil {
				t.Fatal(err)
			}
			clock.Advance(time.Second)
			prober.set(test.known, nil)
			if _, err := orgs.Check(t.Context(), home); err != nil {
				t.Fatal(err)
			}
			clock.Advance(test.after)
			prober.set(sso.Findings{RequestID: "req-2"}, away)
			org, err := orgs.Check(t.Context(), home)
			if !errors.Is(err, sso.ErrProviderUnavailable) || org.Reachable || org.LastError != test.reason {
				t.Errorf("Check = %+v, %v", org, err)
			}
			if got := sso.NewGate(sso.RequireAlways, orgs).Status(p); got.State != test.want {
				t.Errorf("Status = %+v, want %s", got, test.want)
			}
		})
	}
}

func TestHowLongTheLastStateHoldsIsConfigured(t *testing.T) {
	p := who(t)["Entra in Teams"]
	clock := newClock(noon)
	orgs, err := sso.NewOrganizations(t.Context(), sso.WithOrganizationsClock(sso.OrganizationsDeps{
		Store: new(sessiontest.Memory), Prober: &prober{findings: allWell()}, Tenants: []string{home}, HoldFor: 3 * time.Hour,
	}, clock.Now))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := orgs.SetEnabled(t.Context(), home, true); err != nil {
		t.Fatal(err)
	}
	gate := sso.NewGate(sso.RequireAlways, orgs)
	for _, step := range []struct {
		after time.Duration
		want  sso.State
	}{{3 * time.Hour, sso.StateReady}, {time.Second, sso.StateUnavailable}} {
		clock.Advance(step.after)
		if got := gate.Status(p).State; got != step.want {
			t.Errorf("after %v more: %s, want %s", step.after, got, step.want)
		}
	}
}

func TestAnOrganisationNobodyCheckedIsUnavailable(t *testing.T) {
	p := who(t)["Entra in Teams"]
	store := new(sessiontest.Memory)
	if err := store.PutOrganization(t.Context(), sso.Organization{Tenant: home, Enabled: true}); err != nil {
		t.Fatal(err)
	}
	orgs := organizations(t, &prober{}, nil, store)
	if got := sso.NewGate(sso.RequireAlways, orgs).Status(p); got.State != sso.StateUnavailable {
		t.Errorf("Status = %+v", got)
	}
}
