package storetest

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/consult"
)

// wrote writes an ended interaction in whose three steps somebody declined with
// a note and somebody wrapped up with another, and gives its lines without them.
func wrote(t *testing.T, s Forgetting, tenant string, id consult.InteractionID, at time.Time) (states, inputs, entries []string) {
	t.Helper()
	steps := []struct{ input, state, noInput, noState string }{
		{`{"kind":"call"}`, `{"id":"x"}`, `{"kind":"call"}`, `{"id":"x"}`},
		{
			`{"kind":"decline","note":"in a <meeting>","seq":12345678901234567890}`, `{"consult":{"note":"in a <meeting>"},"id":"x"}`,
			`{"kind":"decline","seq":12345678901234567890}`, `{"consult":{},"id":"x"}`,
		},
		{
			`{"code":"solved","kind":"wrapUp","note":"wants Jürgen"}`, `{"consult":{"note":"in a <meeting>"},"wrapUps":[{"code":"solved","note":"wants Jürgen"}]}`,
			`{"code":"solved","kind":"wrapUp"}`, `{"consult":{},"wrapUps":[{"code":"solved"}]}`,
		},
	}
	for n, step := range steps {
		r := record(id, uint64(n)+1)
		if n == len(steps)-1 {
			r = ended(id, uint64(n)+1, at, "anja")
		}
		r.Tenant, r.Input, r.State = tenant, []byte(step.input), []byte(step.state)
		appendAll(t, s, r)
		states, inputs, entries = append(states, step.noState), append(inputs, step.noInput), append(entries, string(r.Entry))
	}
	return states, inputs, entries
}

var notesContract = []struct {
	name  string
	check func(*testing.T, Forgetting)
}{
	{"notes go from the state and from every line of the journal, and all else stays", func(t *testing.T, s Forgetting) {
		states, inputs, entries := wrote(t, s, tenant, "i-1", day)
		before, err := s.Interaction(t.Context(), tenant, "i-1")
		if err != nil {
			t.Fatal(err)
		}
		wantNotesDeleted(t, s, later, 10, 1)
		before.State = []byte(states[len(states)-1])
		after, err := s.Interaction(t.Context(), tenant, "i-1")
		if diff := cmp.Diff(before, after); diff != "" || err != nil {
			t.Errorf("the interaction (-want +got): %v\n%s", err, diff)
		}
		got, err := s.Inputs(t.Context(), tenant, "i-1")
		wantLines(t, "Inputs", got, err, inputs...)
		got, err = s.History(t.Context(), tenant, "i-1")
		wantLines(t, "History", got, err, entries...)
		owned, err := s.Owned(t.Context(), tenant, "anja", 10)
		wantIDs(t, "Owned", owned, err, "i-1")
	}},
	{"an interaction is gone through once, and again after another step", func(t *testing.T, s Forgetting) {
		wrote(t, s, tenant, "i-1", day)
		wantNotesDeleted(t, s, later, 10, 1)
		wantNotesDeleted(t, s, later, 10, 0)
		more := ended("i-1", 4, day.Add(time.Second), "anja")
		more.State = []byte(`{"wrapUps":[{"note":"late"}]}`)
		appendAll(t, s, more)
		wantNotesDeleted(t, s, later, 10, 1)
		got, err := s.Interaction(t.Context(), tenant, "i-1")
		if string(got.State) != `{"wrapUps":[{}]}` || err != nil {
			t.Errorf("state %s, %v; want no note", got.State, err)
		}
	}},
	{"notes of live interactions stay, however old, and of those that ended at the time or after it", func(t *testing.T, s Forgetting) {
		live := record("i-live", 1)
		live.State, live.Input = []byte(`{"consult":{"note":"here"}}`), []byte(`{"note":"here"}`)
		appendAll(t, s, live)
		wrote(t, s, tenant, "i-1", day)
		wantNotesDeleted(t, s, day, 10, 0)
		wantAt(t, s, live)
		wantNotesDeleted(t, s, day.Add(time.Millisecond), 10, 1)
		wantNotesDeleted(t, s, later, 10, 0)
		inputs, err := s.Inputs(t.Context(), tenant, "i-live")
		wantLines(t, "Inputs", inputs, err, `{"note":"here"}`)
	}},
	{"the oldest lose their notes first, no more than the limit, in every organisation", func(t *testing.T, s Forgetting) {
		wrote(t, s, tenant, "i-1", day)
		wrote(t, s, other, "i-1", day.Add(-time.Minute))
		wantNotesDeleted(t, s, later, 1, 1)
		if theirs, err := s.Interaction(t.Context(), other, "i-1"); err != nil || hasNote(theirs.State) {
			t.Errorf("the older one: %s, %v; want no note", theirs.State, err)
		}
		if mine, err := s.Interaction(t.Context(), tenant, "i-1"); err != nil || !hasNote(mine.State) {
			t.Errorf("the newer one: %s, %v; want its notes", mine.State, err)
		}
		wantNotesDeleted(t, s, later, 1, 1)
		wantNotesDeleted(t, s, later, 1, 0)
	}},
	{"what is no JSON is left as it is, and keeps nobody else's notes", func(t *testing.T, s Forgetting) {
		damaged := ended("i-damaged", 1, day.Add(-time.Hour))
		damaged.State = []byte(`{"note":"half`)
		appendAll(t, s, damaged)
		wrote(t, s, tenant, "i-1", day)
		wantNotesDeleted(t, s, later, 10, 2)
		wantAt(t, s, damaged)
		if got, err := s.Interaction(t.Context(), tenant, "i-1"); err != nil || hasNote(got.State) {
			t.Errorf("the other one: %s, %v; want no note", got.State, err)
		}
	}},
	{"an interaction without its notes is deleted in its time", func(t *testing.T, s Forgetting) {
		wrote(t, s, tenant, "i-1", day)
		wantNotesDeleted(t, s, later, 10, 1)
		wantDeleted(t, s, later, 10, 1)
		wantUnknown(t, s, tenant, "i-1")
	}},
}

func wantNotesDeleted(t *testing.T, s Forgetting, before time.Time, limit, want int) {
	t.Helper()
	if n, err := s.DeleteNotes(t.Context(), before, limit); n != want || err != nil {
		t.Fatalf("DeleteNotes(limit %d) = %d, %v; want %d", limit, n, err, want)
	}
}

func hasNote(state []byte) bool {
	var s struct {
		Consult struct{ Note string }
	}
	return json.Unmarshal(state, &s) != nil || s.Consult.Note != ""
}
