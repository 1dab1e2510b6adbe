package consult_test

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
)

func TestARepeatSeesWhatTheFirstAnswerShowed(t *testing.T) {
	must(principals())(t)
	expert := func(w *world) consult.InteractionID { return w.consulting(theExpert) }
	agent := func(w *world) consult.InteractionID { return w.consulting(theAgent) }
	offered := func(w *world) consult.InteractionID { return w.offered(consult.ActionConsult) }
	coldly := func(w *world) consult.InteractionID { return w.offered(consult.ActionColdTransfer) }
	for _, tt := range []struct {
		name   string
		before func(w *world) consult.InteractionID
		who    string
		action consult.Action
		role   consult.RoleHere // that the first answer has
	}{
		{"agent 1 hands over to an expert", expert, "anja", consult.ActionTransfer, consult.RoleFormer},
		{"agent 1 hands over to an agent", agent, "anja", consult.ActionTransfer, consult.RoleFormer},
		{"agent 1 leaves a conference", (*world).conferenced, "anja", consult.ActionLeave, consult.RoleFormer},
		{"agent 2 leaves a conference", (*world).conferenced, "bernd", consult.ActionLeave, consult.RoleAgent2},
		{"agent 2 ends the consult", agent, "bernd", consult.ActionEndConsult, consult.RoleAgent2},
		{"agent 2 declines", offered, "bernd", consult.ActionDecline, consult.RoleAgent2},
		{"agent 2 accepts", offered, "bernd", consult.ActionAccept, consult.RoleAgent2},
		{"agent 2 accepts a cold transfer", coldly, "bernd", consult.ActionAccept, consult.RoleAgent1},
	} {
		for name, lost := range map[string]bool{"": false, ", and a crash comes before the answer is kept": true} {
			t.Run(tt.name+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t)
					id := tt.before(w)
					cmd := consult.Command{Action: tt.action, Key: "k", BodyHash: "h"}
					w.loseAnswers(lost)
					first := must(w.do(tt.who, id, cmd))(t)
					if first.Role != tt.role {
						t.Errorf("the first answer is for %s, want %s", first.Role, tt.role)
					}
					w.loseAnswers(false)
					w.restart()
					for range 2 {
						if diff := cmp.Diff(first, must(w.do(tt.who, id, cmd))(t)); diff != "" {
							t.Errorf("the repeat (-first +repeat):\n%s", diff)
						}
					}
					if _, err := w.do("clara", id, cmd); !errors.Is(err, consult.ErrNotFound) {
						t.Errorf("somebody else with that key: %v", err)
					}
					cmd.BodyHash = "another"
					if _, err := w.do(tt.who, id, cmd); !errors.Is(err, consult.ErrKeyReused) {
						t.Errorf("that key with another body: %v", err)
					}
				})
			})
		}
	}
}

// loseAnswers makes the journal keep steps and no answers, as a crash between the
// two does.
func (w *world) loseAnswers(lost bool) {
	w.store.Fail(func(op string) error {
		if lost && op == "Answered" {
			return errors.New("crashed")
		}
		return nil
	})
}

func TestWhatWasNotDoneIsNotRepeatedAsDone(t *testing.T) {
	must(principals())(t)
	transfer := consult.Command{Action: consult.ActionTransfer, Key: "k", BodyHash: "h"}
	for _, tt := range []struct {
		name  string
		first func(w *world, id consult.InteractionID) error
		then  func(w *world, id consult.InteractionID) // before the repeat
		is    func(error) bool
	}{
		{"the switch did not do it, and did it when asked again", func(w *world, id consult.InteractionID) error {
			must(0, w.sw.Inject(memswitch.Fault{Op: "transfer", Mode: "fail", Count: 1}))(w.t)
			_, err := w.do("anja", id, transfer)
			return err
		}, func(w *world, id consult.InteractionID) { w.ok("anja", id, consult.ActionTransfer) }, as[*consult.SwitchError]},
		{"the expert hung up before", func(w *world, id consult.InteractionID) error {
			_, err := w.inFlight("anja", id, "transfer", transfer, func() { w.act(id, consult.PartyConsulted, memswitch.ActHangup) })
			return err
		}, func(w *world, id consult.InteractionID) { w.ok("anja", id, consult.ActionHold) }, as[*consult.PhaseError]},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				id := w.consulting(theExpert)
				w.loseAnswers(true)
				first := tt.first(w, id)
				w.loseAnswers(false)
				tt.then(w, id)
				w.restart()
				_, again := w.do("anja", id, transfer)
				if !tt.is(first) || !tt.is(again) {
					t.Errorf("first %v, then %v", first, again)
				}
				if diff := cmp.Diff(first, again); diff != "" {
					t.Errorf("-first +repeat:\n%s", diff)
				}
			})
		})
	}
}

// conferenced brings anja, a customer and bernd together.
func (w *world) conferenced() consult.InteractionID {
	w.t.Helper()
	id := w.consulting(theAgent)
	w.ok("anja", id, consult.ActionConference)
	return id
}

// offered has bernd's telephone ring.
func (w *world) offered(action consult.Action) consult.InteractionID {
	w.t.Helper()
	id := w.call()
	w.consult(id, action, theAgent)
	w.until("bernd", id, "rung", func(v consult.View) bool { return v.Consult != nil && v.Consult.State == "ringing" })
	return id
}

func TestTheSameKeyGetsTheFirstAnswer(t *testing.T) {
	w := newWorld(t)
	id := w.call()
	hold := consult.Command{Action: consult.ActionHold, Key: "key-1", BodyHash: "a"}
	first, err := w.do("anja", id, hold)
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.do("anja", id, hold)
	if err != nil || again.Version != first.Version || again.Phase != consult.PhaseHeld {
		t.Errorf("again: %+v %v", again, err)
	}
	other := hold
	other.BodyHash = "b"
	if _, err := w.do("anja", id, other); !errors.Is(err, consult.ErrKeyReused) {
		t.Errorf("another body: %v", err)
	}
	w.ok("anja", id, consult.ActionResume)
	if v, err := w.do("anja", id, hold); err != nil || v.Phase != consult.PhaseHeld || v.Version != first.Version {
		t.Errorf("later it is still the first answer: %+v %v", v, err)
	}
	w.restart()
	if v, err := w.do("anja", id, hold); err != nil || v.Version != first.Version {
		t.Errorf("after a restart: %+v %v", v, err)
	}
}

func TestTwoClicksAreOneHold(t *testing.T) {
	w := newWorld(t)
	id := w.call()
	var wg sync.WaitGroup
	views := make([]consult.View, 8)
	errs := make([]error, len(views))
	for i := range views {
		wg.Go(func() {
			views[i], errs[i] = w.do("anja", id, consult.Command{Action: consult.ActionHold, Key: "k", BodyHash: "a"})
		})
	}
	wg.Wait()
	for i := range views {
		if errs[i] != nil || views[i].Version != views[0].Version {
			t.Errorf("click %d: version %d, %v", i, views[i].Version, errs[i])
		}
	}
}
