package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"teamsbridge/consult"
	"teamsbridge/store"
)

const scope = "anja/POST/consult"

// claiming is a step that takes an idempotency key.
func claiming(id consult.InteractionID, version uint64, key string, at time.Time) consult.Record {
	r := record(id, version)
	r.Claim = &consult.Claim{Scope: scope, Key: key, BodyHash: fmt.Sprintf("hash of %q", key), At: at}
	return r
}

var keyContract = []check{
	{"a key that nobody took is free", func(t *testing.T, s consult.Store) {
		wantFree(t, s, "k", day)
	}},
	{"a taken key tells which step took it, and has no answer yet", func(t *testing.T, s consult.Store) {
		appendAll(t, s, record("i-1", 1), claiming("i-1", 2, "k", day))
		o := wantTaken(t, s, "k", day)
		if o.BodyHash != `hash of "k"` || o.Interaction != "i-1" || o.Version != 2 || o.Done || !o.At.Equal(day) {
			t.Fatalf("Claimed = %+v, want the step that took it", o)
		}
	}},
	{"the same key in another scope is free", func(t *testing.T, s consult.Store) {
		appendAll(t, s, claiming("i-1", 1, "k", day))
		if _, taken, err := s.Claimed(t.Context(), "ben/POST/consult", "k", day); taken || err != nil {
			t.Fatalf("Claimed = %t, %v; want free", taken, err)
		}
	}},
	{"a key is of any bytes", func(t *testing.T, s consult.Store) {
		for n, key := range []string{"\xff", "a\x00", "a\x00b", "a", "ä", ""} {
			wantFree(t, s, key, day)
			appendAll(t, s, claiming("i-1", uint64(n)+1, key, day))
			if o := wantTaken(t, s, key, day); o.Version != uint64(n)+1 {
				t.Fatalf("Claimed(%q) = %+v, want step %d", key, o, n+1)
			}
		}
	}},
	{"a key that is taken again stops the step, version right or wrong", func(t *testing.T, s consult.Store) {
		appendAll(t, s, claiming("i-1", 1, "k", day))
		wantRefused(t, s, claiming("i-1", 2, "k", day.Add(time.Hour)), consult.ErrKeyTaken)
		wantRefused(t, s, claiming("i-1", 9, "k", day.Add(time.Hour)), consult.ErrKeyTaken)
		wantRefused(t, s, claiming("i-2", 1, "k", day.Add(time.Hour)), consult.ErrKeyTaken)
		wantAt(t, s, record("i-1", 1))
		wantUnknown(t, s, tenant, "i-2")
	}},
	{"a step that is refused takes no key", func(t *testing.T, s consult.Store) {
		wantRefused(t, s, claiming("i-1", 2, "k", day), consult.ErrVersion)
		wantFree(t, s, "k", day)
		appendAll(t, s, claiming("i-1", 1, "k", day))
	}},
	{"of many who take the same key one wins", func(t *testing.T, s consult.Store) {
		var winners atomic.Int32
		var writers sync.WaitGroup
		for n := range 32 {
			writers.Go(func() {
				id := consult.InteractionID(fmt.Sprintf("i-%d", n))
				switch err := s.Append(t.Context(), claiming(id, 1, "k", day)); {
				case err == nil:
					winners.Add(1)
				case !errors.Is(err, consult.ErrKeyTaken):
					t.Errorf("Append: %v, want ErrKeyTaken", err)
				}
			})
		}
		writers.Wait()
		if got := winners.Load(); got != 1 {
			t.Fatalf("%d took the key, want 1", got)
		}
		live, err := s.Live(t.Context())
		if err != nil || len(live) != 1 {
			t.Fatalf("Live = %d interactions, %v; want the winner's", len(live), err)
		}
	}},
	{"the first answer to a key is kept", func(t *testing.T, s consult.Store) {
		appendAll(t, s, claiming("i-1", 1, "k", day))
		for _, answer := range []string{`{"first":true}`, `{"second":true}`} {
			if err := s.Answered(t.Context(), scope, "k", []byte(answer)); err != nil {
				t.Fatalf("Answered: %v", err)
			}
		}
		if o := wantTaken(t, s, "k", day); !o.Done || string(o.Answer) != `{"first":true}` {
			t.Fatalf("Claimed = %+v, want the first answer", o)
		}
	}},
	{"an answer to a key that nobody took is an error", func(t *testing.T, s consult.Store) {
		if err := s.Answered(t.Context(), scope, "k", []byte(`{}`)); err == nil {
			t.Fatal("Answered: no error, want one")
		}
		wantFree(t, s, "k", day)
	}},
	{"a key is free again after a day", func(t *testing.T, s consult.Store) {
		appendAll(t, s, claiming("i-1", 1, "k", day))
		if err := s.Answered(t.Context(), scope, "k", []byte(`{"old":true}`)); err != nil {
			t.Fatalf("Answered: %v", err)
		}
		wantRefused(t, s, claiming("i-1", 2, "k", day.Add(store.KeyLife-time.Millisecond)), consult.ErrKeyTaken)
		wantFree(t, s, "k", day.Add(time.Millisecond))
		appendAll(t, s, claiming("i-1", 2, "k", day.Add(store.KeyLife)))
		if o := wantTaken(t, s, "k", day.Add(store.KeyLife)); o.Version != 2 || o.Done || len(o.Answer) > 0 {
			t.Fatalf("Claimed = %+v, want the new step without the old answer", o)
		}
	}},
}

func wantFree(t *testing.T, s consult.Store, key string, since time.Time) {
	t.Helper()
	if o, taken, err := s.Claimed(t.Context(), scope, key, since); taken || err != nil {
		t.Fatalf("Claimed(%s) = %+v, %t, %v; want free", key, o, taken, err)
	}
}

func wantTaken(t *testing.T, s consult.Store, key string, since time.Time) consult.Outcome {
	t.Helper()
	o, taken, err := s.Claimed(t.Context(), scope, key, since)
	if !taken || err != nil {
		t.Fatalf("Claimed(%s) = %t, %v; want taken", key, taken, err)
	}
	return o
}
