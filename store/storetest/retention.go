package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"teamsbridge/consult"
	"teamsbridge/store"
)

// Forgetting is a journal that can forget.
type Forgetting interface {
	consult.Store
	store.Retention
}

// RunRetention holds a store to the contract of forgetting; newStore gives
// every check a fresh, empty one.
func RunRetention(t *testing.T, newStore func(*testing.T) Forgetting) {
	t.Helper()
	for _, c := range slices.Concat(retentionContract, notesContract) {
		t.Run(c.name, func(t *testing.T) { c.check(t, newStore(t)) })
	}
}

// later is after every record of these checks.
var later = day.Add(24 * time.Hour)

var retentionContract = []struct {
	name  string
	check func(*testing.T, Forgetting)
}{
	{"of an empty store nothing is deleted", func(t *testing.T, s Forgetting) {
		wantDeleted(t, s, later, 10, 0)
	}},
	{"an interaction goes with its journal and from every list", func(t *testing.T, s Forgetting) {
		appendAll(t, s, record("i-1", 1), ended("i-1", 2, day, "anja", "ben"))
		wantDeleted(t, s, later, 10, 1)
		wantUnknown(t, s, tenant, "i-1")
		if _, err := s.History(t.Context(), tenant, "i-1"); !errors.Is(err, consult.ErrNotFound) {
			t.Errorf("History: %v, want ErrNotFound", err)
		}
		if _, err := s.Inputs(t.Context(), tenant, "i-1"); !errors.Is(err, consult.ErrNotFound) {
			t.Errorf("Inputs: %v, want ErrNotFound", err)
		}
		for _, agent := range []string{"anja", "ben", ""} {
			got, err := s.Owned(t.Context(), tenant, agent, 10)
			wantIDs(t, "Owned", got, err)
		}
	}},
	{"a live interaction stays, however old", func(t *testing.T, s Forgetting) {
		appendAll(t, s, record("i-1", 1))
		wantDeleted(t, s, later, 10, 0)
		wantAt(t, s, record("i-1", 1))
	}},
	{"what ended at the time or after it stays", func(t *testing.T, s Forgetting) {
		appendAll(t, s, ended("i-1", 1, day.Add(-time.Millisecond)), ended("i-2", 1, day), ended("i-3", 1, day.Add(time.Hour)))
		wantDeleted(t, s, day, 10, 1)
		got, err := s.Owned(t.Context(), tenant, "", 10)
		wantIDs(t, "Owned", got, err, "i-3", "i-2")
		entries, err := s.History(t.Context(), tenant, "i-2")
		wantLines(t, "History", entries, err, `{"entry":1}`)
	}},
	{"the oldest go first, no more than the limit, of every organisation", func(t *testing.T, s Forgetting) {
		for n := range 5 {
			r := ended(consult.InteractionID(fmt.Sprintf("i-%d", n)), 1, day.Add(-time.Duration(n)*time.Minute))
			if n%2 == 1 {
				r.Tenant = other
			}
			appendAll(t, s, r)
		}
		wantDeleted(t, s, later, 3, 3)
		got, err := s.Owned(t.Context(), tenant, "", 10)
		wantIDs(t, "Owned", got, err, "i-0")
		got, err = s.Owned(t.Context(), other, "", 10)
		wantIDs(t, "Owned", got, err, "i-1")
		wantDeleted(t, s, later, 3, 2)
		wantDeleted(t, s, later, 3, 0)
	}},
	{"a deleted interaction's id may begin anew", func(t *testing.T, s Forgetting) {
		appendAll(t, s, ended("i-1", 1, day))
		wantDeleted(t, s, later, 10, 1)
		appendAll(t, s, record("i-1", 1))
		wantAt(t, s, record("i-1", 1))
	}},
	{"keys taken before the time are free, later ones are kept", func(t *testing.T, s Forgetting) {
		appendAll(t, s, claiming("i-1", 1, "old", day.Add(-time.Millisecond)), claiming("i-1", 2, "new", day))
		wantKeysDeleted(t, s, day, 10, 1)
		wantFree(t, s, "old", time.Time{})
		wantTaken(t, s, "new", day)
		wantAt(t, s, record("i-1", 2))
	}},
	{"no more keys than the limit are deleted at once", func(t *testing.T, s Forgetting) {
		for n := range 5 {
			appendAll(t, s, claiming("i-1", uint64(n)+1, fmt.Sprintf("k-%d", n), day))
		}
		for _, want := range []int{3, 2, 0} {
			wantKeysDeleted(t, s, later, 3, want)
		}
	}},
}

func wantDeleted(t *testing.T, s Forgetting, before time.Time, limit, want int) {
	t.Helper()
	if n, err := s.DeleteEnded(t.Context(), before, limit); n != want || err != nil {
		t.Fatalf("DeleteEnded(limit %d) = %d, %v; want %d", limit, n, err, want)
	}
}

func wantKeysDeleted(t *testing.T, s Forgetting, before time.Time, limit, want int) {
	t.Helper()
	if n, err := s.DeleteClaims(t.Context(), before, limit); n != want || err != nil {
		t.Fatalf("DeleteClaims(limit %d) = %d, %v; want %d", limit, n, err, want)
	}
}
