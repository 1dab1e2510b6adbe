package budget_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"teamsbridge/graph/budget"
)

const acme, other = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"

var (
	onePresence = budget.Cost{Workload: budget.Presence, Units: 1}
	oneUnit     = budget.Cost{Workload: budget.Directory, Units: 1}
)

func newBudget(t *testing.T, cfg budget.Config) *budget.Budget {
	t.Helper()
	b, err := budget.New(cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// crowd asks n times at once and collects who has had their turn, and when.
type crowd struct {
	mu    sync.Mutex
	order []string
	times []time.Time
	group sync.WaitGroup
}

func (c *crowd) ask(ctx context.Context, b *budget.Budget, n int, name, tenant string, cost budget.Cost) {
	for range n {
		c.group.Go(func() {
			if err := b.Wait(ctx, tenant, cost); err != nil {
				return
			}
			c.mu.Lock()
			defer c.mu.Unlock()
			c.order = append(c.order, name)
			c.times = append(c.times, time.Now())
		})
	}
}

func (c *crowd) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.order)
}

func (c *crowd) first(n int, name string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := 0
	for _, had := range c.order[:min(n, len(c.order))] {
		if had == name {
			found++
		}
	}
	return found
}

func TestNoWindowSeesMoreThanTheLimit(t *testing.T) {
	for name, c := range map[string]struct {
		cost   budget.Cost
		class  budget.Class
		limit  int
		window time.Duration
	}{
		"clicks on presence":       {onePresence, budget.Click, 150, 30 * time.Second},
		"polls of presence":        {onePresence, budget.Poll, 150, 30 * time.Second},
		"units of the directory":   {budget.Cost{Workload: budget.Directory, Units: 2}, budget.Background, 175, 10 * time.Second},
		"more units than saved up": {budget.Cost{Workload: budget.Directory, Units: 100}, budget.Click, 4, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, all := newBudget(t, budget.Config{PresenceRequests: 150, DirectoryUnits: 350}), &crowd{}
				time.Sleep(time.Hour) // all that can be saved up is
				n := 3 * c.limit
				all.ask(budget.With(t.Context(), c.class), b, n, "", acme, c.cost)
				all.group.Wait()
				if len(all.times) != n {
					t.Fatalf("%d of %d had their turn", len(all.times), n)
				}
				slices.SortFunc(all.times, time.Time.Compare)
				for i, from := range all.times {
					end := i
					for end < n && all.times[end].Sub(from) < c.window {
						end++
					}
					if end-i > c.limit {
						t.Fatalf("%d requests within %s, the limit is %d", end-i, c.window, c.limit)
					}
				}
				if took := all.times[n-1].Sub(all.times[0]); took > 5*c.window {
					t.Errorf("three limits took %s, want about their three windows", took)
				}
			})
		})
	}
}

func TestTheUrgentGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, all := newBudget(t, budget.Config{}), &crowd{}
		all.ask(budget.With(t.Context(), budget.Click), b, 300, "first", acme, onePresence)
		synctest.Wait() // nothing is saved up any more
		names := []string{"background", "poll", "confirmation", "click"}
		for class, name := range names {
			all.ask(budget.With(t.Context(), budget.Class(class)), b, 50, name, acme, onePresence)
			synctest.Wait()
		}
		all.group.Wait()
		var met []string
		for _, name := range all.order[300:] {
			if len(met) == 0 || met[len(met)-1] != name {
				met = append(met, name)
			}
		}
		if diff := cmp.Diff([]string{"click", "confirmation", "poll", "background"}, met); diff != "" {
			t.Errorf("turns (-want +got):\n%s", diff)
		}
	})
}

func TestAClickFindsRoomHoweverMuchIsPolled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, all := newBudget(t, budget.Config{}), &crowd{}
		all.ask(budget.With(t.Context(), budget.Background), b, 1000, "background", acme, onePresence)
		all.ask(budget.With(t.Context(), budget.Poll), b, 1000, "poll", acme, onePresence)
		for range 20 {
			synctest.Wait()
			began := time.Now()
			if err := b.Wait(budget.With(t.Context(), budget.Click), acme, onePresence); err != nil || time.Since(began) != 0 {
				t.Fatalf("a click waited %s: %v", time.Since(began), err)
			}
			time.Sleep(time.Second)
		}
		all.group.Wait()
	})
}

func TestWhoComesFirstGoesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, all := newBudget(t, budget.Config{}), &crowd{}
		ctx := budget.With(t.Context(), budget.Poll)
		all.ask(ctx, b, 300, "spent", acme, onePresence)
		synctest.Wait()
		for _, name := range []string{"a", "b", "c"} {
			all.ask(ctx, b, 1, name, acme, onePresence)
			synctest.Wait()
		}
		all.group.Wait()
		if diff := cmp.Diff([]string{"a", "b", "c"}, all.order[300:]); diff != "" {
			t.Errorf("turns (-want +got):\n%s", diff)
		}
	})
}

func TestAContextSaysHowUrgentItsRequestsAre(t *testing.T) {
	for ctx, want := range map[context.Context]struct {
		class    budget.Class
		priority string
	}{
		context.Background():                                                                {budget.Background, "low"},
		budget.With(context.Background(), budget.Poll):                                      {budget.Poll, "normal"},
		budget.With(context.Background(), budget.Confirmation):                              {budget.Confirmation, "high"},
		budget.With(context.Background(), budget.Click):                                     {budget.Click, "high"},
		budget.With(context.Background(), 99):                                               {budget.Click, "high"},
		budget.With(context.Background(), -1):                                               {budget.Background, "low"},
		budget.Otherwise(context.Background(), budget.Poll):                                 {budget.Poll, "normal"},
		budget.Otherwise(budget.With(context.Background(), budget.Background), budget.Poll): {budget.Background, "low"},
	} {
		if got := budget.ClassOf(ctx); got != want.class || got.Priority() != want.priority {
			t.Errorf("%s with priority %s, want %s with %s", got, got.Priority(), want.class, want.priority)
		}
	}
}

func TestNobodyWaitsInVain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, all := newBudget(t, budget.Config{}), &crowd{}
		all.ask(budget.With(t.Context(), budget.Click), b, 300+40*10, "before", acme, onePresence)
		synctest.Wait()
		ctx, cancel := context.WithTimeout(budget.With(t.Context(), budget.Click), 5*time.Second)
		defer cancel()
		began := time.Now()
		err := b.Wait(ctx, acme, onePresence)
		refused, ok := errors.AsType[*budget.LimitError](err)
		if !ok || refused.Asked || time.Since(began) != 0 {
			t.Fatalf("%v after %s, want a refusal at once", err, time.Since(began))
		}
		if refused.RetryAfter < 9*time.Second || refused.RetryAfter > 11*time.Second {
			t.Errorf("%s, want to come back when the queue is through", refused)
		}
		time.Sleep(refused.RetryAfter)
		if err := b.Wait(ctx, acme, onePresence); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("with an ended context: %v", err)
		}
		all.group.Wait()
	})
}

func TestWhoLeavesTakesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, all := newBudget(t, budget.Config{}), &crowd{}
		click := budget.With(t.Context(), budget.Click)
		all.ask(click, b, 300, "before", acme, onePresence)
		synctest.Wait()
		ctx, cancel := context.WithCancel(click)
		left := make(chan error, 1)
		go func() { left <- b.Wait(ctx, acme, budget.Cost{Workload: budget.Presence, Units: 200}) }()
		synctest.Wait()
		if s := b.State(acme, budget.Presence); s.Waiting != 1 {
			t.Errorf("%d wait, want 1", s.Waiting)
		}
		cancel()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("left with %v", err)
		}
		began := time.Now()
		if err := b.Wait(click, acme, onePresence); err != nil || time.Since(began) > 30*time.Millisecond {
			t.Errorf("the next waited %s: %v", time.Since(began), err)
		}
	})
}

func TestThrottlingStopsItsWorkloadAndTenantOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, all := newBudget(t, budget.Config{}), &crowd{}
		click := budget.With(t.Context(), budget.Click)
		all.ask(click, b, 300, "before", acme, onePresence)
		synctest.Wait()
		waiting := make(chan error, 1)
		go func() { waiting <- b.Wait(click, acme, onePresence) }()
		synctest.Wait()

		began := time.Now()
		b.Learn(acme, onePresence, 429, header("Retry-After", "20"))
		refused, ok := errors.AsType[*budget.LimitError](<-waiting)
		if !ok || !refused.Asked || refused.RetryAfter != 20*time.Second {
			t.Errorf("who waited got %v, want to hear it at once", refused)
		}
		time.Sleep(5 * time.Second)
		if refused, _ := errors.AsType[*budget.LimitError](b.Wait(click, acme, onePresence)); refused == nil || refused.RetryAfter != 15*time.Second {
			t.Errorf("after 5 s: %v", refused)
		}
		if n := b.Spare(acme, budget.Presence, budget.Click); n != 0 {
			t.Errorf("%d spare while throttled", n)
		}
		want := []budget.State{
			{Workload: budget.Presence, Throttled: true, Since: began, Until: began.Add(20 * time.Second), Pace: 0.5},
			{Workload: budget.Directory, Pace: 1},
		}
		got := []budget.State{b.State(acme, budget.Presence), b.State(acme, budget.Directory)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("State (-want +got):\n%s", diff)
		}
		for what, err := range map[string]error{
			"another workload": b.Wait(click, acme, oneUnit), "another tenant": b.Wait(click, other, onePresence),
		} {
			if err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}

		time.Sleep(15 * time.Second)
		if s := b.State(acme, budget.Presence); s.Throttled || s.Pace != 0.5 {
			t.Errorf("when the time is over: %+v, want half the pace", s)
		}
		if err := b.Wait(click, acme, onePresence); err != nil {
			t.Errorf("when the time is over: %v", err)
		}
		time.Sleep(30 * time.Second)
		if s := b.State(acme, budget.Presence); s.Pace != 1 {
			t.Errorf("a window later: %+v, want the usual pace", s)
		}
	})
}

func TestThrottlingWithoutRetryAfterBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBudget(t, budget.Config{})
		var pauses []time.Duration
		for range 8 {
			b.Learn(acme, oneUnit, 429, nil)
			b.Learn(acme, oneUnit, 429, nil) // an answer to what was sent at the same time
			s := b.State(acme, budget.Directory)
			pauses = append(pauses, time.Until(s.Until))
			time.Sleep(time.Until(s.Until))
		}
		s := time.Second
		if diff := cmp.Diff([]time.Duration{s, 2 * s, 4 * s, 8 * s, 16 * s, 32 * s, 60 * s, 60 * s}, pauses); diff != "" {
			t.Errorf("pauses (-want +got):\n%s", diff)
		}
		if s := b.State(acme, budget.Directory); s.Pace != 1.0/8 {
			t.Errorf("%+v, want the slowest pace", s)
		}
		b.Learn(acme, oneUnit, 200, nil)
		b.Learn(acme, oneUnit, 429, nil)
		if until := b.State(acme, budget.Directory).Until; time.Until(until) != s {
			t.Errorf("after a success the pause is %s, want it to begin anew", time.Until(until))
		}
	})
}

func TestTenantsTakeTurnsWhereTheLimitOverAllIsShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// One tenant of a hundred thousand and many small ones: 150,000 units
		// over all tenants in 20 s are less than each could take.
		b, all := newBudget(t, budget.Config{DirectoryUnits: 1_000_000}), &crowd{}
		all.ask(t.Context(), b, 2000, "large", acme, budget.Cost{Workload: budget.Directory, Units: 100})
		synctest.Wait()
		all.ask(t.Context(), b, 20, "small", other, budget.Cost{Workload: budget.Directory, Units: 100})
		synctest.Wait()
		before := all.count()
		time.Sleep(time.Second)
		if had := all.first(before+41, "small"); had != 20 {
			t.Errorf("%d of 20 small ones had their turn among the next 41, want every second", had)
		}
		all.group.Wait()
	})
}

func TestALargerTenantHasMore(t *testing.T) {
	for people, want := range map[int]int{0: 700, 49: 700, 50: 1000, 500: 1000, 501: 1600, 1_000_000: 1600} {
		// A fifth of the limit may be saved up; a new account begins with the
		// smallest tenant's.
		synctest.Test(t, func(t *testing.T) {
			b := newBudget(t, budget.Config{})
			b.SetPeople(acme, people)
			time.Sleep(time.Minute)
			if got := b.Spare(acme, budget.Directory, budget.Click); got != want {
				t.Errorf("%d people: %d units at once, want %d", people, got, want)
			}
		})
	}
	b := newBudget(t, budget.Config{DirectoryUnits: 500})
	b.SetPeople(acme, 10_000)
	if got := b.Spare(acme, budget.Directory, budget.Click); got != 100 {
		t.Errorf("%d units at once, want what the operator has set", got)
	}
}

func TestSpareLeavesTheReserves(t *testing.T) {
	b := newBudget(t, budget.Config{})
	for class, want := range map[budget.Class]int{budget.Click: 300, budget.Confirmation: 270, budget.Poll: 225, budget.Background: 150} {
		if got := b.Spare(acme, budget.Presence, class); got != want {
			t.Errorf("%s: %d, want %d", class, got, want)
		}
	}
}

func TestConfigNamesEveryWrongField(t *testing.T) {
	cfg := budget.Config{PresenceRequests: -1, DirectoryUnits: 49}
	want := "presence_requests: must be at least 50, or 0 for what Microsoft documents\n" +
		"directory_units: must be at least 50, or 0 for what Microsoft documents"
	if err := cfg.Validate(); err == nil || err.Error() != want {
		t.Errorf("Validate: %v", err)
	}
	if _, err := budget.New(cfg, nil); err == nil {
		t.Error("New takes a wrong configuration")
	}
}

func TestMetricsTellWaitsAndRefusals(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	b, err := budget.New(budget.Config{}, registry)
	if err != nil {
		t.Fatal(err)
	}
	b.Learn(acme, onePresence, 429, header("Retry-After", "60"))
	if err := b.Wait(budget.With(t.Context(), budget.Poll), acme, onePresence); err == nil {
		t.Fatal("sent while Graph had asked to wait")
	}
	want := `
		# HELP teamsbridge_graph_budget_refused_total Requests to Graph that were not sent: Graph had asked to wait (asked), or their turn would have come too late (late).
		# TYPE teamsbridge_graph_budget_refused_total counter
		teamsbridge_graph_budget_refused_total{class="poll",why="asked",workload="presence"} 1
	`
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want), "teamsbridge_graph_budget_refused_total"); err != nil {
		t.Error(err)
	}
	if _, err := budget.New(budget.Config{}, registry); err == nil {
		t.Error("the same metrics are registered twice without an error")
	}
}
