package presence_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
	"teamsbridge/presence"
	"teamsbridge/presence/presencetest"
)

const (
	acme  = graph.TenantID("11111111-1111-4111-8111-111111111111")
	other = graph.TenantID("22222222-2222-4222-8222-222222222222")
)

// newCache returns a cache that asks a Graph in which anna is available and
// ben is busy.
func newCache(t *testing.T, cfg presence.Config) (*presence.Cache, *presencetest.Graph) {
	t.Helper()
	g := presencetest.NewGraph()
	g.Set(acme, presence.Observation{ID: "anna", Availability: "available", Activity: "available"})
	g.Set(acme, presence.Observation{ID: "ben", Availability: "busy", Activity: "inACall"})
	cache, err := presence.NewCache(cfg, presence.Deps{Source: g})
	if err != nil {
		t.Fatal(err)
	}
	return cache, g
}

// run starts the polling; it ends with the test.
func run(t *testing.T, cache *presence.Cache) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- cache.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func idsOf(names ...string) []graph.UserID {
	var ids []graph.UserID
	for _, n := range names {
		ids = append(ids, graph.UserID(n))
	}
	return ids
}

// said is a presence in one word or two.
func said(presences []presence.Presence) []string {
	words := make([]string, 0, len(presences))
	for _, p := range presences {
		word := string(p.ID) + ":" + p.Availability
		if p.Reason != "" {
			word += "/" + p.Reason
		}
		words = append(words, word)
	}
	return words
}

func want(t *testing.T, got []presence.Presence, words ...string) {
	t.Helper()
	if diff := cmp.Diff(words, said(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadNeverAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		want(t, cache.Read(acme, idsOf("anna", "ben", "anna")),
			"anna:unknown/not-fetched", "ben:unknown/not-fetched", "anna:unknown/not-fetched")
		time.Sleep(time.Minute)
		if n := len(g.Requests()); n != 0 {
			t.Errorf("%d requests", n)
		}
	})
}

func TestAnUnknownPresenceAlwaysSaysWhy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		g.Set(acme, presence.Observation{ID: "carl", Availability: presence.Unknown, Activity: presence.Unknown})
		got := cache.Fetch(t.Context(), acme, idsOf("carl", "nobody"))
		want(t, got, "carl:unknown/not-known", "nobody:unknown/not-in-answer")
		if got[0].ObservedAt.IsZero() || got[0].Origin != presence.OriginPoll {
			t.Errorf("Microsoft's own unknown is an observation: %+v", got[0])
		}

		g.Set(acme, presence.Observation{ID: "carl", Availability: "away", Activity: "away"})
		time.Sleep(presence.DefaultStaleAfter + time.Second)
		want(t, cache.Fetch(t.Context(), acme, idsOf("carl")), "carl:away")
	})
}

func TestFetchAsksForWhatIsUnknownOrStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		want(t, cache.Fetch(t.Context(), acme, idsOf("ben", "nobody", "anna")),
			"ben:busy", "nobody:unknown/not-in-answer", "anna:available")

		time.Sleep(presence.DefaultStaleAfter)
		got := cache.Fetch(t.Context(), acme, idsOf("anna"))
		if got[0].Stale || len(g.Requests()) != 1 {
			t.Errorf("at the limit: %+v after %d requests, want the first answer", got[0], len(g.Requests()))
		}
		time.Sleep(time.Second)
		if got := cache.Read(acme, idsOf("anna"))[0]; !got.Stale || got.Age != 31*time.Second {
			t.Errorf("past the limit: %+v, want it stale and 31 s old", got)
		}
		got = cache.Fetch(t.Context(), acme, idsOf("anna", "ben"))
		want(t, got, "anna:available", "ben:busy")
		if got[0].Stale || len(g.Requests()) != 2 || got[0].Origin != presence.OriginPoll {
			t.Errorf("%+v after %d requests", got[0], len(g.Requests()))
		}
	})
}

func TestObservedAtIsWhenTheRequestWasSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		release := g.Hold()
		time.AfterFunc(time.Second, release)
		asked := time.Now()
		got := cache.Fetch(t.Context(), acme, idsOf("anna"))[0]
		if want := asked.Add(presence.DefaultCollectWindow); !got.ObservedAt.Equal(want) {
			t.Errorf("ObservedAt %s, want %s", got.ObservedAt, want)
		}
		if want := time.Second - presence.DefaultCollectWindow; got.Age != want {
			t.Errorf("Age %s, want %s: what the answer took counts", got.Age, want)
		}
	})
}

func TestManyWaitersShareOneRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		var agents sync.WaitGroup
		for range 500 {
			agents.Go(func() { cache.Fetch(t.Context(), acme, idsOf("anna", "ben")) })
		}
		agents.Wait()
		if n := len(g.Requests()); n != 1 {
			t.Errorf("%d requests for 500 agents who look at the same page, want 1", n)
		}
	})
}

func TestIDsAreAskedInFullBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		ids := make([]graph.UserID, 10_000)
		for i := range ids {
			ids[i] = graph.UserID(fmt.Sprintf("id-%05d", i))
			g.Set(acme, presence.Observation{ID: ids[i], Availability: "away"})
		}
		for _, p := range cache.Fetch(t.Context(), acme, ids) {
			if p.Availability != "away" {
				t.Fatalf("%+v", p)
			}
		}
		if n := len(g.Requests()); n != 16 {
			t.Errorf("%d requests for 10,000 people, want 16", n)
		}
	})
}

func TestAnEndedWaiterDoesNotEndTheSharedRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		release := g.Hold()
		ctx, cancel := context.WithCancel(t.Context())
		impatient := make(chan []presence.Presence, 1)
		go func() { impatient <- cache.Fetch(ctx, acme, idsOf("anna")) }()
		patient := make(chan []presence.Presence, 1)
		go func() { patient <- cache.Fetch(t.Context(), acme, idsOf("anna")) }()
		synctest.Wait()
		time.Sleep(10 * time.Millisecond) // the request is under way
		cancel()
		want(t, <-impatient, "anna:unknown/unavailable")
		release()
		want(t, <-patient, "anna:available")
	})
}

func TestFetchGivesUpAfterItsTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		release := g.Hold()
		defer release()
		began := time.Now()
		want(t, cache.Fetch(t.Context(), acme, idsOf("anna")), "anna:unknown/unavailable")
		if took := time.Since(began); took != presence.DefaultFetchTimeout {
			t.Errorf("took %s, want %s", took, presence.DefaultFetchTimeout)
		}
		time.Sleep(10 * time.Millisecond)
		began = time.Now()
		want(t, cache.Fetch(t.Context(), acme, idsOf("anna")), "anna:unknown/unavailable")
		if took := time.Since(began); took != 0 {
			t.Errorf("the next one took %s, want no waiting for a request that hangs", took)
		}
		time.Sleep(presence.DefaultRequestTimeout)
	})
}

func TestNoSearchWaitsLongForAGraphThatIsNotAnswering(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		release := g.Hold()
		took := func(id string) time.Duration {
			began := time.Now()
			cache.Fetch(t.Context(), acme, idsOf(id))
			return time.Since(began)
		}
		if got := took("anna"); got != presence.DefaultFetchTimeout {
			t.Errorf("the first one took %s, want %s", got, presence.DefaultFetchTimeout)
		}
		time.Sleep(presence.DefaultRequestTimeout)
		for _, id := range []string{"ben", "carl", "anna"} {
			if got := took(id); got != 250*time.Millisecond {
				t.Errorf("%s took %s while Graph hangs, want a quarter of a second", id, got)
			}
		}
		release()
		time.Sleep(presence.DefaultRequestTimeout)
		want(t, cache.Fetch(t.Context(), acme, idsOf("anna")), "anna:available")
		defer g.Hold()()
		if got := took("dora"); got != presence.DefaultFetchTimeout {
			t.Errorf("after it has answered again: %s, want %s", got, presence.DefaultFetchTimeout)
		}
		time.Sleep(presence.DefaultRequestTimeout)
	})
}

func TestFailuresHaveReasons(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"throttled":            {&graph.ThrottledError{RetryAfter: time.Second}, presence.ReasonThrottled},
		"a missing permission": {&graph.DeniedError{Code: "Authorization_RequestDenied"}, presence.ReasonDenied},
		"Graph away":           {fmt.Errorf("post: %w", graph.ErrUnavailable), presence.ReasonUnavailable},
		"no such service":      {fmt.Errorf("post: %w", graph.ErrNotOffered), presence.ReasonNotOffered},
		"nobody signed in":     {fmt.Errorf("post: %w", graph.ErrSignInRequired), presence.ReasonSignInRequired},
		"anything else":        {errors.New("unexpected EOF"), presence.ReasonUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cache, g := newCache(t, presence.Config{})
				g.Fail(func(presencetest.Request) error { return c.err })
				want(t, cache.Fetch(t.Context(), acme, idsOf("anna")), "anna:unknown/"+c.want)

				g.Fail(nil)
				time.Sleep(2 * time.Second)
				want(t, cache.Fetch(t.Context(), acme, idsOf("anna")), "anna:available")

				g.Fail(func(presencetest.Request) error { return c.err })
				time.Sleep(time.Minute)
				got := cache.Fetch(t.Context(), acme, idsOf("anna"))
				want(t, got, "anna:available/"+c.want)
				if !got[0].Stale {
					t.Errorf("%+v, want what is known, marked stale", got[0])
				}
			})
		})
	}
}

func TestFetchDoesNotAskAtOnceForWhatJustFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		g.Fail(func(presencetest.Request) error { return graph.ErrUnavailable })
		for range 10 {
			want(t, cache.Fetch(t.Context(), acme, idsOf("anna")), "anna:unknown/unavailable")
		}
		want(t, cache.Fetch(t.Context(), acme, idsOf("anna")), "anna:unknown/unavailable")
		if n := len(g.Requests()); n != 1 {
			t.Errorf("%d requests, want 1", n)
		}
	})
}

func TestThrottlingStopsAllRequestsForItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		run(t, cache)
		w := cache.Watch(acme)
		defer w.Close()
		g.Fail(func(presencetest.Request) error { return &graph.ThrottledError{RetryAfter: 20 * time.Second} })
		w.Set(idsOf("anna"))
		time.Sleep(time.Second)
		g.Fail(nil)
		began := time.Now()
		_, failed := cache.Refresh(t.Context(), acme, idsOf("ben"))
		if diff := cmp.Diff([]presence.Failure{{ID: "ben", Reason: presence.ReasonThrottled}}, failed); diff != "" {
			t.Errorf("Refresh (-want +got):\n%s", diff)
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("Refresh took %s, want the reason at once", took)
		}
		time.Sleep(18 * time.Second)
		if n := len(g.Requests()); n != 1 {
			t.Fatalf("%d requests within Retry-After, want only the throttled one", n)
		}
		time.Sleep(7 * time.Second)
		want(t, cache.Read(acme, idsOf("anna")), "anna:available")

		g.Set(other, presence.Observation{ID: "carl", Availability: "away"})
		g.Fail(func(r presencetest.Request) error {
			if r.Tenant == acme {
				return &graph.ThrottledError{RetryAfter: time.Hour}
			}
			return nil
		})
		cache.Refresh(t.Context(), acme, idsOf("anna"))
		want(t, cache.Fetch(t.Context(), other, idsOf("carl")), "carl:away")
	})
}

func TestThrottlingWithoutRetryAfterBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		g.Fail(func(presencetest.Request) error { return &graph.ThrottledError{} })
		for range 100 {
			cache.Refresh(t.Context(), acme, idsOf("anna"))
			time.Sleep(time.Second)
		}
		if n := len(g.Requests()); n < 5 || n > 8 {
			t.Errorf("%d requests in 100 s, want the pauses to double", n)
		}
	})
}

func TestNothingCrossesAnOrganisation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		g.Set(other, presence.Observation{ID: "anna", Availability: "offline"})
		want(t, cache.Fetch(t.Context(), acme, idsOf("anna")), "anna:available")
		want(t, cache.Read(other, idsOf("anna")), "anna:unknown/not-fetched")
		want(t, cache.Fetch(t.Context(), other, idsOf("anna")), "anna:offline")
	})
}

func TestConfigNamesEveryNegativeField(t *testing.T) {
	err := presence.Config{PollInterval: -1, StaleAfter: -1}.Validate()
	if err == nil || err.Error() != "poll_interval: -1ns is negative\nstale_after: -1ns is negative" {
		t.Errorf("Validate: %v", err)
	}
	if _, err := presence.NewCache(presence.Config{FetchTimeout: -1}, presence.Deps{Source: presencetest.NewGraph()}); err == nil {
		t.Error("NewCache takes a wrong configuration")
	}
	if _, err := presence.NewCache(presence.Config{}, presence.Deps{}); err == nil {
		t.Error("NewCache takes no source")
	}
}
