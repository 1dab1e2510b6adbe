package presence_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
	"teamsbridge/presence"
	"teamsbridge/presence/presencetest"
)

func TestRefreshNeverAnswersFromTheCache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		cache.Fetch(t.Context(), acme, idsOf("anna"))
		g.Set(acme, presence.Observation{ID: "anna", Availability: "doNotDisturb"})
		asked := time.Now()
		got, failed := cache.Refresh(t.Context(), acme, idsOf("anna", "anna", "nobody"))
		want(t, got, "anna:doNotDisturb")
		if got[0].ObservedAt.Before(asked) || got[0].Origin != presence.OriginRefresh {
			t.Errorf("%+v, want an observation after %s", got[0], asked)
		}
		if diff := cmp.Diff([]presence.Failure{{ID: "nobody", Reason: presence.ReasonNotInAnswer}}, failed); diff != "" {
			t.Errorf("failed (-want +got):\n%s", diff)
		}
	})
}

func TestRefreshDoesNotJoinARequestThatBeganBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		release := g.Hold()
		go cache.Fetch(t.Context(), acme, idsOf("anna"))
		time.Sleep(10 * time.Millisecond) // Graph has read its state, the answer is under way
		g.Set(acme, presence.Observation{ID: "anna", Availability: "away"})
		var agents sync.WaitGroup
		for range 20 {
			agents.Go(func() {
				got, _ := cache.Refresh(t.Context(), acme, idsOf("anna"))
				want(t, got, "anna:away")
			})
		}
		time.Sleep(10 * time.Millisecond)
		if n := len(g.Requests()); n != 1 {
			t.Errorf("%d requests while one is under way, want 1", n)
		}
		release()
		agents.Wait()
		if n := len(g.Requests()); n != 2 {
			t.Errorf("%d requests, want the old one and one for all who refreshed", n)
		}
	})
}

func TestRefreshAsksAtMostOncePerSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		for i := range 5 {
			g.Set(acme, presence.Observation{ID: "anna", Availability: fmt.Sprint("state-", i)})
			got, _ := cache.Refresh(t.Context(), acme, idsOf("anna"))
			want(t, got, fmt.Sprint("anna:state-", i))
		}
		requests := g.Requests()
		for i := range len(requests) - 1 {
			if pause := requests[i+1].At.Sub(requests[i].At); pause != time.Second {
				t.Errorf("request %d came %s after the one before, want 1 s", i+1, pause)
			}
		}
		if len(requests) != 5 {
			t.Errorf("%d requests, want 5", len(requests))
		}
	})
}

func TestRefreshOfOtherPeopleDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, _ := newCache(t, presence.Config{})
		cache.Refresh(t.Context(), acme, idsOf("anna"))
		began := time.Now()
		cache.Refresh(t.Context(), acme, idsOf("ben"))
		if took := time.Since(began); took > 2*presence.DefaultCollectWindow {
			t.Errorf("took %s", took)
		}
	})
}

func TestRefreshEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache, g := newCache(t, presence.Config{})
		release := g.Hold()
		defer release()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		got, failed := cache.Refresh(ctx, acme, idsOf("anna"))
		if len(got) != 0 || len(failed) != 1 || failed[0].Reason != presence.ReasonUnavailable {
			t.Errorf("got %v, failed %v", got, failed)
		}
	})
}

// poisoned makes every request with one of the ids fail.
func poisoned(err error, ids ...graph.UserID) func(presencetest.Request) error {
	return func(r presencetest.Request) error {
		if slices.ContainsFunc(ids, func(id graph.UserID) bool { return slices.Contains(r.IDs, id) }) {
			return err
		}
		return nil
	}
}

func TestABatchThatFailsIsDividedToFindTheBadID(t *testing.T) {
	for name, err := range map[string]error{
		"an error of Graph's":   graph.ErrUnavailable,
		"a request it dislikes": errors.New("400 invalidRequest"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cache, g := newCache(t, presence.Config{})
				ids := make([]graph.UserID, presence.MaxBatch)
				for i := range ids {
					ids[i] = graph.UserID(fmt.Sprintf("id-%03d", i))
					g.Set(acme, presence.Observation{ID: ids[i], Availability: "away"})
				}
				g.Fail(poisoned(err, "id-123"))
				got, failed := cache.Refresh(t.Context(), acme, ids)
				if len(got) != len(ids)-1 || len(failed) != 1 || failed[0].ID != "id-123" {
					t.Errorf("%d refreshed, failed %v; want all but id-123", len(got), failed)
				}
				if n := len(g.Requests()); n > 33 {
					t.Errorf("%d requests", n)
				}

				time.Sleep(time.Second)
				before := len(g.Requests())
				cache.Refresh(t.Context(), acme, ids)
				if n := len(g.Requests()) - before; n != 2 {
					t.Errorf("%d requests the next time, want the bad id alone and one for the rest", n)
				}
			})
		})
	}
}

func TestABatchIsNotDividedForEver(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		most int
	}{
		"throttled":                 {&graph.ThrottledError{RetryAfter: time.Second}, 1},
		"denied":                    {&graph.DeniedError{}, 1},
		"Graph away":                {graph.ErrUnavailable, 3},
		"every request is disliked": {errors.New("400"), 33},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cache, g := newCache(t, presence.Config{})
				g.Fail(func(presencetest.Request) error { return c.err })
				ids := make([]graph.UserID, presence.MaxBatch)
				for i := range ids {
					ids[i] = graph.UserID(fmt.Sprint(i))
				}
				_, failed := cache.Refresh(t.Context(), acme, ids)
				if len(failed) != len(ids) {
					t.Errorf("%d failed, want all %d", len(failed), len(ids))
				}
				if n := len(g.Requests()); n > c.most {
					t.Errorf("%d requests, want at most %d", n, c.most)
				}
			})
		})
	}
}

func TestTheNewestWins(t *testing.T) {
	type step struct {
		after    time.Duration
		state    string
		sequence string
		want     string
	}
	for name, steps := range map[string][]step{
		"a higher sequence": {{0, "busy", "A1", "busy"}, {time.Second, "away", "A2", "away"}},
		"a lagging replica": {{0, "busy", "A2", "busy"}, {time.Second, "away", "A1", "busy"}},
		"the same sequence": {{0, "busy", "A2", "busy"}, {time.Second, "busy", "A2", "busy"}},
		"a sequence that has started over": {
			{0, "busy", "A9", "busy"}, {20 * time.Second, "away", "A1", "busy"}, {20 * time.Second, "away", "A1", "away"},
		},
		"without sequences, by time":                    {{0, "busy", "", "busy"}, {time.Second, "away", "", "away"}},
		"when only one has a sequence, by time":         {{0, "busy", "A9", "busy"}, {time.Second, "away", "", "away"}},
		"when only the new one has one, by time":        {{0, "busy", "", "busy"}, {time.Second, "away", "A1", "away"}},
		"sequences are compared as text, not as length": {{0, "busy", "A10", "busy"}, {time.Second, "away", "A2", "away"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cache, g := newCache(t, presence.Config{})
				for _, s := range steps {
					time.Sleep(s.after)
					g.Set(acme, presence.Observation{ID: "anna", Availability: s.state, Sequence: s.sequence})
					asked := time.Now()
					got, _ := cache.Refresh(t.Context(), acme, idsOf("anna"))
					want(t, got, "anna:"+s.want)
					if got[0].ObservedAt.Before(asked) {
						t.Errorf("observed %s before it was asked for", asked.Sub(got[0].ObservedAt))
					}
				}
			})
		})
	}
}
