package consult_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
	"teamsbridge/store/storetest"
)

// unconfirming is a journal that writes a step and loses the word that it has.
type unconfirming struct {
	*storetest.Memory
	lose atomic.Bool // the next one's
}

var errUnconfirmed = errors.New("connection lost")

func (u *unconfirming) Append(ctx context.Context, r consult.Record) error {
	err := u.Memory.Append(ctx, r)
	if err == nil && u.lose.Swap(false) {
		return errUnconfirmed
	}
	return err
}

// unconfirmed is a world with such a journal.
func unconfirmed(t *testing.T, change ...func(*consult.Config)) (*world, *unconfirming) {
	t.Helper()
	w := newWorld(t, change...)
	journal := &unconfirming{Memory: w.store}
	w.journal = journal
	w.restart()
	return w, journal
}

func TestAStepThatTheJournalWroteAndDidNotConfirmIsTakenOver(t *testing.T) {
	must(principals())(t)
	for _, tt := range []struct {
		name string
		play func(w *world, lose func()) consult.InteractionID
		want consult.Phase
		then consult.Action // is possible afterwards
	}{
		{"a hold: not done, as was answered", func(w *world, lose func()) consult.InteractionID {
			id := w.call()
			lose()
			w.unwritten(id, consult.Command{Action: consult.ActionHold})
			w.unwritten(id, consult.Command{Action: consult.ActionHold}) // which finds out
			return id
		}, consult.PhaseActive, consult.ActionHold},
		{"a consult: nobody is rung", func(w *world, lose func()) consult.InteractionID {
			id := w.call()
			lose()
			w.unwritten(id, consult.Command{Action: consult.ActionConsult, Target: theExpert})
			w.unwritten(id, consult.Command{Action: consult.ActionHold})
			return id
		}, consult.PhaseActive, consult.ActionHold},
		{"a transfer: the customer stays", func(w *world, lose func()) consult.InteractionID {
			id := w.consulting(theExpert)
			lose()
			w.unwritten(id, consult.Command{Action: consult.ActionTransfer})
			w.unwritten(id, consult.Command{Action: consult.ActionResume})
			return id
		}, consult.PhaseConsulting, consult.ActionTransfer},
		{"what the switch said: it is true", func(w *world, lose func()) consult.InteractionID {
			id := w.call()
			w.consult(id, consult.ActionConsult, theExpert)
			w.until("anja", id, "ringing", func(v consult.View) bool { return v.Consult.State == "ringing" })
			lose()
			w.act(id, consult.PartyConsulted, memswitch.ActAnswer)
			return id
		}, consult.PhaseConsulting, consult.ActionTransfer},
		{"the expert's hang-up", func(w *world, lose func()) consult.InteractionID {
			id := w.consulting(theExpert)
			lose()
			w.act(id, consult.PartyConsulted, memswitch.ActHangup)
			return id
		}, consult.PhaseActive, consult.ActionHold},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, journal := unconfirmed(t)
				id := tt.play(w, func() { journal.lose.Store(true) })
				w.phase("anja", id, tt.want)
				synctest.Wait()
				w.pictureIsRight(id)
				w.ok("anja", id, tt.then)
			})
		})
	}
}

// unwritten gives a command that is answered as not journaled.
func (w *world) unwritten(id consult.InteractionID, cmd consult.Command) {
	w.t.Helper()
	if _, err := w.do("anja", id, cmd); !errors.Is(err, consult.ErrStorage) {
		w.t.Errorf("%s: %v, want ErrStorage", cmd.Action, err)
	}
}

func TestTheKeyOfACommandThatWasNotConfirmedTellsTheTruth(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w, journal := unconfirmed(t)
		id := w.call()
		hold := consult.Command{Action: consult.ActionHold, Key: "k", BodyHash: "h"}
		journal.lose.Store(true)
		w.unwritten(id, hold)
		if _, err := w.do("anja", id, hold); !errors.Is(err, consult.ErrOutcomeUnknown) {
			t.Errorf("at once: %v", err)
		}
		synctest.Wait() // the switch was asked
		if _, err := w.do("anja", id, hold); !as[*consult.SwitchError](err) {
			t.Errorf("when it is known: %v", err)
		}
		w.phase("anja", id, consult.PhaseActive)
	})
}

func TestACustomersHangUpThatWasNotConfirmedLeavesNobodyConnected(t *testing.T) {
	must(principals())(t)
	for name, tt := range map[string]struct {
		wrapUp consult.WrapUpConfig
		want   consult.Phase
	}{
		"a wrap-up follows":  {defaultConfig().WrapUp, consult.PhaseWrapUp},
		"the call has ended": {consult.WrapUpConfig{}, consult.PhaseEnded},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, journal := unconfirmed(t, func(c *consult.Config) { c.WrapUp = tt.wrapUp })
				id := w.consulting(theExpert)
				journal.lose.Store(true)
				w.act(id, consult.PartyCustomer, memswitch.ActHangup)
				w.phase("anja", id, tt.want)
				synctest.Wait()
				if left := must(w.sw.Calls(t.Context()))(t); len(left) > 0 {
					t.Errorf("still connected: %+v", left)
				}
			})
		})
	}
}

func TestAnOutcomeThatWasNotConfirmedIsToldAsUnknown(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w, journal := unconfirmed(t)
		id := w.call()
		_, err := w.inFlight("anja", id, "hold", consult.Command{Action: consult.ActionHold}, func() { journal.lose.Store(true) })
		if !errors.Is(err, consult.ErrOutcomeUnknown) {
			t.Errorf("the hold: %v", err)
		}
		w.phase("anja", id, consult.PhaseHeld)
	})
}

// insisting is a network that tells again of a call which was not taken.
type insisting struct {
	*memswitch.Switch
	events chan consult.Event
}

func insist(sw *memswitch.Switch) insisting {
	n := insisting{sw, make(chan consult.Event)}
	go func() {
		defer close(n.events)
		for ev := range sw.Events() {
			refused := make(chan error, 1)
			again, taken := ev, ev.Ack
			if ev.Kind != consult.EventCall {
				n.events <- ev
				continue
			}
			ev.Ack = func(err error) { refused <- err }
			n.events <- ev
			if <-refused == nil {
				taken(nil)
				continue
			}
			n.events <- again
		}
	}()
	return n
}

func (n insisting) Events() <-chan consult.Event { return n.events }

func TestACallWhoseBeginningWasNotConfirmedIsTaken(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.stop()
		journal := &unconfirming{Memory: w.store}
		w.network, w.journal = insist(w.sw), journal
		w.start()
		journal.lose.Store(true)
		id := w.call()
		w.ok("anja", id, consult.ActionHold)
		w.stop() // before its network
	})
}
