package consult_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"teamsbridge/consult"
)

func TestOneDamagedInteractionIsSetApartAndTheOthersGoOn(t *testing.T) {
	w := newWorld(t)
	whole := w.consulting(theExpert)
	w.stop()
	broken := consult.Record{Interaction: "broken", Tenant: tenant, Version: 1, Live: true, State: []byte(`{"id":`), Input: []byte(`{}`), Entry: []byte(`{}`)}
	if err := w.store.Append(t.Context(), broken); err != nil {
		t.Fatal(err)
	}
	w.start()
	if got := w.engine.Damaged(); !slices.Equal(got, []consult.InteractionID{"broken"}) {
		t.Errorf("Damaged = %v", got)
	}
	w.phase("anja", whole, consult.PhaseConsulting)
	stored, err := w.store.Interaction(t.Context(), tenant, "broken")
	if err != nil || stored.Version != 1 || string(stored.State) != `{"id":` {
		t.Errorf("the damaged interaction is now %+v, %v", stored, err)
	}
}

func TestAStateThatDoesNotBelongToItsRowIsDamaged(t *testing.T) {
	good := consult.Stored{
		Interaction: "i", Tenant: "t", Version: 3, Live: true,
		State: []byte(`{"id":"i","tenant":"t","version":3,"phase":"held"}`),
	}
	if s, err := good.Decode(); err != nil || s.Phase != consult.PhaseHeld {
		t.Fatalf("Decode = %+v, %v", s, err)
	}
	for _, c := range []struct {
		name, old, new string
	}{
		{"cut off", `"held"}`, `"he`},
		{"of another interaction", `"id":"i"`, `"id":"j"`},
		{"of another organisation", `"tenant":"t"`, `"tenant":"u"`},
		{"of another version", `"version":3`, `"version":2`},
		{"in an unknown phase", `"held"`, `"parked"`},
		{"ended, but listed as live", `"held"`, `"ended"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			stored := good
			stored.State = []byte(strings.Replace(string(good.State), c.old, c.new, 1))
			_, err := stored.Decode()
			if damaged, ok := errors.AsType[*consult.DamagedError](err); !ok || damaged.Interaction != "i" {
				t.Errorf("Decode: %v, want *DamagedError", err)
			}
		})
	}
}

func TestReplayingTheJournalGivesTheKeptState(t *testing.T) {
	w := newWorld(t)
	id := w.consulting(theExpert)
	w.ok("anja", id, consult.ActionResume)
	stored := must(w.store.Interaction(t.Context(), tenant, id))(t)
	inputs := must(w.store.Inputs(t.Context(), tenant, id))(t)
	replayed := must(consult.Replay(w.cfg, inputs))(t)
	if got := must(json.Marshal(replayed))(t); string(got) != string(stored.State) {
		t.Errorf("replayed\n%s\nkept\n%s", got, stored.State)
	}
	if _, err := consult.Replay(w.cfg, inputs[1:]); err == nil {
		t.Error("a journal without its beginning was replayed")
	}
}
