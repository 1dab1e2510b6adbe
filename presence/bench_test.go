package presence_test

import (
	"fmt"
	"testing"

	"teamsbridge/graph"
	"teamsbridge/presence"
	"teamsbridge/presence/presencetest"
)

func crowd(tb testing.TB, n int) (*presence.Cache, []graph.UserID) {
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
	return cache, ids
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
