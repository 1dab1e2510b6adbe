package store_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"teamsbridge/audit"
	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
	"teamsbridge/graph"
	"teamsbridge/store"
	"teamsbridge/store/storetest"
)

const (
	keep       = 90 * 24 * time.Hour
	keepRecent = 30 * 24 * time.Hour
	keepNotes  = 30 * 24 * time.Hour
	keepAudit  = 365 * 24 * time.Hour
)

// fill keeps interactions that ended so long ago, each with a key.
func fill(t *testing.T, m *storetest.Memory, count int, ago time.Duration) {
	t.Helper()
	at := time.Now().Add(-ago)
	for n := range count {
		name := fmt.Sprintf("%s-%d", ago, n)
		if err := m.Append(t.Context(), consult.Record{
			Interaction: consult.InteractionID(name), Tenant: "t", Version: 1, At: at,
			Claim: &consult.Claim{Scope: "anja", Key: name, At: at},
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func left(t *testing.T, m *storetest.Memory) int {
	t.Helper()
	ended, err := m.Owned(t.Context(), "t", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	return len(ended)
}

func newSweeper(m *storetest.Memory, keep time.Duration) (*store.Sweeper, *prometheus.Registry) {
	registry := prometheus.NewRegistry()
	return store.NewSweeper(m, store.Keep{Interactions: keep, Notes: keepNotes, Recents: keepRecent, Audit: keepAudit}, slog.New(slog.DiscardHandler), registry), registry
}

func TestASweepDeletesAllThatIsOldEnough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m storetest.Memory
		fill(t, &m, 120, keep+time.Second) // more than two batches
		fill(t, &m, 3, keep-time.Second)
		fill(t, &m, 2, store.KeyLife-time.Second)
		for n, ago := range []time.Duration{keepRecent + time.Second, keepRecent, 0} {
			if err := m.AddRecent(t.Context(), "t", "anja", graph.UserID(fmt.Sprint(n)), time.Now().Add(-ago), 50); err != nil {
				t.Fatal(err)
			}
		}
		for _, ago := range []time.Duration{store.KeyLife + time.Second, store.KeyLife, 0} {
			r := reserve.Reservation{ID: ago.String(), Tenant: "t", State: reserve.Expired, Since: time.Now().Add(-ago)}
			if err := m.AddReservation(t.Context(), r, time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		for _, ago := range []time.Duration{keepAudit + time.Hour, keepAudit, 0} {
			if _, err := m.AppendAudit(t.Context(), []audit.Event{{At: time.Now().Add(-ago), Tenant: "t"}}); err != nil {
				t.Fatal(err)
			}
		}
		sweeper, registry := newSweeper(&m, keep)
		if err := sweeper.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := left(t, &m); n != 5 {
			t.Errorf("%d interactions are left, want 5", n)
		}
		if recents, err := m.Recents(t.Context(), "t", "anja"); len(recents) != 2 || err != nil {
			t.Errorf("consulted experts left: %q, %v; want the two later ones", recents, err)
		}
		if err := testutil.GatherAndCompare(registry, strings.NewReader(`
# HELP teamsbridge_store_deleted_total What was deleted because it was old enough, by kind: rows, or interactions whose notes are gone.
# TYPE teamsbridge_store_deleted_total counter
teamsbridge_store_deleted_total{kind="audit"} 1
teamsbridge_store_deleted_total{kind="interaction"} 120
teamsbridge_store_deleted_total{kind="key"} 123
teamsbridge_store_deleted_total{kind="note"} 3
teamsbridge_store_deleted_total{kind="recent"} 1
teamsbridge_store_deleted_total{kind="reservation"} 1
`)); err != nil {
			t.Error(err)
		}
	})
}

func TestKeepingForEverDeletesKeysOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m storetest.Memory
		fill(t, &m, 3, 10*keep)
		sweeper, _ := newSweeper(&m, 0)
		if err := sweeper.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := left(t, &m); n != 3 {
			t.Errorf("%d interactions are left, want all 3", n)
		}
		if n, err := m.DeleteClaims(t.Context(), time.Now(), 10); n != 0 || err != nil {
			t.Errorf("%d keys were left, %v; want none", n, err)
		}
	})
}

func TestASweeperSweepsAtStartAndEveryHourWhateverFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m storetest.Memory
		fill(t, &m, 1, keep+time.Second)
		fill(t, &m, 1, keep-90*time.Minute)
		sweeper, _ := newSweeper(&m, keep)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- sweeper.Run(ctx) }()
		for _, step := range []struct {
			wait time.Duration
			fail error
			want int
		}{
			{0, nil, 1},
			{59 * time.Minute, nil, 1},
			{2 * time.Minute, errors.New("disk full"), 1},
			{time.Hour, nil, 0},
		} {
			m.Fail(func(op string) error {
				if strings.HasPrefix(op, "Delete") {
					return step.fail
				}
				return nil
			})
			time.Sleep(step.wait) // synctest's clock: no time passes
			synctest.Wait()
			if n := left(t, &m); n != step.want {
				t.Errorf("%v later %d interactions are left, want %d", step.wait, n, step.want)
			}
		}
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}
