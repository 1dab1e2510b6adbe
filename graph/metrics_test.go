package graph_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"teamsbridge/graph"
)

func TestMetricsTellTheMirrorsHealth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		registry := prometheus.NewPedanticRegistry()
		directory := &fakeDirectory{delta: func(_ context.Context, id graph.TenantID, link string) (graph.DeltaPage, error) {
			if id == "away" {
				return graph.DeltaPage{}, graph.ErrUnavailable
			}
			if link != "" {
				return graph.DeltaPage{}, &graph.ThrottledError{RetryAfter: time.Hour}
			}
			return page("", "d", expert("anna", "Anna"), graph.Person{ID: "off"}), nil
		}}
		experts, err := graph.NewExperts(graph.Config{SyncInterval: time.Hour}, graph.Deps{
			Directory: directory, Registerer: registry, Tenants: []graph.Tenant{{ID: "here"}, {ID: "away"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		running(t, experts)
		synctest.Wait()
		if _, err := experts.Search(t.Context(), "here", graph.Query{Text: "anna"}); err != nil {
			t.Fatal(err)
		}
		experts.SyncNow("here")
		time.Sleep(500 * time.Millisecond)
		want := `
			# HELP teamsbridge_directory_experts People who are listed as experts.
			# TYPE teamsbridge_directory_experts gauge
			teamsbridge_directory_experts{tenant="away"} 0
			teamsbridge_directory_experts{tenant="here"} 1
			# HELP teamsbridge_directory_people People of the organisation's directory, read so far or held.
			# TYPE teamsbridge_directory_people gauge
			teamsbridge_directory_people{tenant="away"} 0
			teamsbridge_directory_people{tenant="here"} 2
			# HELP teamsbridge_directory_rounds_total Rounds of the directory mirror: ok, resync, or why one could not be finished yet.
			# TYPE teamsbridge_directory_rounds_total counter
			teamsbridge_directory_rounds_total{result="ok",tenant="here"} 1
			teamsbridge_directory_rounds_total{result="throttled",tenant="here"} 1
			teamsbridge_directory_rounds_total{result="unavailable",tenant="away"} 1
			# HELP teamsbridge_directory_sync_age_seconds Time since the last completed round; absent before the first.
			# TYPE teamsbridge_directory_sync_age_seconds gauge
			teamsbridge_directory_sync_age_seconds{tenant="here"} 0.5
		`
		if err := testutil.GatherAndCompare(registry, strings.NewReader(want), "teamsbridge_directory_experts",
			"teamsbridge_directory_people", "teamsbridge_directory_rounds_total", "teamsbridge_directory_sync_age_seconds"); err != nil {
			t.Error(err)
		}
		if n := testutil.CollectAndCount(registry, "teamsbridge_directory_search_seconds"); n != 1 {
			t.Errorf("%d search histograms, want that of texts", n)
		}
	})
}
