package main

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/graph"
	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
)

const denyingTenant = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"

// denying is a directory whose reading Graph refuses or not.
type denying struct{ refuses atomic.Bool }

func (d *denying) DeltaPage(context.Context, graph.TenantID, string) (graph.DeltaPage, error) {
	if d.refuses.Load() {
		return graph.DeltaPage{}, &graph.DeniedError{Code: "Authorization_RequestDenied"}
	}
	return graph.DeltaPage{Delta: "again"}, nil
}

func (*denying) Person(context.Context, graph.TenantID, graph.UserID) (graph.Person, error) {
	return graph.Person{}, graph.ErrNotFound
}

func (*denying) FindPeople(context.Context, graph.TenantID, string, int) ([]graph.Person, error) {
	return nil, nil
}

// counting probes and finds nothing.
type counting struct{ probes atomic.Int32 }

func (c *counting) Probe(context.Context, string) (sso.Findings, error) {
	c.probes.Add(1)
	return sso.Findings{ServicePrincipal: sso.PrincipalEnabled}, nil
}

func TestADirectoryThatGraphRefusesHasItsOrganisationChecked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		directory, prober := new(denying), new(counting)
		experts, err := graph.NewExperts(graph.Config{}, graph.Deps{
			Directory: directory, Tenants: []graph.Tenant{{ID: denyingTenant, Country: "DE"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		orgs, err := sso.NewOrganizations(ctx, sso.OrganizationsDeps{
			Store: new(sessiontest.Memory), Prober: prober, Tenants: []string{denyingTenant},
		})
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 3)
		for _, part := range []func(context.Context) error{
			experts.Run, orgs.Run,
			func(ctx context.Context) error {
				return doubtOnDenial(ctx, experts, orgs, []string{denyingTenant})
			},
		} {
			go func() { ended <- part(ctx) }()
		}
		after := func(d time.Duration) int32 {
			before := prober.probes.Load()
			time.Sleep(d) // the bubble's time
			synctest.Wait()
			return prober.probes.Load() - before
		}
		if got := after(10 * time.Minute); got != 1 {
			t.Errorf("at the start: %d probes", got)
		}
		directory.refuses.Store(true)
		if got := after(20 * time.Minute); got != 1 {
			t.Errorf("while Graph refuses: %d probes, want one when it began", got)
		}
		directory.refuses.Store(false)
		if got := after(10 * time.Minute); got != 0 {
			t.Errorf("when it does not: %d probes", got)
		}
		cancel()
		for range cap(ended) {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	})
}
