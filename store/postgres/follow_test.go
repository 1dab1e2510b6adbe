package postgres_test

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"sync"
	"testing"
	"time"

	"teamsbridge/consult"
	"teamsbridge/store/postgres"
	"teamsbridge/store/postgres/pgtest"
)

// made is an empty database, about which everything is told.
func made(t *testing.T) (dsn string) {
	t.Helper()
	dsn = pgtest.Schema(t)
	s, err := postgres.Open(t.Context(), dsn, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dsn
}

// teller is a store that tells of nothing but its own steps.
func teller(t *testing.T, dsn string) *postgres.Store {
	t.Helper()
	return openWith(t, dsn, postgres.Options{Existing: true})
}

// follower hears what is told in a database.
type follower struct {
	told chan postgres.Told
	log  said
}

// follow returns once somebody listens. It looks for itself every catchUp.
func follow(t *testing.T, dsn string, catchUp time.Duration) follower {
	t.Helper()
	f := follower{told: make(chan postgres.Told, 10_000), log: make(said, 100)}
	s := openWith(t, dsn, postgres.Options{Existing: true, Logger: slog.New(slog.NewTextHandler(f.log, nil))})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Follow(ctx, catchUp, func(told postgres.Told) { f.told <- told })
	}()
	t.Cleanup(func() { stop(); <-ended })
	f.hearsEverywhere(t)
	return f
}

func (f follower) next(t *testing.T) postgres.Told {
	t.Helper()
	select {
	case told := <-f.told:
		return told
	case <-t.Context().Done():
		t.Fatal("nothing was told")
		return postgres.Told{}
	}
}

func (f follower) hearsEverywhere(t *testing.T) {
	t.Helper()
	if told := f.next(t); !told.Everywhere {
		t.Fatalf("told %v, want everywhere", told)
	}
}

// hears demands that nothing but this version is told next.
func (f follower) hears(t *testing.T, id consult.InteractionID, version uint64) {
	t.Helper()
	want := postgres.Told{Tenant: "t", Versions: map[consult.InteractionID]uint64{id: version}}
	if told := f.next(t); !reflect.DeepEqual(told, want) {
		t.Fatalf("told %v, want %v", told, want)
	}
}

func TestAFollowerHearsOfWhatIsOnDisk(t *testing.T) {
	dsn := made(t)
	s := teller(t, dsn)
	f := follow(t, dsn, 0)
	open(t, pgtest.Schema(t)) // tells in another schema
	for version := uint64(1); version <= 3; version++ {
		if err := s.Append(t.Context(), step("i-1", version)); err != nil {
			t.Fatal(err)
		}
		f.hears(t, "i-1", version)
		if stored, err := s.Interaction(t.Context(), "t", "i-1"); err != nil || stored.Version < version {
			t.Errorf("told of version %d, stored is %d, %v", version, stored.Version, err)
		}
	}
}

func TestABurstIsToldInFewNotifications(t *testing.T) {
	dsn := made(t)
	s := teller(t, dsn)
	f := follow(t, dsn, 0)
	const writers, steps = 16, 25
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for version := uint64(1); version <= steps; version++ {
				if err := s.Append(t.Context(), step(consult.InteractionID(fmt.Sprint("i-", w)), version)); err != nil {
					t.Errorf("Append: %v", err)
					return
				}
			}
		})
	}
	all.Wait()
	last, heard := make(map[consult.InteractionID]uint64), 0
	for done := 0; done < writers; {
		told := f.next(t)
		if heard++; told.Everywhere { // the server was slow: whoever looks now finds every step
			break
		}
		for id, version := range told.Versions {
			if last[id] = max(last[id], version); version == steps {
				done++
			}
		}
	}
	if heard > writers*steps/4 {
		t.Errorf("%d notifications for %d steps", heard, writers*steps)
	}
}

func TestAFollowerWhoseConnectionWasLostComesBackAndLooksEverywhere(t *testing.T) {
	dsn := made(t)
	s := teller(t, dsn)
	f := follow(t, dsn, 0)
	execute(t, dsn, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE query = 'LISTEN "teamsbridge.' || current_schema() || '"'`)
	f.log.wait(t, "interrupted")
	f.hearsEverywhere(t)
	if err := s.Append(t.Context(), step("i-1", 1)); err != nil {
		t.Fatal(err)
	}
	f.hears(t, "i-1", 1)
}

// What was committed by a store that ended before it could tell.
func TestAFollowerLooksEverywhereNowAndThen(t *testing.T) {
	dsn := made(t)
	f := follow(t, dsn, time.Millisecond)
	for range 3 {
		f.hearsEverywhere(t)
	}
}

func TestAStoreThatOpensTellsForTheOneBeforeIt(t *testing.T) {
	dsn := made(t)
	f := follow(t, dsn, 0)
	open(t, dsn)
	f.hearsEverywhere(t)
}

func TestWhatOthersNotifyMeansEverywhere(t *testing.T) {
	dsn := made(t)
	f := follow(t, dsn, 0)
	execute(t, dsn, `SELECT pg_notify('teamsbridge.' || current_schema(), 'nonsense')`)
	f.hearsEverywhere(t)
}
