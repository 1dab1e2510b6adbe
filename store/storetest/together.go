package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"teamsbridge/consult"
	"teamsbridge/store"
)

// Stores write steps together that come together. Nobody may notice.
var togetherContract = []check{
	{"of steps that come at once each is refused for its own reasons only", func(t *testing.T, s consult.Store) {
		const each = 12
		var first, at []consult.Record
		var want []error
		add := func(r consult.Record, refused error) { at, want = append(at, r), append(want, refused) }
		for n := range each {
			id := func(kind string) consult.InteractionID { return consult.InteractionID(fmt.Sprintf("%s-%d", kind, n)) }
			for _, kind := range []string{"next", "late", "early", "keyed", "taken", "ends"} {
				first = append(first, record(id(kind), 1))
			}
			first[len(first)-2] = claiming(id("taken"), 1, string(id("taken")), day)
			add(record(id("new"), 1), nil)
			add(record(id("next"), 2), nil)
			add(record(id("late"), 1), consult.ErrVersion)
			add(record(id("early"), 3), consult.ErrVersion)
			add(claiming(id("keyed"), 2, string(id("keyed")), day), nil)
			add(claiming(id("taken"), 2, string(id("taken")), day.Add(store.KeyLife-time.Millisecond)), consult.ErrKeyTaken)
			add(ended(id("ends"), 2, day, "anja", string(id("owner"))), nil)
		}
		appendAll(t, s, first...)
		got := make([]error, len(at))
		var writers sync.WaitGroup
		for i, r := range at {
			writers.Go(func() { got[i] = s.Append(t.Context(), r) })
		}
		writers.Wait()
		for i, r := range at {
			if !errors.Is(got[i], want[i]) {
				t.Errorf("Append(%s, %d): %v, want %v", r.Interaction, r.Version, got[i], want[i])
			}
			if want[i] == nil {
				wantAt(t, s, r)
			} else {
				wantAt(t, s, record(r.Interaction, 1))
			}
		}
		for n := range each {
			wantTaken(t, s, fmt.Sprint("keyed-", n), day)
			owned, err := s.Owned(t.Context(), tenant, fmt.Sprint("owner-", n), 0)
			wantIDs(t, "Owned", owned, err, consult.InteractionID(fmt.Sprint("ends-", n)))
		}
	}},
}
