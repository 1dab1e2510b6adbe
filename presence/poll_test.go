package presence_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
	"teamsbridge/graph/budget"
	"teamsbridge/presence"
	"teamsbridge/presence/presencetest"
)

// watchedCrowd is n people whom as many streams as it takes watch.
func watchedCrowd(t testing.TB, cache *presence.Cache, g *presencetest.Graph, n int) {
	t.Helper()
	ids := make([]graph.UserID, n)
	for i := range ids {
		ids[i] = graph.UserID(fmt.Sprintf("id-%06d", i))
		g.Set(acme, presence.Observation{ID: ids[i], Availability: "available", Activity: "available"})
	}
	for len(ids) > 0 {
		page := ids[:min(len(ids), presence.MaxBatch)]
		ids = ids[len(page):]
		w := cache.Watch(acme)
		t.Cleanup(w.Close)
		w.Set(page)
	}
}

// longestGap is the longest time between two questions about one person, from
// a moment on.
func longestGap(requests []presencetest.Request, from time.Time) time.Duration {
	last, longest := map[graph.UserID]time.Time{}, time.Duration(0)
	for _, r := range requests {
		if r.At.Before(from) {
			continue
		}
		for _, id := range r.IDs {
			if before, ok := last[id]; ok {
				longest = max(longest, r.At.Sub(before))
			}
			last[id] = r.At
		}
	}
	return longest
}

func TestPollingIsSpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		watchedCrowd(t, cache, g, 20*presence.MaxBatch)
		begin := time.Now()
		run(t, cache)
		time.Sleep(15 * time.Second)
		var most int
		at := map[time.Time]int{}
		for _, r := range g.Requests()[20:] {
			at[r.At]++
			most = max(most, at[r.At])
		}
		if most != 4 {
			t.Errorf("%d requests at a time for 20 batches, want 4", most)
		}
		if n := len(g.Requests()) - 20; n < 35 || n > 45 {
			t.Errorf("%d requests in 15 s for 20 batches that were known at the beginning", n)
		}
		if gap := longestGap(g.Requests(), begin); gap > 7500*time.Millisecond {
			t.Errorf("somebody was not asked for during %s", gap)
		}
	})
}

func TestEverybodyWatchedIsAskedForEachInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		run(t, cache)
		watchedCrowd(t, cache, g, 7*presence.MaxBatch+100)
		time.Sleep(20 * time.Second)
		begin, before := time.Now(), len(g.Requests())
		time.Sleep(time.Minute)
		if gap := longestGap(g.Requests(), begin); gap < 4*time.Second || gap > 5*time.Second {
			t.Errorf("somebody was not asked for during %s", gap)
		}
		if n := len(g.Requests()) - before; n < 8*12 || n > 8*13 {
			t.Errorf("%d requests for 8 batches in a minute", n)
		}
	})
}

func TestOnePageAtDifferentTimesIsOneRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		run(t, cache)
		for i := range 20 { // twenty agents open their pages one after the other
			w := cache.Watch(acme)
			defer w.Close()
			w.Set(idsOf(fmt.Sprint("person-", i)))
			time.Sleep(230 * time.Millisecond)
		}
		time.Sleep(20 * time.Second)
		before := len(g.Requests())
		time.Sleep(time.Minute)
		if n := len(g.Requests()) - before; n > 26 {
			t.Errorf("%d requests in a minute for twenty people, want them to share", n)
		}
	})
}

func TestPollingIsSlowerWhenTheBudgetIsTight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := presencetest.NewGraph()
		var spare atomic.Int64
		spare.Store(100)
		cache, err := presence.NewCache(presence.Config{}, presence.Deps{Source: g, Spare: func(tenant graph.TenantID) int {
			if tenant != acme {
				t.Errorf("asked for the budget of %s", tenant)
			}
			return int(spare.Load())
		}})
		if err != nil {
			t.Fatal(err)
		}
		watchedCrowd(t, cache, g, 12*presence.MaxBatch)
		run(t, cache)
		count := func(d time.Duration) int {
			before := len(g.Requests())
			time.Sleep(d)
			return len(g.Requests()) - before
		}
		count(10 * time.Second)
		if n := count(10 * time.Second); n < 20 || n > 28 {
			t.Errorf("%d requests in 10 s, want the 12 batches each 5 s", n)
		}
		spare.Store(1) // each half second
		count(10 * time.Second)
		slow := time.Now()
		if n := count(20 * time.Second); n != 40 {
			t.Errorf("%d requests in 20 s of a tight budget, want 40", n)
		}
		if gap := longestGap(g.Requests(), slow); gap > 8*time.Second {
			t.Errorf("somebody was not asked for during %s, want everybody in turn", gap)
		}
		spare.Store(0)
		count(time.Second)
		if n := count(10 * time.Second); n != 0 {
			t.Errorf("%d requests without a budget", n)
		}
		began := time.Now()
		if _, failed := cache.Refresh(t.Context(), acme, idsOf("id-000001")); len(failed) > 0 || time.Since(began) > time.Second {
			t.Errorf("a refresh took %s: %v", time.Since(began), failed)
		}
		spare.Store(100)
		if n := count(10 * time.Second); n < 20 {
			t.Errorf("%d requests in 10 s, want it to recover by itself", n)
		}
	})
}

// classes notes how urgent each request was.
type classes struct {
	presence.Source
	seen chan budget.Class
}

func (c classes) Presences(ctx context.Context, tenant graph.TenantID, ids []graph.UserID) ([]presence.Observation, error) {
	c.seen <- budget.ClassOf(ctx)
	return c.Source.Presences(ctx, tenant, ids)
}

func TestRequestsSayHowUrgentTheyAre(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := classes{presencetest.NewGraph(), make(chan budget.Class, 100)}
		cache, err := presence.NewCache(presence.Config{}, presence.Deps{Source: source})
		if err != nil {
			t.Fatal(err)
		}
		expect := func(what string, want budget.Class) {
			t.Helper()
			if got := <-source.seen; got != want {
				t.Errorf("%s is asked for as %s, want %s", what, got, want)
			}
		}
		cache.Fetch(t.Context(), acme, idsOf("anna"))
		expect("a search", budget.Click)
		cache.Refresh(t.Context(), acme, idsOf("anna"))
		expect("a refresh", budget.Click)
		w := cache.Watch(acme)
		defer w.Close()
		w.Set(idsOf("ben"))
		expect("a new page", budget.Click)
		time.Sleep(presence.DefaultPollInterval)
		run(t, cache)
		expect("what is watched", budget.Poll)
	})
}

func TestABudgetThatIsUsedUpDoesNotStopWhoMayStillAsk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		g.Fail(func(presencetest.Request) error {
			return fmt.Errorf("presences: %w: %w", &graph.ThrottledError{RetryAfter: time.Minute},
				&budget.LimitError{Workload: budget.Presence, RetryAfter: time.Minute})
		})
		want(t, cache.Fetch(t.Context(), acme, idsOf("anna")), "anna:unknown/throttled")
		g.Fail(nil)
		got, _ := cache.Refresh(t.Context(), acme, idsOf("anna"))
		want(t, got, "anna:available")

		g.Fail(func(presencetest.Request) error {
			return fmt.Errorf("presences: %w", &budget.LimitError{Workload: budget.Presence, RetryAfter: time.Minute, Asked: true})
		})
		cache.Refresh(t.Context(), acme, idsOf("anna"))
		g.Fail(nil)
		if _, failed := cache.Refresh(t.Context(), acme, idsOf("anna")); len(failed) != 1 || failed[0].Reason != presence.ReasonThrottled {
			t.Errorf("while Graph has asked to wait: %v", failed)
		}
	})
}

// byID orders what polling tells in no order.
func byID(presences []presence.Presence) []presence.Presence {
	slices.SortFunc(presences, func(a, b presence.Presence) int { return cmp.Compare(a.ID, b.ID) })
	return presences
}

func TestThrottlingIsToldToWhoWatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := presencetest.NewGraph()
		g.Set(acme, presence.Observation{ID: "anna", Availability: "available"})
		g.Set(acme, presence.Observation{ID: "ben", Availability: "busy"})
		var spare atomic.Int64
		spare.Store(1)
		cache, err := presence.NewCache(presence.Config{}, presence.Deps{Source: g, Spare: func(graph.TenantID) int { return int(spare.Load()) }})
		if err != nil {
			t.Fatal(err)
		}
		w := cache.Watch(acme)
		defer w.Close()
		w.Set(idsOf("anna", "ben"))
		want(t, <-w.Changes(), "anna:available", "ben:busy")
		observed := time.Now()
		if diff := gocmp.Diff(presence.Health{Watched: 2, OldestAt: observed}, cache.Health(acme)); diff != "" {
			t.Errorf("Health (-want +got):\n%s", diff)
		}
		g.Fail(func(presencetest.Request) error { return &graph.ThrottledError{RetryAfter: 20 * time.Second} })
		cache.Refresh(t.Context(), acme, idsOf("carl")) // somebody else's request meets it
		since := time.Now()
		wanted := presence.Health{
			Watched: 2, OldestAt: observed, Reason: presence.ReasonThrottled, Since: since, Until: since.Add(20 * time.Second),
		}
		if diff := gocmp.Diff(wanted, cache.Health(acme)); diff != "" {
			t.Errorf("Health (-want +got):\n%s", diff)
		}
		g.Fail(nil)
		run(t, cache)
		spare.Store(0) // the budget knows it as well
		time.Sleep(10 * time.Second)
		spare.Store(1)
		got := byID(<-w.Changes())
		want(t, got, "anna:available/throttled", "ben:busy/throttled")
		if got[0].Age < presence.DefaultPollInterval/2 || got[0].Age > presence.DefaultPollInterval+500*time.Millisecond {
			t.Errorf("the age %s is told, want that of the poll that was left out", got[0].Age)
		}
		time.Sleep(5 * time.Second)
		select {
		case got := <-w.Changes():
			t.Errorf("told again: %v", said(got))
		default:
		}
		want(t, byID(<-w.Changes()), "anna:available", "ben:busy")
		if time.Since(since) > 26*time.Second {
			t.Errorf("learnt again after %s", time.Since(since))
		}
		if h := cache.Health(acme); h.Reason != "" || !h.Since.IsZero() || !h.Until.IsZero() {
			t.Errorf("Health %+v, want all well", h)
		}
		if diff := gocmp.Diff(presence.Health{}, cache.Health(other)); diff != "" {
			t.Errorf("the other organisation's Health (-want +got):\n%s", diff)
		}
	})
}

func TestWhatNobodyWatchesIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, _ := newCache(t, presence.Config{})
		run(t, cache)
		w := cache.Watch(acme)
		defer w.Close()
		w.Set(idsOf("ben"))
		cache.Fetch(t.Context(), acme, idsOf("anna"))
		time.Sleep(9 * time.Minute)
		want(t, cache.Read(acme, idsOf("anna", "ben")), "anna:available", "ben:busy")
		time.Sleep(3 * time.Minute)
		want(t, cache.Read(acme, idsOf("anna", "ben")), "anna:unknown/not-fetched", "ben:busy")
	})
}
