package consult_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
)

// unanswering is a network that does not pick up for somebody who accepts on
// their page: it says so, or says nothing.
type unanswering struct {
	*memswitch.Switch
	refusal error
}

func (u unanswering) Answer(context.Context, consult.InteractionID, consult.LegID) error {
	return u.refusal
}

func TestAnAcceptThatIsNotCarriedOutLeavesNoTelephoneRinging(t *testing.T) {
	must(principals())(t)
	for _, tt := range []struct {
		name    string
		refusal error
		told    func(error) bool // of what agent 2 is told
	}{
		{"the network refuses to answer", errors.New("a softphone"), as[*consult.SwitchError]},
		{"the network is silent", nil, func(err error) bool { return errors.Is(err, consult.ErrOutcomeUnknown) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.network = unanswering{w.sw, tt.refusal}
				w.restart()
				id := w.offered(consult.ActionConsult)
				accept := consult.Command{Action: consult.ActionAccept, Key: "k", BodyHash: "h"}
				if _, err := w.do("bernd", id, accept); !tt.told(err) {
					t.Errorf("accept: %v", err)
				}
				if v := w.phase("anja", id, consult.PhaseHeld); v.Consult.Failure != consult.FailureFailed {
					t.Errorf("consult %+v", v.Consult)
				}
				synctest.Wait()
				if _, err := w.do("bernd", id, accept); !as[*consult.SwitchError](err) {
					t.Errorf("the same again, when it is known: %v", err)
				}
				for _, l := range w.sw.Lines() {
					if l.Party == consult.PartyConsulted {
						t.Errorf("still there: %+v", l)
					}
				}
			})
		})
	}
}

func TestAnAcceptDuringASilentHoldIsCarriedOutAfterAll(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		id := w.call()
		must(0, w.sw.Inject(memswitch.Fault{Op: "hold", Mode: memswitch.ModeSilent, Count: 1}))(t)
		w.consult(id, consult.ActionConsult, theAgent)
		if _, err := w.do("bernd", id, consult.Command{Action: consult.ActionAccept}); !errors.Is(err, consult.ErrOutcomeUnknown) {
			t.Errorf("accept: %v", err)
		}
		w.phase("anja", id, consult.PhaseConsulting)
		w.pictureIsRight(id)
	})
}
