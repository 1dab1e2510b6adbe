package graph_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
)

// step is one answer of a scripted directory.
type step struct {
	link string // the link that must be asked for
	page graph.DeltaPage
	err  error
}

// script answers step by step and keeps when it was asked. Past its end, or
// asked for another link, it fails the test.
type script struct {
	t     *testing.T
	mu    sync.Mutex
	steps []step
	asked []time.Duration // since the beginning
	began time.Time
}

func newScript(t *testing.T, steps ...step) *script {
	return &script{t: t, steps: steps, began: time.Now()}
}

func (s *script) answer(_ context.Context, _ graph.TenantID, link string) (graph.DeltaPage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, time.Since(s.began))
	if len(s.steps) == 0 {
		s.t.Errorf("asked for %q after the end of the script", link)
		return graph.DeltaPage{}, graph.ErrUnavailable
	}
	next := s.steps[0]
	s.steps = s.steps[1:]
	if link != next.link {
		s.t.Errorf("asked for %q, want %q", link, next.link)
	}
	return next.page, next.err
}

// left is how much of the script has not been asked for.
func (s *script) left() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.steps)
}

// start runs a mirror of one organisation on the script until the test ends.
func start(t *testing.T, s *script, deps graph.Deps) *graph.Experts {
	t.Helper()
	deps.Directory = &fakeDirectory{delta: s.answer}
	deps.Tenants = []graph.Tenant{{ID: tenant, Country: "DE"}}
	experts, err := graph.NewExperts(graph.Config{}, deps)
	if err != nil {
		t.Fatal(err)
	}
	running(t, experts)
	return experts
}

func running(t *testing.T, experts *graph.Experts) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- experts.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func listed(t *testing.T, experts *graph.Experts, want ...string) {
	t.Helper()
	got, err := experts.Search(t.Context(), tenant, graph.Query{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, ids(got), cmp.Transformer("nonNil", nonNil)); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
}

// A round and its jitter.
const aRound = graph.DefaultSyncInterval * 11 / 10

func page(next, delta string, people ...graph.Person) graph.DeltaPage {
	return graph.DeltaPage{People: people, Next: next, Delta: delta}
}

func TestAMirrorReadsEverythingThenChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		anna, ben, carl := expert("anna", "Anna"), expert("ben", "Ben"), expert("carl", "Carl")
		guest := expert("guest", "Guest")
		guest.Type = "Guest"
		disabled := ben
		disabled.Enabled = false
		phoneless := anna
		phoneless.Phones = nil
		s := newScript(t,
			step{"", page("p2", "", anna, guest), nil},
			step{"p2", page("p3", ""), nil}, // an empty page is no end
			step{"p3", page("", "d1", ben, anna), nil},
			step{"d1", page("", "d2"), nil},
			step{"d2", page("d2-2", "", graph.Person{ID: "anna", Removed: true}, carl), nil},
			step{"d2-2", page("", "d3", disabled), nil},
			step{"d3", page("", "d4", ben, carl, ben), nil}, // enabled again, and a repetition
			step{"d4", page("", "d5", phoneless), nil},
		)
		experts := start(t, s, graph.Deps{})
		if _, err := experts.Search(t.Context(), "nobody's", graph.Query{}); !errors.Is(err, graph.ErrNotReady) {
			t.Errorf("Search of another organisation: %v, want ErrNotReady", err)
		}
		synctest.Wait()
		listed(t, experts, "anna", "ben")
		if got := experts.Status(tenant); !got.Ready || got.People != 3 || got.Experts != 2 || got.SyncedAt.IsZero() {
			t.Errorf("Status: %+v", got)
		}
		first := experts.Status(tenant).SyncedAt
		time.Sleep(aRound)
		if !experts.Status(tenant).SyncedAt.After(first) {
			t.Error("a round without changes leaves SyncedAt as it was")
		}
		time.Sleep(aRound)
		listed(t, experts, "carl")
		time.Sleep(aRound)
		listed(t, experts, "ben", "carl")
		time.Sleep(aRound)
		reason(t, experts, "anna", graph.ReasonNoBusinessPhone)
		reason(t, experts, "guest", graph.ReasonGuest)
		reason(t, experts, "stranger", graph.ReasonUnknown)
		if s.left() != 0 {
			t.Errorf("%d steps were not asked for", s.left())
		}
	})
}

func reason(t *testing.T, experts *graph.Experts, id graph.UserID, want graph.Reason) {
	t.Helper()
	_, err := experts.Expert(tenant, id)
	refused, ok := errors.AsType[*graph.NotListedError](err)
	if !ok || refused.Reason != want {
		t.Errorf("Expert(%s): %v, want reason %s", id, err, want)
	}
}

func TestTheFirstReadShowsItsProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t,
			step{"", page("p2", "", expert("anna", "Anna"), graph.Person{ID: "off"}), nil},
			step{"p2", page("", "d1", expert("ben", "Ben")), nil},
		)
		type seen struct {
			People, Experts int
			Ready           bool
		}
		var progress []seen
		start(t, s, graph.Deps{Progress: func(id graph.TenantID, status graph.Status) {
			progress = append(progress, seen{status.People, status.Experts, status.Ready})
		}})
		synctest.Wait()
		want := []seen{{2, 1, false}, {3, 2, false}, {3, 2, true}}
		if diff := cmp.Diff(want, progress); diff != "" {
			t.Errorf("progress (-want +got):\n%s", diff)
		}
	})
}

func TestARateIsShownWhileReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		directory := &fakeDirectory{delta: func(ctx context.Context, _ graph.TenantID, link string) (graph.DeltaPage, error) {
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				return graph.DeltaPage{}, ctx.Err()
			}
			var people []graph.Person
			for i := range 100 {
				people = append(people, graph.Person{ID: graph.UserID(fmt.Sprint(link, "-", i))})
			}
			return graph.DeltaPage{People: people, Next: link + "n"}, nil
		}}
		experts, err := graph.NewExperts(graph.Config{}, graph.Deps{Directory: directory, Tenants: []graph.Tenant{{ID: tenant}}})
		if err != nil {
			t.Fatal(err)
		}
		running(t, experts)
		time.Sleep(10*time.Second + time.Millisecond)
		if got := experts.Status(tenant); got.Rate != 100 || got.People != 1000 || got.Ready {
			t.Errorf("Status: %+v, want 1000 people at 100/s", got)
		}
	})
}

// countingDirectory is a fakeDirectory that can count, too.
type countingDirectory struct {
	fakeDirectory
	count func(context.Context) (int, error)
}

func (d *countingDirectory) CountPeople(ctx context.Context, _ graph.TenantID) (int, error) {
	return d.count(ctx)
}

func TestTheTimeLeftIsToldWhereGraphCounts(t *testing.T) {
	hang := func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, ctx.Err() }
	for _, c := range []struct {
		name     string
		count    func(context.Context) (int, error)
		expected int
		left     time.Duration
	}{
		{"a count", func(context.Context) (int, error) { return 2000, nil }, 2000, 10 * time.Second},
		{"a count that is too low by now", func(context.Context) (int, error) { return 900, nil }, 900, 0},
		{"no count", func(context.Context) (int, error) { return 0, graph.ErrUnavailable }, 0, 0},
		{"a count that never comes holds nothing up for long", hang, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				pages := 0
				enough := make(chan struct{})
				d := &countingDirectory{count: c.count}
				d.delta = func(ctx context.Context, _ graph.TenantID, link string) (graph.DeltaPage, error) {
					if pages++; pages > 10 {
						close(enough)
						<-ctx.Done()
						return graph.DeltaPage{}, ctx.Err()
					}
					time.Sleep(time.Second)
					var people []graph.Person
					for i := range 100 {
						people = append(people, graph.Person{ID: graph.UserID(fmt.Sprint(link, "-", i))})
					}
					return page(link+"n", "", people...), nil
				}
				experts, err := graph.NewExperts(graph.Config{}, graph.Deps{Directory: d, Tenants: []graph.Tenant{{ID: tenant}}})
				if err != nil {
					t.Fatal(err)
				}
				running(t, experts)
				<-enough
				got := experts.Status(tenant).Reading
				if got.People != 1000 || got.Expected != c.expected || (got.Left > 0) != (c.left > 0) || got.Left > c.left+time.Second {
					t.Errorf("%+v, want %d expected and %s left", got, c.expected, c.left)
				}
			})
		})
	}
}

func TestAReadGoesOnWhereItFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t,
			step{"", page("p2", "", expert("anna", "Anna")), nil},
			step{"p2", graph.DeltaPage{}, graph.ErrUnavailable},
			step{"p2", graph.DeltaPage{}, fmt.Errorf("get: %w", graph.ErrUnavailable)},
			step{"p2", page("", "d1", expert("ben", "Ben")), nil},
		)
		experts := start(t, s, graph.Deps{})
		synctest.Wait()
		if got := experts.Status(tenant); got.LastError != "unavailable" || got.Since.IsZero() || got.Ready || got.People != 1 {
			t.Errorf("Status: %+v", got)
		}
		time.Sleep(10 * time.Second)
		listed(t, experts, "anna", "ben")
		if got := experts.Status(tenant); got.LastError != "" || !got.Since.IsZero() {
			t.Errorf("Status after recovery: %+v", got)
		}
	})
}

func TestRetryAfterIsHonoured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t,
			step{"", graph.DeltaPage{}, &graph.ThrottledError{RetryAfter: 10 * time.Minute}},
			step{"", page("", "d1"), nil},
			step{"d1", page("", "d2"), nil},
			step{"d2", page("", "d3"), nil},
		)
		experts := start(t, s, graph.Deps{})
		synctest.Wait()
		if got := experts.Status(tenant); got.LastError != "throttled" || got.RetryAfter != 10*time.Minute {
			t.Errorf("Status: %+v", got)
		}
		experts.SyncNow(tenant) // must not go before what Graph asked for
		time.Sleep(10*time.Minute - time.Second)
		if s.left() != 3 {
			t.Error("asked before Retry-After was over")
		}
		time.Sleep(time.Minute + time.Second) // it has a tenth more
		if !experts.Status(tenant).Ready {
			t.Error("not asked after Retry-After")
		}
	})
}

func TestFailuresAreToldInAClosedSet(t *testing.T) {
	for _, c := range []struct {
		err       error
		want      string
		requestID string
	}{
		{&graph.ThrottledError{}, "throttled", ""},
		{&graph.DeniedError{Code: "Authorization_RequestDenied", RequestID: "r-1"}, "denied", "r-1"},
		{graph.ErrUnavailable, "unavailable", ""},
		{context.DeadlineExceeded, "unavailable", ""},
		{errors.New("no such luck"), "failed", ""},
		{graph.ErrResyncRequired, "failed", ""}, // asked of a read that has just begun anew
	} {
		t.Run(c.err.Error(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				experts := start(t, newScript(t, step{"", graph.DeltaPage{}, c.err}), graph.Deps{})
				synctest.Wait()
				if got := experts.Status(tenant); got.LastError != c.want || got.RequestID != c.requestID {
					t.Errorf("Status: %+v, want %s", got, c.want)
				}
			})
		})
	}
}

func TestFailuresBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var steps []step
		for range 20 {
			steps = append(steps, step{"", graph.DeltaPage{}, graph.ErrUnavailable})
		}
		s := newScript(t, steps...)
		start(t, s, graph.Deps{})
		time.Sleep(10 * time.Minute)
		s.mu.Lock()
		defer s.mu.Unlock()
		for i := range len(s.asked) - 1 {
			pause := s.asked[i+1] - s.asked[i]
			least := min(time.Second<<i, graph.DefaultSyncInterval)
			if pause < least || pause > least*11/10 {
				t.Errorf("pause %d is %s, want %s and at most a tenth more", i, pause, least)
			}
		}
		if len(s.asked) < 10 {
			t.Errorf("asked %d times in 10 minutes", len(s.asked))
		}
	})
}

func TestAResyncLeavesTheOldIndexAnswering(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		calls := 0
		directory := &fakeDirectory{delta: func(_ context.Context, _ graph.TenantID, link string) (graph.DeltaPage, error) {
			calls++
			switch calls {
			case 1:
				return page("", "d1", expert("anna", "Anna"), expert("ben", "Ben")), nil
			case 2:
				return graph.DeltaPage{}, fmt.Errorf("%s: %w", link, graph.ErrResyncRequired)
			case 3:
				<-gate
				return page("p2", "", expert("ben", "Ben")), nil
			}
			if link != "p2" {
				t.Errorf("asked for %q", link)
			}
			return page("", "d2", expert("carl", "Carl")), nil
		}}
		experts, err := graph.NewExperts(graph.Config{}, graph.Deps{Directory: directory, Tenants: []graph.Tenant{{ID: tenant}}, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		running(t, experts)
		time.Sleep(aRound)
		listed(t, experts, "anna", "ben")
		if got := experts.Status(tenant); !got.Ready || got.LastError != "" {
			t.Errorf("Status while reading anew: %+v", got)
		}
		close(gate)
		synctest.Wait()
		listed(t, experts, "ben", "carl")
		reason(t, experts, "anna", graph.ReasonUnknown)
	})
}

func TestABrokenPageDoesNotLoop(t *testing.T) {
	for name, broken := range map[string]graph.DeltaPage{
		"no link at all":        {},
		"a link to itself":      {Next: "p2"},
		"both links, to itself": {Next: "p2", Delta: "d1"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScript(t,
					step{"", page("p2", ""), nil}, step{"p2", broken, nil}, step{"p2", broken, nil}, step{"p2", broken, nil},
					step{"p2", broken, nil}, step{"p2", broken, nil}, // then from the start
					step{"", page("", "d1", expert("anna", "Anna")), nil},
				)
				experts := start(t, s, graph.Deps{})
				time.Sleep(40 * time.Second)
				listed(t, experts, "anna")
			})
		})
	}
}

func TestOneOrganisationsTroubleIsNotAnothers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		directory := &fakeDirectory{delta: func(ctx context.Context, id graph.TenantID, _ string) (graph.DeltaPage, error) {
			if id == "hanging" {
				<-ctx.Done()
				return graph.DeltaPage{}, ctx.Err()
			}
			return page("", "d", expert("anna", "Anna")), nil
		}}
		experts, err := graph.NewExperts(graph.Config{}, graph.Deps{
			Directory: directory, Tenants: []graph.Tenant{{ID: "hanging"}, {ID: tenant}},
		})
		if err != nil {
			t.Fatal(err)
		}
		running(t, experts)
		synctest.Wait()
		listed(t, experts, "anna")
		if _, err := experts.Search(t.Context(), "hanging", graph.Query{}); !errors.Is(err, graph.ErrNotReady) {
			t.Errorf("Search: %v, want ErrNotReady", err)
		}
		time.Sleep(2 * time.Minute)
		if got := experts.Status("hanging"); got.LastError != "unavailable" {
			t.Errorf("a page that never comes: %+v", got)
		}
	})
}

func TestSyncNowDoesNotWaitForTheInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t, step{"", page("", "d1"), nil}, step{"d1", page("", "d2", expert("anna", "Anna")), nil})
		experts := start(t, s, graph.Deps{})
		synctest.Wait()
		experts.SyncNow(tenant)
		experts.SyncNow("nobody's")
		synctest.Wait()
		listed(t, experts, "anna")
	})
}

func TestSubscribersHearTheNewestStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(t, step{"", page("p2", "", expert("anna", "Anna")), nil}, step{"p2", page("", "d1"), nil})
		directory := &fakeDirectory{delta: s.answer}
		experts, err := graph.NewExperts(graph.Config{}, graph.Deps{Directory: directory, Tenants: []graph.Tenant{{ID: tenant}}})
		if err != nil {
			t.Fatal(err)
		}
		statuses, stop := experts.Subscribe(tenant)
		foreign, stopForeign := experts.Subscribe("nobody's")
		running(t, experts)
		synctest.Wait()
		if got := <-statuses; !got.Ready || got.Experts != 1 {
			t.Errorf("got %+v, want the newest", got)
		}
		stop()
		stop()
		stopForeign()
		stopForeign()
		if _, open := <-statuses; open {
			t.Error("open after unsubscribing")
		}
		if _, open := <-foreign; open {
			t.Error("another organisation's is open after unsubscribing")
		}
	})
}
