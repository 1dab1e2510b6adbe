package storetest

import (
	"errors"
	"testing"

	"teamsbridge/consult"
)

// DiscarderStore is a journal that interactions can be taken out of.
type DiscarderStore interface {
	consult.Store
	consult.Discarder
}

// RunDiscarder checks that taking an interaction out takes all of it, and
// nothing else.
func RunDiscarder(t *testing.T, newStore func(*testing.T) DiscarderStore) {
	t.Run("a discarded interaction is gone with its journal and its keys, and nothing else is", func(t *testing.T) {
		s := newStore(t)
		mine, theirs := claiming("i-1", 1, "mine", day), claiming("i-1", 1, "theirs", day)
		mine.Claim.Scope, theirs.Claim.Scope = tenant+"/anja/i-1/hold", other+"/anja/i-1/hold"
		theirs.Tenant = other
		appendAll(t, s, mine, record("i-1", 2), theirs, record("i-2", 1))
		if err := s.Discard(t.Context(), tenant, "i-1"); err != nil {
			t.Fatalf("Discard: %v", err)
		}
		wantUnknown(t, s, tenant, "i-1")
		if _, err := s.History(t.Context(), tenant, "i-1"); !errors.Is(err, consult.ErrNotFound) {
			t.Errorf("History: %v, want ErrNotFound", err)
		}
		if _, taken, err := s.Claimed(t.Context(), mine.Claim.Scope, "mine", day); taken || err != nil {
			t.Errorf("its key is taken: %t, %v", taken, err)
		}
		wantAt(t, s, record("i-2", 1))
		if _, taken, err := s.Claimed(t.Context(), theirs.Claim.Scope, "theirs", day); !taken || err != nil {
			t.Errorf("another organisation's key is taken: %t, %v; want still taken", taken, err)
		}
		live, err := s.Live(t.Context())
		if err != nil || len(live) != 2 {
			t.Errorf("Live = %+v, %v; want the other two", live, err)
		}
	})
	t.Run("an interaction that is not there cannot be discarded", func(t *testing.T) {
		s := newStore(t)
		appendAll(t, s, record("i-1", 1))
		for _, c := range []struct {
			tenant string
			id     consult.InteractionID
		}{{tenant, "i-2"}, {other, "i-1"}} {
			if err := s.Discard(t.Context(), c.tenant, c.id); !errors.Is(err, consult.ErrNotFound) {
				t.Errorf("Discard(%s, %s): %v, want ErrNotFound", c.tenant, c.id, err)
			}
		}
		wantAt(t, s, record("i-1", 1))
	})
}
