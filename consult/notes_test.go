package consult_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
)

func TestAJournalWithoutItsNotesReplaysToTheStateWithoutThem(t *testing.T) {
	w := newWorld(t)
	id := w.call()
	w.consult(id, consult.ActionConsult, theAgent)
	if _, err := w.do("bernd", id, consult.Command{Action: consult.ActionDecline, Note: "gleich Feierabend"}); err != nil {
		t.Fatal(err)
	}
	w.phase("anja", id, consult.PhaseHeld)
	w.act(id, consult.PartyCustomer, memswitch.ActHangup)
	w.phase("anja", id, consult.PhaseWrapUp)
	if _, err := w.do("anja", id, consult.Command{Action: consult.ActionWrapUp, Code: "done", Note: "erledigt"}); err != nil {
		t.Fatal(err)
	}
	if n, err := w.store.DeleteNotes(t.Context(), time.Now().Add(time.Hour), 10); n != 1 || err != nil {
		t.Fatalf("DeleteNotes = %d, %v", n, err)
	}
	stored := must(w.store.Interaction(t.Context(), tenant, id))(t)
	kept := must(stored.Decode())(t)
	if kept.Consult.Note != "" || kept.WrapUps[0].Note != "" || kept.WrapUps[0].Code != "done" {
		t.Errorf("kept are %+v and %+v, want the code and no note", kept.Consult, kept.WrapUps)
	}
	inputs := must(w.store.Inputs(t.Context(), tenant, id))(t)
	replayed := must(json.Marshal(must(consult.Replay(w.cfg, inputs))(t)))(t)
	if got := must(json.Marshal(kept))(t); !bytes.Equal(got, replayed) {
		t.Errorf("replayed\n%s\nkept\n%s", replayed, got)
	}
	for _, line := range append(inputs, stored.State) {
		if bytes.Contains(line, []byte("Feierabend")) || bytes.Contains(line, []byte("erledigt")) {
			t.Errorf("a note is left in %s", line)
		}
	}
}
