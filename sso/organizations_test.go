package sso_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
)

// prober is Microsoft as a test wants it.
type prober struct {
	mu       sync.Mutex
	findings sso.Findings
	err      error
	probes   atomic.Int32
	hold     chan struct{} // when set, a probe waits for it
}

func (p *prober) Probe(ctx context.Context, _ string) (sso.Findings, error) {
	p.probes.Add(1)
	p.mu.Lock()
	findings, err, hold := p.findings, p.err, p.hold
	p.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return sso.Findings{}, ctx.Err()
		}
	}
	return findings, err
}

func (p *prober) set(f sso.Findings, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.findings, p.err = f, err
}

func allWell() sso.Findings {
	return sso.Findings{
		ServicePrincipal: sso.PrincipalEnabled,
		Consent: []sso.Permission{
			{Name: "User.Read.All", Kind: "application", Granted: true},
			{Name: "Presence.Read.All", Kind: "application", Granted: true},
		},
		CredentialEnds: noon.Add(90 * 24 * time.Hour),
	}
}

func without(permission string) sso.Findings {
	f := allWell()
	for i := range f.Consent {
		f.Consent[i].Granted = f.Consent[i].Name != permission
	}
	return f
}

func refusedWith(code string) sso.Findings {
	return sso.Findings{ServicePrincipal: sso.PrincipalUnknown, LastError: code, RequestID: "req-1"}
}

func principalIs(state string) sso.Findings {
	f := allWell()
	f.ServicePrincipal = state
	return f
}

func organizations(t testing.TB, p *prober, now func() time.Time, store sso.OrganizationStore) *sso.Organizations {
	t.Helper()
	deps := sso.OrganizationsDeps{Store: store, Prober: p, Tenants: []string{home, partner}}
	if now != nil {
		deps = sso.WithOrganizationsClock(deps, now)
	}
	orgs, err := sso.NewOrganizations(t.Context(), deps)
	if err != nil {
		t.Fatal(err)
	}
	return orgs
}

func TestSwitchingOnIsRefusedWithWhatIsMissing(t *testing.T) {
	for _, test := range []struct {
		name     string
		findings sso.Findings
		missing  []string
	}{
		{"nothing is missing", allWell(), nil},
		{"one permission", without("User.Read.All"), []string{"consent:User.Read.All"}},
		{"the app is disabled", principalIs("disabled"), []string{"service-principal"}},
		{"the app is not there, hence no consent", func() sso.Findings {
			f := without("Presence.Read.All")
			f.ServicePrincipal = "missing"
			return f
		}(), []string{"service-principal", "consent:Presence.Read.All"}},
		{"the credential", refusedWith("AADSTS7000215"), []string{"credential"}},
		{"consent, as the token endpoint says it", refusedWith("AADSTS65001"), []string{"consent"}},
		{"the assignment", refusedWith("AADSTS501051"), []string{"assignment"}},
		{"everything, because the probe saw nothing", sso.Findings{}, []string{"check"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := new(sessiontest.Memory)
			orgs := organizations(t, &prober{findings: test.findings}, nil, store)
			org, err := orgs.SetEnabled(t.Context(), home, true)
			if test.missing == nil {
				if err != nil || !org.Enabled {
					t.Fatalf("SetEnabled: %+v, %v", org, err)
				}
			} else {
				refused, ok := errors.AsType[*sso.IncompleteError](err)
				if !ok {
					t.Fatalf("SetEnabled: %v, want *IncompleteError", err)
				}
				if diff := cmp.Diff(test.missing, refused.Missing); diff != "" {
					t.Errorf("missing (-want +got):\n%s", diff)
				}
			}
			kept, ok, err := store.Organization(t.Context(), home)
			if err != nil || !ok || kept.Enabled != (test.missing == nil) {
				t.Errorf("kept: %+v, %v, %v", kept, ok, err)
			}
		})
	}
}

func TestSwitchingOffNeedsNobody(t *testing.T) {
	p := &prober{findings: allWell()}
	orgs := organizations(t, p, nil, new(sessiontest.Memory))
	if _, err := orgs.SetEnabled(t.Context(), home, true); err != nil {
		t.Fatal(err)
	}
	p.set(sso.Findings{}, errors.New("away"))
	if org, err := orgs.SetEnabled(t.Context(), home, false); err != nil || org.Enabled {
		t.Errorf("off while Microsoft is away: %+v, %v", org, err)
	}
	if org, err := orgs.SetEnabled(t.Context(), home, true); !errors.Is(err, sso.ErrProviderUnavailable) || org.Enabled {
		t.Errorf("on while Microsoft is away: %+v, %v", org, err)
	}
}

func TestOffWhileAProbeHangsDoesNotWait(t *testing.T) {
	p := &prober{findings: allWell()}
	orgs := organizations(t, p, nil, new(sessiontest.Memory))
	if _, err := orgs.SetEnabled(t.Context(), home, true); err != nil {
		t.Fatal(err)
	}
	p.hold = make(chan struct{})
	checked := make(chan sso.Organization)
	go func() {
		org, _ := orgs.Check(context.Background(), home)
		checked <- org
	}()
	for p.probes.Load() < 2 {
		runtime.Gosched()
	}
	if _, err := orgs.SetEnabled(t.Context(), home, false); err != nil {
		t.Fatal(err)
	}
	close(p.hold)
	if org := <-checked; org.Enabled {
		t.Error("the check that was under way switched it on again")
	}
	if org, _ := orgs.Get(home); org.Enabled {
		t.Error("the switch is on")
	}
}

func TestOrganisationsAreAdmittedOnesOnly(t *testing.T) {
	orgs := organizations(t, &prober{findings: allWell()}, nil, new(sessiontest.Memory))
	if _, ok := orgs.Get(stranger); ok {
		t.Error("a stranger is known")
	}
	if _, err := orgs.Check(t.Context(), stranger); !as[*sso.NotAdmittedError](err) {
		t.Errorf("Check: %v", err)
	}
	if _, err := orgs.SetEnabled(t.Context(), stranger, false); !as[*sso.NotAdmittedError](err) {
		t.Errorf("SetEnabled: %v", err)
	}
}

func TestWhatIsKnownSurvivesARestart(t *testing.T) {
	store := new(sessiontest.Memory)
	if _, err := organizations(t, &prober{findings: allWell()}, nil, store).SetEnabled(t.Context(), home, true); err != nil {
		t.Fatal(err)
	}
	again := organizations(t, &prober{err: errors.New("away")}, nil, store)
	org, ok := again.Get(home)
	if !ok || !org.Enabled || len(org.Consent) != 2 || org.CheckedAt.IsZero() {
		t.Errorf("after a restart: %+v", org)
	}
	if other, ok := again.Get(partner); !ok || other.Enabled || other.ServicePrincipal != sso.PrincipalUnknown {
		t.Errorf("an organisation nobody switched on: %+v", other)
	}
}

func TestAnAnswerIsNeverOlderThanItsQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &prober{findings: without("User.Read.All"), hold: make(chan struct{})}
		orgs := organizations(t, p, nil, new(sessiontest.Memory))
		var early, late sync.WaitGroup
		early.Go(func() { _, _ = orgs.Check(t.Context(), home) })
		synctest.Wait()
		time.Sleep(time.Millisecond) // the bubble's time: the admin consents meanwhile

		for range 20 {
			late.Go(func() {
				if org, err := orgs.Check(t.Context(), home); err != nil || !org.Consent[0].Granted {
					t.Errorf("Check after consent: %+v, %v", org, err)
				}
			})
		}
		synctest.Wait()
		time.Sleep(time.Millisecond)
		hold := p.hold
		p.hold = nil
		p.set(allWell(), nil)
		close(hold)
		early.Wait()
		late.Wait()
		if got := p.probes.Load(); got != 2 {
			t.Errorf("%d probes for 21 questions, want 2", got)
		}
	})
}

func TestChecksRunHourlyAndSoonAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &prober{findings: allWell()}
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
		advance(time.Second, 2, "at the start, two organisations")
		advance(58*time.Minute, 0, "within the hour")
		p.set(sso.Findings{}, errors.New("away"))
		advance(2*time.Minute, 2, "after an hour")
		advance(10*time.Minute, 20, "each minute while Microsoft is away")
		p.set(allWell(), nil)
		advance(time.Minute, 2, "when it is back")
		advance(50*time.Minute, 0, "then hourly again")
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func TestWatchersHearOfChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &prober{findings: allWell()}
		orgs := organizations(t, p, nil, new(sessiontest.Memory))
		told, stop := orgs.Watch()
		slow, stopSlow := orgs.Watch()
		check := func() {
			t.Helper()
			if _, err := orgs.Check(t.Context(), home); err != nil {
				t.Fatal(err)
			}
		}
		check()
		if got := <-told; got != home {
			t.Errorf("told of %q", got)
		}
		check()
		synctest.Wait()
		select {
		case got := <-told:
			t.Errorf("told of %q, though nothing changed", got)
		default:
		}
		p.set(without("User.Read.All"), nil)
		check()
		if got := <-told; got != home {
			t.Errorf("told of %q", got)
		}
		stop()
		stop()
		if _, open := <-told; open {
			t.Error("the watch goes on after its end")
		}
		// Nobody read the slow one, and nobody waited for it.
		if got := <-slow; got != home {
			t.Errorf("the slow watcher is told of %q", got)
		}
		stopSlow()
	})
}
