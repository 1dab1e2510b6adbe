package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"teamsbridge/consult"
)

// Filled is what Fill put into a store.
type Filled struct{ records []consult.Record }

// Fill gives a store so many interactions of a few steps each, with keys, half
// of them ended, and an agent's state.
func Fill(t *testing.T, s consult.Store, interactions int) Filled {
	t.Helper()
	var f Filled
	for n := range interactions {
		id := consult.InteractionID(fmt.Sprintf("kept-%d", n))
		last := claiming(id, 3, string(id), day)
		last.Live = n%2 == 0
		f.records = append(f.records, record(id, 1), record(id, 2), last)
	}
	appendAll(t, s, f.records...)
	if err := s.PutAgentState(t.Context(), tenant, "anja", consult.AgentStatus{Name: consult.StateIdle, Since: day}); err != nil {
		t.Fatal(err)
	}
	return f
}

// WantFilled demands that all that Fill gave a store is in this one, and that
// every interaction in it has a whole journal.
func WantFilled(t *testing.T, s consult.Store, f Filled) {
	t.Helper()
	for _, r := range f.records {
		inputs, err := s.Inputs(t.Context(), r.Tenant, r.Interaction)
		if err != nil || len(inputs) != 3 || !bytes.Equal(inputs[r.Version-1], r.Input) {
			t.Fatalf("Inputs(%s) = %q, %v; want %q at %d", r.Interaction, inputs, err, r.Input, r.Version)
		}
		if r.Claim == nil {
			continue
		}
		wantAt(t, s, r)
		if o := wantTaken(t, s, r.Claim.Key, day); o.Interaction != r.Interaction || o.Version != r.Version {
			t.Fatalf("Claimed(%s) = %+v", r.Claim.Key, o)
		}
	}
	if states, err := s.AgentStates(t.Context()); err != nil || len(states) != 1 {
		t.Fatalf("AgentStates = %+v, %v; want one", states, err)
	}
	live, err := s.Live(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range live {
		if inputs, err := s.Inputs(t.Context(), one.Tenant, one.Interaction); err != nil || uint64(len(inputs)) != one.Version {
			t.Fatalf("%s has version %d and %d steps, %v", one.Interaction, one.Version, len(inputs), err)
		}
	}
}

// While does something in the middle of writers' work.
func While(t *testing.T, s consult.Store, do func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	const several = 4
	begun := make(chan struct{}, several)
	for w := range several {
		id := consult.InteractionID(fmt.Sprintf("under-way-%d", w))
		writers.Go(func() {
			for version := uint64(1); ; version++ {
				switch err := s.Append(ctx, record(id, version)); {
				case errors.Is(err, context.Canceled):
					return
				case err != nil:
					t.Errorf("Append(%s, %d): %v", id, version, err)
					return
				}
				if version == 10 {
					begun <- struct{}{}
				}
			}
		})
	}
	<-begun
	defer writers.Wait()
	defer stop()
	do()
}
