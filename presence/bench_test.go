package presence_test

import (
	"fmt"
	"sync"
	"testing"

	"teamsbridge/graph"
	"teamsbridge/presence"
	"teamsbridge/presence/presencetest"
)

func crowd(tb testing.TB, n int) (*presence.Cache, []graph.UserID) {
	tb.Helper()
	cache, _, ids := observed(tb, n)
	return cache, ids
}

func observed(tb testing.TB, n int) (*presence.Cache, *presencetest.Graph, []graph.UserID) {
	tb.Helper()
	g := presencetest.NewGraph()
	ids := make([]graph.UserID, n)
	for i := range ids {
		ids[i] = graph.UserID(fmt.Sprintf("00000000-0000-4000-8000-%012d", i))
		g.Set(acme, presence.Observation{ID: ids[i], Availability: "available", Activity: "available"})
	}
	cache, err := presence.NewCache(presence.Config{}, presence.Deps{Source: g})
	if err != nil {
		tb.Fatal(err)
	}
	return cache, g, ids
}

// BenchmarkRead reads one page of 25 people while others do the same.
func BenchmarkRead(b *testing.B) {
	cache, ids := crowd(b, 100_000)
	cache.Fetch(b.Context(), acme, ids)
	b.ResetTimer()
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i += 25 {
			at := i % (len(ids) - 25)
			cache.Read(acme, ids[at:at+25])
		}
	})
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*25), "ns/person")
}

// BenchmarkBatch asks for one full batch anew; 5 ms of it are the collect window.
func BenchmarkBatch(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		cache, ids := crowd(b, presence.MaxBatch)
		b.StartTimer()
		cache.Fetch(b.Context(), acme, ids)
	}
}

// BenchmarkRequests counts what reaches Graph: quota is what presence costs.
// Beside it stands what asking for every person or for every agent would take.
func BenchmarkRequests(b *testing.B) {
	b.Run("10,000 people anew", func(b *testing.B) {
		var requests int
		for b.Loop() {
			cache, g, ids := observed(b, 10_000)
			if _, failed := cache.Refresh(b.Context(), acme, ids); len(failed) > 0 {
				b.Fatalf("%d failed", len(failed))
			}
			requests = len(g.Requests())
		}
		b.ReportMetric(float64(requests), "requests")
		b.ReportMetric(10_000, "one_by_one")
	})
	b.Run("500 agents at one page", func(b *testing.B) {
		var requests int
		for b.Loop() {
			cache, g, page := observed(b, 25)
			release := g.Hold() // Graph answers when everybody has asked
			var asking, answered sync.WaitGroup
			for range 500 {
				asking.Add(1)
				answered.Go(func() {
					asking.Done()
					cache.Fetch(b.Context(), acme, page)
				})
			}
			asking.Wait()
			release()
			answered.Wait()
			requests = len(g.Requests())
		}
		b.ReportMetric(float64(requests), "requests")
		b.ReportMetric(500, "agent_by_agent")
	})
}
