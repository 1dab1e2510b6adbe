package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"teamsbridge/consult"
)

var readContract = []check{
	{"an unknown interaction is not found", func(t *testing.T, s consult.Store) {
		wantUnknown(t, s, tenant, "nobody")
		if _, err := s.History(t.Context(), tenant, "nobody"); !errors.Is(err, consult.ErrNotFound) {
			t.Errorf("History: %v, want ErrNotFound", err)
		}
		if _, err := s.Inputs(t.Context(), tenant, "nobody"); !errors.Is(err, consult.ErrNotFound) {
			t.Errorf("Inputs: %v, want ErrNotFound", err)
		}
	}},
	{"what is no text is not found", func(t *testing.T, s consult.Store) {
		appendAll(t, s, record("i", 1))
		for _, id := range []consult.InteractionID{"i\x00", "i\xff", ""} {
			wantUnknown(t, s, tenant, id)
			if _, err := s.History(t.Context(), tenant, id); !errors.Is(err, consult.ErrNotFound) {
				t.Errorf("History(%q): %v, want ErrNotFound", id, err)
			}
		}
	}},
	{"another organisation's interaction is not found", func(t *testing.T, s consult.Store) {
		appendAll(t, s, record("i-1", 1))
		wantUnknown(t, s, other, "i-1")
		if _, err := s.History(t.Context(), other, "i-1"); !errors.Is(err, consult.ErrNotFound) {
			t.Errorf("History: %v, want ErrNotFound", err)
		}
	}},
	{"the live ones of every organisation are read back", func(t *testing.T, s consult.Store) {
		theirs := record("i-3", 1)
		theirs.Tenant = other
		appendAll(t, s, record("i-1", 1), record("i-1", 2), record("i-2", 1), ended("i-2", 2, day, "anja"), theirs)
		live, err := s.Live(t.Context())
		slices.SortFunc(live, byID)
		wantIDs(t, "Live", live, err, "i-1", "i-3")
		if live[0].Version != 2 || live[0].Tenant != tenant || live[1].Tenant != other || string(live[0].State) != string(record("i-1", 2).State) {
			t.Fatalf("Live = %+v, want the latest version with its tenant", live)
		}
	}},
	{"an agent's ended interactions are listed newest first", func(t *testing.T, s consult.Store) {
		for n, at := range []time.Duration{time.Minute, 3 * time.Minute, 2 * time.Minute} {
			id := consult.InteractionID(fmt.Sprintf("i-%d", n))
			appendAll(t, s, record(id, 1), ended(id, 2, day.Add(at), "anja"))
		}
		got, err := s.Owned(t.Context(), tenant, "anja", 10)
		wantIDs(t, "Owned", got, err, "i-1", "i-2", "i-0")
	}},
	{"interactions that ended in the same instant are listed last written first", func(t *testing.T, s consult.Store) {
		appendAll(t, s, ended("i-b", 1, day, "anja"), ended("i-a", 1, day, "anja"), ended("i-c", 1, day, "anja"))
		got, err := s.Owned(t.Context(), tenant, "anja", 10)
		wantIDs(t, "Owned", got, err, "i-c", "i-a", "i-b")
	}},
	{"whoever ever owned an ended interaction may list it", func(t *testing.T, s consult.Store) {
		appendAll(t, s, record("i-1", 1), ended("i-1", 2, day, "ben", "anja"), ended("i-2", 1, day.Add(time.Second), "ben"))
		got, err := s.Owned(t.Context(), tenant, "anja", 10)
		wantIDs(t, "Owned(anja)", got, err, "i-1")
		got, err = s.Owned(t.Context(), tenant, "ben", 10)
		wantIDs(t, "Owned(ben)", got, err, "i-2", "i-1")
		got, err = s.Owned(t.Context(), tenant, "carla", 10)
		wantIDs(t, "Owned(carla)", got, err)
	}},
	{"a live interaction is not among the ended ones", func(t *testing.T, s consult.Store) {
		appendAll(t, s, record("i-1", 1), ended("i-2", 1, day, "anja"))
		got, err := s.Owned(t.Context(), tenant, "anja", 10)
		wantIDs(t, "Owned", got, err, "i-2")
	}},
	{"no agent means the whole organisation and no other", func(t *testing.T, s consult.Store) {
		theirs := ended("i-3", 1, day, "anja")
		theirs.Tenant = other
		appendAll(t, s, ended("i-1", 1, day, "anja"), ended("i-2", 1, day.Add(time.Second)), theirs)
		got, err := s.Owned(t.Context(), tenant, "", 10)
		wantIDs(t, "Owned", got, err, "i-2", "i-1")
	}},
	{"a list is no longer than its limit, and unlimited below one", func(t *testing.T, s consult.Store) {
		for n := range 5 {
			appendAll(t, s, ended(consult.InteractionID(fmt.Sprintf("i-%d", n)), 1, day.Add(time.Duration(n)*time.Second), "anja"))
		}
		got, err := s.Owned(t.Context(), tenant, "anja", 2)
		wantIDs(t, "Owned(2)", got, err, "i-4", "i-3")
		got, err = s.Owned(t.Context(), tenant, "", 3)
		wantIDs(t, "Owned(3)", got, err, "i-4", "i-3", "i-2")
		got, err = s.Owned(t.Context(), tenant, "anja", 0)
		wantIDs(t, "Owned(0)", got, err, "i-4", "i-3", "i-2", "i-1", "i-0")
	}},
	{"an empty store has nothing", func(t *testing.T, s consult.Store) {
		live, err := s.Live(t.Context())
		wantIDs(t, "Live", live, err)
		got, err := s.Owned(t.Context(), tenant, "", 10)
		wantIDs(t, "Owned", got, err)
	}},
}

var agentContract = []check{
	{"what an agent chose is kept, the latest choice only", func(t *testing.T, s consult.Store) {
		put := func(tenant, agent string, status consult.AgentStatus) {
			t.Helper()
			if err := s.PutAgentState(t.Context(), tenant, agent, status); err != nil {
				t.Fatalf("PutAgentState: %v", err)
			}
		}
		put(tenant, "anja", consult.AgentStatus{Name: consult.StateAvailable, Since: day})
		put(tenant, "anja", consult.AgentStatus{Name: consult.StateIdle, Since: day.Add(time.Minute), Reason: "Pause für Kaffee"})
		put(other, "anja", consult.AgentStatus{Name: consult.StateAvailable, Since: day})
		states, err := s.AgentStates(t.Context())
		if err != nil || len(states) != 2 {
			t.Fatalf("AgentStates = %+v, %v; want two", states, err)
		}
		slices.SortFunc(states, func(a, b consult.StoredAgentState) int { return len(b.Status.Reason) - len(a.Status.Reason) })
		first, second := states[0], states[1]
		if first.Tenant != tenant || first.Agent != "anja" || first.Status.Name != consult.StateIdle ||
			!first.Status.Since.Equal(day.Add(time.Minute)) || first.Status.Reason != "Pause für Kaffee" {
			t.Errorf("state %+v, want the latest choice", first)
		}
		if second.Tenant != other || second.Status.Name != consult.StateAvailable || second.Status.Reason != "" {
			t.Errorf("state %+v, want the other organisation's", second)
		}
	}},
	{"before anybody chose there is no state", func(t *testing.T, s consult.Store) {
		if states, err := s.AgentStates(t.Context()); err != nil || len(states) > 0 {
			t.Fatalf("AgentStates = %+v, %v; want none", states, err)
		}
	}},
}
