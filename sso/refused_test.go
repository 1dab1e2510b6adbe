package sso_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
)

const notAssigned = "AADSTS50105"

func TestSomebodyNotAssignedIsToldSo(t *testing.T) {
	people := who(t)
	clock := newClock(noon)
	orgs := organizations(t, &prober{findings: working()}, clock.Now, new(sessiontest.Memory))
	if _, err := orgs.SetEnabled(t.Context(), home, true); err != nil {
		t.Fatal(err)
	}
	gate := sso.NewGate(sso.RequireAlways, orgs)
	told, stop := orgs.Watch()
	defer stop()
	want := func(when string, person string, state sso.State) {
		t.Helper()
		if got := gate.Status(people[person]); got.State != state {
			t.Errorf("%s, %s: %s, want %s", when, person, got.State, state)
		}
	}
	assignment := func() sso.CheckResult {
		checks, _ := orgs.Checks(home)
		return resultsOf(checks)["assignment"]
	}

	want("at first", "Entra in Teams", sso.StateReady)
	orgs.Refused(home, anja, notAssigned)
	if got := <-told; got != home {
		t.Errorf("told of %q", got)
	}
	want("after the refusal", "Entra in Teams", sso.StateNotAssigned)
	want("after the refusal", "Entra in the browser", sso.StateNotAssigned)
	want("after the refusal", "contact centre", sso.StateNotAssigned) // the same agent: signing in would be refused again
	want("after the refusal", "nobody", sso.StateSignInRequired)
	if got := assignment(); got != sso.CheckWarning {
		t.Errorf("assignment is %s", got)
	}
	orgs.Served(home, anja)
	want("after Microsoft served them", "Entra in Teams", sso.StateReady)
	want("after Microsoft served them", "contact centre", sso.StateSignInRequired)

	orgs.Refused(home, anja, notAssigned)
	clock.Advance(time.Hour - time.Second)
	want("nearly an hour later", "Entra in Teams", sso.StateNotAssigned)
	clock.Advance(time.Second)
	want("an hour later", "Entra in Teams", sso.StateReady)
	if got := assignment(); got != sso.CheckOK {
		t.Errorf("assignment is %s", got)
	}

	orgs.Refused(partner, anja, notAssigned)
	orgs.Refused(home, nina, notAssigned)
	orgs.Refused(home, "", notAssigned)
	orgs.Refused(stranger, anja, notAssigned)
	want("another person, another organisation", "Entra in Teams", sso.StateReady)
}

func TestPeopleNotAssignedAreBounded(t *testing.T) {
	orgs := organizations(t, &prober{findings: working()}, nil, new(sessiontest.Memory))
	if _, err := orgs.Check(t.Context(), home); err != nil {
		t.Fatal(err)
	}
	for n := range 10_100 {
		orgs.Refused(home, fmt.Sprintf("00000000-0000-4000-8000-%012d", n), notAssigned)
	}
	checks, _ := orgs.Checks(home)
	for _, c := range checks {
		if want := "Refused within the last hour because they are not assigned to the application: 10000."; c.Name == sso.CheckAssignment && c.Detail("en")[:len(want)] != want {
			t.Error(c.Detail("en"))
		}
	}
}

func TestARefusalIsCheckedSoonAndAStormOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &prober{findings: working()}
		orgs := organizations(t, p, nil, new(sessiontest.Memory))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- orgs.Run(ctx) }()
		var seen int32 // what was asked may already be under way when the time is moved on
		advance := func(d time.Duration, want int32, why string) {
			t.Helper()
			time.Sleep(d) // the bubble's time
			synctest.Wait()
			now := p.probes.Load()
			if now-seen != want {
				t.Errorf("%s: %d probes, want %d", why, now-seen, want)
			}
			seen = now
		}
		advance(10*time.Minute, 2, "at the start, two organisations")
		orgs.Refused(home, anja, notAssigned)
		advance(time.Minute, 0, "somebody is not assigned, which is their matter")
		orgs.Refused(home, "", "AADSTS65001")
		advance(time.Second, 1, "a refusal")
		for range 100 {
			orgs.Refused(home, "", "AADSTS65001")
		}
		orgs.Refused(stranger, "", "AADSTS65001")
		advance(58*time.Second, 0, "a storm within the minute")
		advance(2*time.Second, 1, "at its end")
		advance(58*time.Minute, 1, "quiet again: the other organisation's hour")
		advance(2*time.Minute, 1, "its own hour")

		p.set(refusedWith("AADSTS65001"), nil)
		advance(time.Hour, 2, "consent was taken back")
		for range 10 {
			orgs.Refused(home, "", "AADSTS65001")
			advance(4*time.Minute, 0, "what is known already")
		}
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}
