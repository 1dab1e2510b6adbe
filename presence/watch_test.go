package presence_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/graph"
	"teamsbridge/presence"
	"teamsbridge/presence/presencetest"
)

func TestOnlyWhatIsWatchedIsPolled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		run(t, cache)
		cache.Fetch(t.Context(), acme, idsOf("ben"))
		time.Sleep(time.Minute)
		if n := len(g.Requests()); n != 1 {
			t.Fatalf("%d requests, want none after the fetch: nobody watches", n)
		}
		first, second := cache.Watch(acme), cache.Watch(acme)
		first.Set(idsOf("anna"))
		second.Set(idsOf("anna"))
		time.Sleep(time.Minute + time.Second)
		if n := len(g.Requests()) - 1; n < 12 || n > 13 {
			t.Errorf("%d requests in a minute for two who watch the same, want one each 5 s", n)
		}
		first.Close()
		second.Close()
		before := len(g.Requests())
		time.Sleep(time.Minute)
		if n := len(g.Requests()) - before; n != 0 {
			t.Errorf("%d requests after the last watcher closed", n)
		}
	})
}

func TestAWatcherHearsOfChangesOfItsPeopleOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		run(t, cache)
		w := cache.Watch(acme)
		w.Set(idsOf("anna"))
		want(t, <-w.Changes(), "anna:available")
		cache.Refresh(t.Context(), acme, idsOf("ben"))
		g.Set(acme, presence.Observation{ID: "anna", Availability: "busy"})
		want(t, <-w.Changes(), "anna:busy")
		g.Fail(func(presencetest.Request) error { return graph.ErrUnavailable })
		want(t, <-w.Changes(), "anna:busy/unavailable")
		time.Sleep(time.Minute)
		select {
		case got := <-w.Changes():
			t.Errorf("the same failure is told again: %v", said(got))
		default:
		}
		g.Fail(nil)
		want(t, <-w.Changes(), "anna:busy")
		w.Close()
		w.Close()
		w.Set(idsOf("anna"))
		if _, open := <-w.Changes(); open {
			t.Error("Changes is open after Close")
		}
	})
}

func TestARefreshReachesWhoWatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		w := cache.Watch(acme)
		defer w.Close()
		w.Set(idsOf("anna"))
		<-w.Changes()
		g.Set(acme, presence.Observation{ID: "anna", Availability: "away"})
		cache.Refresh(t.Context(), acme, idsOf("anna"))
		want(t, <-w.Changes(), "anna:away")
	})
}

func TestASlowReaderGetsTheNewestOfEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		w := cache.Watch(acme)
		defer w.Close()
		w.Set(idsOf("anna", "ben"))
		for i := range 10 {
			time.Sleep(time.Second)
			g.Set(acme, presence.Observation{ID: "anna", Availability: fmt.Sprint("state-", i)})
			cache.Refresh(t.Context(), acme, idsOf("anna"))
		}
		want(t, <-w.Changes(), "ben:busy", "anna:state-9")
		select {
		case more := <-w.Changes():
			t.Errorf("a backlog: %v", said(more))
		default:
		}
	})
}

func TestWhatIsNoLongerWatchedIsNotDelivered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, _ := newCache(t, presence.Config{})
		w := cache.Watch(acme)
		defer w.Close()
		w.Set(idsOf("anna", "ben"))
		time.Sleep(time.Second)
		w.Set(idsOf("ben"))
		want(t, <-w.Changes(), "ben:busy")
	})
}

func TestAWatcherTakesAtMostOneBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		w := cache.Watch(acme)
		defer w.Close()
		ids := make([]graph.UserID, presence.MaxBatch+100)
		for i := range ids {
			ids[i] = graph.UserID(fmt.Sprint(i))
		}
		w.Set(ids)
		time.Sleep(time.Second)
		if r := g.Requests(); len(r) != 1 || len(r[0].IDs) != presence.MaxBatch {
			t.Errorf("%d requests", len(r))
		}
	})
}

func TestABadIDIsLeftOutOfPolling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		run(t, cache)
		g.Fail(poisoned(graph.ErrUnavailable, "bad"))
		w := cache.Watch(acme)
		defer w.Close()
		w.Set(idsOf("anna", "bad", "ben"))
		time.Sleep(time.Second)
		want(t, cache.Read(acme, idsOf("anna", "bad", "ben")), "anna:available", "bad:unknown/unavailable", "ben:busy")
		before := len(g.Requests())
		time.Sleep(time.Minute)
		if n := len(g.Requests()) - before; n != 12 {
			t.Errorf("%d requests in a minute, want one each 5 s", n)
		}
	})
}
