package consult_test

import (
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
)

// told lists who did what and why, of the inputs that are asked for.
func (w *world) told(id consult.InteractionID, inputs ...string) (lines []string) {
	w.t.Helper()
	for _, e := range must(w.engine.History(w.t.Context(), w.who["anja"], id))(w.t) {
		for _, input := range inputs {
			if e.Input != input {
				continue
			}
			who := "nobody"
			if e.Person != nil {
				who = e.Person.ID
			}
			lines = append(lines, who+" "+e.Input+" "+e.Cause)
		}
	}
	return lines
}

func TestHistoryNamesWhoseTelephoneItWas(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		id := w.consulting(theExpert)
		for _, party := range []consult.Party{consult.PartyCustomer, consult.PartyAgent, consult.PartyConsulted} {
			w.act(id, party, memswitch.ActHold)
		}
		w.ok("anja", id, consult.ActionTransfer)
		w.act(id, consult.PartyConsulted, memswitch.ActBack)
		w.act(id, consult.PartyConsulted, memswitch.ActHangup)
		w.phase("anja", id, consult.PhaseWrapUp)
		want := []string{
			expertID + " answered ", "nobody holds ", "anja holds ", expertID + " holds ", expertID + " back ", expertID + " hungUp ",
		}
		if diff := cmp.Diff(want, w.told(id, "answered", "holds", "back", "hungUp")); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestHistorySaysWhyNobodyWasReached(t *testing.T) {
	must(principals())(t)
	t.Run("nobody answered, and nobody pressed the key", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			id := w.call()
			w.consult(id, consult.ActionConsult, theExpert)
			w.phase("anja", id, consult.PhaseHeld)
			w.consult(id, consult.ActionConsult, theExpert)
			w.act(id, consult.PartyConsulted, memswitch.ActPickUp)
			w.phase("anja", id, consult.PhaseHeld)
			want := []string{"nobody ringTimeout no-answer", "nobody ringTimeout no-acceptance"}
			if diff := cmp.Diff(want, w.told(id, "ringTimeout")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	})
	t.Run("an agent of a queue was busy", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			must(w.engine.SetState(t.Context(), w.who["bernd"], consult.StateIdle, ""))(t)
			id := w.call()
			w.consult(id, consult.ActionConsult, theQueue)
			w.act(id, consult.PartyConsulted, memswitch.ActBusy)
			if diff := cmp.Diff([]string{"clara failed busy"}, w.told(id, "failed")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	})
}
