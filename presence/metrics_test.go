package presence_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"teamsbridge/graph"
	"teamsbridge/presence"
	"teamsbridge/presence/presencetest"
)

func TestMetricsTellRequestsAndAges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := presencetest.NewGraph()
		g.Set(acme, presence.Observation{ID: "anna", Availability: "away"})
		registry := prometheus.NewPedanticRegistry()
		cache, err := presence.NewCache(presence.Config{}, presence.Deps{Source: g, Registerer: registry})
		if err != nil {
			t.Fatal(err)
		}
		cache.Fetch(t.Context(), acme, idsOf("anna", "nobody"))
		cache.Refresh(t.Context(), acme, idsOf("anna"))
		g.Fail(func(presencetest.Request) error { return &graph.ThrottledError{RetryAfter: time.Second} })
		time.Sleep(3 * time.Second)
		cache.Refresh(t.Context(), acme, idsOf("anna"))

		want := `
			# HELP teamsbridge_presence_requests_total Presence requests to Graph, by why they were made and what came of them.
			# TYPE teamsbridge_presence_requests_total counter
			teamsbridge_presence_requests_total{reason="fetch",result="ok"} 1
			teamsbridge_presence_requests_total{reason="refresh",result="ok"} 1
			teamsbridge_presence_requests_total{reason="refresh",result="throttled"} 1
		`
		if err := testutil.GatherAndCompare(registry, strings.NewReader(want), "teamsbridge_presence_requests_total"); err != nil {
			t.Error(err)
		}
		if n := testutil.CollectAndCount(registry, "teamsbridge_presence_age_seconds"); n != 1 {
			t.Errorf("%d age histograms, want 1", n)
		}
		if _, err := presence.NewCache(presence.Config{}, presence.Deps{Source: g, Registerer: registry}); err == nil {
			t.Error("the same metrics are registered twice without an error")
		}
	})
}
