package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"teamsbridge/consult"
)

var journalContract = []check{
	{"a step comes back as it was appended", func(t *testing.T, s consult.Store) {
		r := record("i-1", 1)
		appendAll(t, s, r)
		wantAt(t, s, r)
	}},
	{"each step replaces the state and adds to the history", func(t *testing.T, s consult.Store) {
		appendAll(t, s, record("i-1", 1), record("i-1", 2), record("i-1", 3))
		wantAt(t, s, record("i-1", 3))
		entries, err := s.History(t.Context(), tenant, "i-1")
		wantLines(t, "History", entries, err, `{"entry":1}`, `{"entry":2}`, `{"entry":3}`)
		inputs, err := s.Inputs(t.Context(), tenant, "i-1")
		wantLines(t, "Inputs", inputs, err, `{"input":1}`, `{"input":2}`, `{"input":3}`)
	}},
	{"a step under a version that has passed is refused and changes nothing", func(t *testing.T, s consult.Store) {
		appendAll(t, s, record("i-1", 1), record("i-1", 2))
		late := record("i-1", 2)
		late.State, late.Entry = []byte(`{"late":true}`), []byte(`{"late":true}`)
		wantRefused(t, s, late, consult.ErrVersion)
		wantAt(t, s, record("i-1", 2))
		entries, err := s.History(t.Context(), tenant, "i-1")
		wantLines(t, "History", entries, err, `{"entry":1}`, `{"entry":2}`)
	}},
	{"a step that leaves a version out is refused", func(t *testing.T, s consult.Store) {
		appendAll(t, s, record("i-1", 1))
		wantRefused(t, s, record("i-1", 3), consult.ErrVersion)
		wantAt(t, s, record("i-1", 1))
	}},
	{"the first step of an interaction that exists is refused", func(t *testing.T, s consult.Store) {
		appendAll(t, s, record("i-1", 1))
		wantRefused(t, s, record("i-1", 1), consult.ErrVersion)
	}},
	{"a later step of an interaction that does not exist is refused", func(t *testing.T, s consult.Store) {
		wantRefused(t, s, record("i-1", 2), consult.ErrVersion)
		wantUnknown(t, s, tenant, "i-1")
	}},
	{"version zero is refused", func(t *testing.T, s consult.Store) {
		wantRefused(t, s, record("i-1", 0), consult.ErrVersion)
		wantUnknown(t, s, tenant, "i-1")
	}},
	{"the same id in two organisations is two interactions", func(t *testing.T, s consult.Store) {
		theirs := record("i-1", 1)
		theirs.Tenant, theirs.State = other, []byte(`{"theirs":true}`)
		appendAll(t, s, record("i-1", 1), theirs, record("i-1", 2))
		wantAt(t, s, record("i-1", 2))
		wantAt(t, s, theirs)
		entries, err := s.History(t.Context(), other, "i-1")
		wantLines(t, "History", entries, err, `{"entry":1}`)
	}},
	{"of many who append the same version one wins", func(t *testing.T, s consult.Store) {
		appendAll(t, s, record("i-1", 1))
		var winners atomic.Int32
		var writers sync.WaitGroup
		for range 32 {
			writers.Go(func() {
				switch err := s.Append(t.Context(), record("i-1", 2)); {
				case err == nil:
					winners.Add(1)
				case !errors.Is(err, consult.ErrVersion):
					t.Errorf("Append: %v, want ErrVersion", err)
				}
			})
		}
		writers.Wait()
		if got := winners.Load(); got != 1 {
			t.Fatalf("%d appended version 2, want 1", got)
		}
		entries, err := s.History(t.Context(), tenant, "i-1")
		wantLines(t, "History", entries, err, `{"entry":1}`, `{"entry":2}`)
	}},
	{"interactions that are written at the same time do not disturb one another", func(t *testing.T, s consult.Store) {
		var writers sync.WaitGroup
		for n := range 16 {
			id := consult.InteractionID(fmt.Sprintf("i-%d", n))
			writers.Go(func() {
				for version := uint64(1); version <= 20; version++ {
					if err := s.Append(t.Context(), record(id, version)); err != nil {
						t.Errorf("Append(%s, %d): %v", id, version, err)
						return
					}
					if stale := s.Append(t.Context(), record(id, version)); !errors.Is(stale, consult.ErrVersion) {
						t.Errorf("stale Append(%s, %d): %v, want ErrVersion", id, version, stale)
					}
				}
			})
		}
		writers.Wait()
		for n := range 16 {
			wantAt(t, s, record(consult.InteractionID(fmt.Sprintf("i-%d", n)), 20))
		}
	}},
	{"a step whose caller has given up before is not written", func(t *testing.T, s consult.Store) {
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.Append(gone, record("i-1", 1)); !errors.Is(err, context.Canceled) {
			t.Fatalf("Append: %v, want context.Canceled", err)
		}
		wantUnknown(t, s, tenant, "i-1")
	}},
}

func wantUnknown(t *testing.T, s consult.Store, tenant string, id consult.InteractionID) {
	t.Helper()
	if _, err := s.Interaction(t.Context(), tenant, id); !errors.Is(err, consult.ErrNotFound) {
		t.Fatalf("Interaction(%s): %v, want ErrNotFound", id, err)
	}
}
