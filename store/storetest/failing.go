package storetest

import (
	"errors"
	"testing"
	"time"

	"teamsbridge/consult"
)

// Hand breaks a store, so that appends fail from now on, or mends it.
type Hand func(broken bool)

// RunFailing holds a store to what it owes while its appends fail: nothing is
// half done, and once it works again it goes on. newStore gives every check a
// fresh store and the hand that breaks it, in the middle of an append if it can.
func RunFailing(t *testing.T, newStore func(*testing.T) (consult.Store, Hand)) {
	t.Helper()
	for _, c := range failingContract {
		t.Run(c.name, func(t *testing.T) {
			s, hand := newStore(t)
			c.check(t, s, hand)
		})
	}
}

var failingContract = []struct {
	name  string
	check func(*testing.T, consult.Store, Hand)
}{
	{"a failed first step leaves no interaction", func(t *testing.T, s consult.Store, hand Hand) {
		failAppend(t, s, hand, record("i-1", 1))
		wantUnknown(t, s, tenant, "i-1")
		live, err := s.Live(t.Context())
		wantIDs(t, "Live", live, err)
		if _, err := s.History(t.Context(), tenant, "i-1"); !errors.Is(err, consult.ErrNotFound) {
			t.Errorf("History: %v, want ErrNotFound", err)
		}
	}},
	{"a failed later step leaves the interaction and its journal as they were", func(t *testing.T, s consult.Store, hand Hand) {
		appendAll(t, s, record("i-1", 1), record("i-1", 2))
		failAppend(t, s, hand, record("i-1", 3))
		wantAt(t, s, record("i-1", 2))
		entries, err := s.History(t.Context(), tenant, "i-1")
		wantLines(t, "History", entries, err, `{"entry":1}`, `{"entry":2}`)
		inputs, err := s.Inputs(t.Context(), tenant, "i-1")
		wantLines(t, "Inputs", inputs, err, `{"input":1}`, `{"input":2}`)
	}},
	{"a failed step takes no key", func(t *testing.T, s consult.Store, hand Hand) {
		appendAll(t, s, record("i-1", 1))
		failAppend(t, s, hand, claiming("i-1", 2, "k", day))
		wantFree(t, s, "k", day)
	}},
	{"a failed step leaves an old key's answer", func(t *testing.T, s consult.Store, hand Hand) {
		appendAll(t, s, claiming("i-1", 1, "k", day))
		if err := s.Answered(t.Context(), scope, "k", []byte(`{}`)); err != nil {
			t.Fatalf("Answered: %v", err)
		}
		failAppend(t, s, hand, claiming("i-1", 2, "k", day.Add(48*time.Hour)))
		if o := wantTaken(t, s, "k", day); !o.Done || o.Version != 1 {
			t.Fatalf("Claimed = %+v, want the first step's answer", o)
		}
	}},
	{"a failed last step ends nothing", func(t *testing.T, s consult.Store, hand Hand) {
		appendAll(t, s, record("i-1", 1))
		failAppend(t, s, hand, ended("i-1", 2, day, "anja"))
		wantAt(t, s, record("i-1", 1))
		got, err := s.Owned(t.Context(), tenant, "anja", 10)
		wantIDs(t, "Owned", got, err)
	}},
	{"a step that failed is written when it comes again", func(t *testing.T, s consult.Store, hand Hand) {
		appendAll(t, s, record("i-1", 1))
		failAppend(t, s, hand, claiming("i-1", 2, "k", day))
		appendAll(t, s, claiming("i-1", 2, "k", day))
		wantAt(t, s, record("i-1", 2))
		entries, err := s.History(t.Context(), tenant, "i-1")
		wantLines(t, "History", entries, err, `{"entry":1}`, `{"entry":2}`)
	}},
}

// failAppend demands that the append fails, as a failure and not as a refusal,
// and mends the store.
func failAppend(t *testing.T, s consult.Store, hand Hand, r consult.Record) {
	t.Helper()
	hand(true)
	err := s.Append(t.Context(), r)
	hand(false)
	if err == nil || errors.Is(err, consult.ErrVersion) || errors.Is(err, consult.ErrKeyTaken) {
		t.Fatalf("Append to a broken store: %v, want its failure", err)
	}
}
