package presence_test

import (
	"context"
	"fmt"
	"runtime"
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

// BenchmarkRead reads pages of 25 of 100,000 people, 16 readers at a time, so
// that next to nothing of it is in the processors' caches.
func BenchmarkRead(b *testing.B) {
	cache, ids := crowd(b, 100_000)
	cache.Fetch(b.Context(), acme, ids)
	b.ResetTimer()
	b.SetParallelism(max(16/runtime.GOMAXPROCS(0), 1))
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

// everybody is a Graph that knows everybody and remembers nothing.
type everybody struct{}

func (everybody) Presences(_ context.Context, _ graph.TenantID, ids []graph.UserID) ([]presence.Observation, error) {
	observed := make([]presence.Observation, len(ids))
	for i, id := range ids {
		observed[i] = presence.Observation{ID: id, Availability: "available", Activity: "available", Sequence: fmt.Sprintf("A%012d", i)}
	}
	return observed, nil
}

// BenchmarkWatched lets 500 streams watch 100,000 people, who are all asked for
// at once as after a restart, and weighs what the cache holds of each. Their
// ids are the directory's and are not counted.
func BenchmarkWatched(b *testing.B) {
	const streams, page = 500, 200
	ids := make([]graph.UserID, streams*page)
	for i := range ids {
		ids[i] = graph.UserID(fmt.Sprintf("00000000-0000-4000-8000-%012d", i))
	}
	var bytes float64
	for b.Loop() {
		before := heap()
		cache, err := presence.NewCache(presence.Config{}, presence.Deps{Source: everybody{}})
		if err != nil {
			b.Fatal(err)
		}
		watchers := make([]*presence.Watcher, streams)
		for i := range watchers {
			watchers[i] = cache.Watch(acme)
			watchers[i].Set(ids[i*page : (i+1)*page])
		}
		cache.Fetch(b.Context(), acme, ids)
		for _, w := range watchers {
			for seen := 0; seen < page; {
				seen += len(<-w.Changes())
			}
		}
		bytes = heap() - before
		if h := cache.Health(acme); h.Watched != len(ids) || h.OldestAt.IsZero() {
			b.Fatalf("%+v", h)
		}
	}
	b.ReportMetric(bytes/float64(len(ids)), "B/person")
}

// heap is what is in use after a collection.
func heap() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
