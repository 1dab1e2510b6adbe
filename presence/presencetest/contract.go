package presencetest

import (
	"context"
	"fmt"
	"testing"

	"teamsbridge/graph"
	"teamsbridge/presence"
)

// Rig is a Source plus hands to move the people behind it.
type Rig struct {
	presence.Source
	// Set makes a person known to the tenant's presence service, or changes
	// their presence. Sequence may be left to the service.
	Set func(tenant graph.TenantID, o presence.Observation)
}

// The organisations and people of the contract.
const (
	here  = graph.TenantID("aaaaaaaa-0000-4000-8000-000000000001")
	there = graph.TenantID("aaaaaaaa-0000-4000-8000-000000000002")
)

func person(n int) graph.UserID {
	return graph.UserID(fmt.Sprintf("bbbbbbbb-0000-4000-8000-%012d", n))
}

// Run gives every check a fresh rig that knows nobody.
func Run(t *testing.T, newRig func(*testing.T) Rig) {
	t.Helper()
	for _, c := range contract {
		t.Run(c.name, func(t *testing.T) { c.check(t, newRig(t)) })
	}
}

var contract = []struct {
	name  string
	check func(*testing.T, Rig)
}{
	{"a person is told as they are", toldAsTheyAre},
	{"the newest state is told", newestIsTold},
	{"unknown people are left out, not an error", unknownLeftOut},
	{"a full batch is one request", fullBatch},
	{"nothing crosses an organisation", nothingCrosses},
	{"an ended context ends the request", endedContext},
}

func toldAsTheyAre(t *testing.T, r Rig) {
	r.Set(here, presence.Observation{ID: person(1), Availability: "busy", Activity: "inACall", OutOfOffice: true})
	got := ask(t, r, here, person(1))[person(1)]
	if got.Availability != "busy" || got.Activity != "inACall" || !got.OutOfOffice {
		t.Errorf("got %+v", got)
	}
}

func newestIsTold(t *testing.T, r Rig) {
	r.Set(here, presence.Observation{ID: person(1), Availability: "busy", Activity: "busy", Sequence: "1"})
	before := ask(t, r, here, person(1))[person(1)]
	r.Set(here, presence.Observation{ID: person(1), Availability: "available", Activity: "available", Sequence: "2"})
	after := ask(t, r, here, person(1))[person(1)]
	if after.Availability != "available" {
		t.Errorf("after the change: %+v", after)
	}
	if before.Sequence != "" && after.Sequence != "" && after.Sequence <= before.Sequence {
		t.Errorf("sequence %q does not come after %q", after.Sequence, before.Sequence)
	}
}

func unknownLeftOut(t *testing.T, r Rig) {
	r.Set(here, presence.Observation{ID: person(1), Availability: "away", Activity: "away"})
	got := ask(t, r, here, person(2), person(1), person(3))
	if len(got) != 1 || got[person(1)].Availability != "away" {
		t.Errorf("got %+v, want the one who is known", got)
	}
}

func fullBatch(t *testing.T, r Rig) {
	ids := make([]graph.UserID, presence.MaxBatch)
	for i := range ids {
		ids[i] = person(i)
		r.Set(here, presence.Observation{ID: ids[i], Availability: "available", Activity: "available"})
	}
	if got := ask(t, r, here, ids...); len(got) != len(ids) {
		t.Errorf("%d of %d people told", len(got), len(ids))
	}
}

func nothingCrosses(t *testing.T, r Rig) {
	r.Set(there, presence.Observation{ID: person(1), Availability: "available", Activity: "available"})
	if got := ask(t, r, here, person(1)); len(got) != 0 {
		t.Errorf("another organisation's person is told: %+v", got)
	}
}

func endedContext(t *testing.T, r Rig) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := r.Presences(ctx, here, []graph.UserID{person(1)}); err == nil {
		t.Errorf("got %+v and no error", got)
	}
}

func ask(t *testing.T, r Rig, tenant graph.TenantID, ids ...graph.UserID) map[graph.UserID]presence.Observation {
	t.Helper()
	answer, err := r.Presences(t.Context(), tenant, ids)
	if err != nil {
		t.Fatalf("Presences: %v", err)
	}
	byID := map[graph.UserID]presence.Observation{}
	for _, o := range answer {
		if _, twice := byID[o.ID]; twice {
			t.Errorf("%s is told twice", o.ID)
		}
		byID[o.ID] = o
	}
	return byID
}
