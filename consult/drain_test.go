package consult_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/consult"
)

func TestDrainWaitsForWhatTheSwitchIsDoing(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		id, other := w.call(), w.call()
		_, err := w.inFlight("anja", id, "hold", consult.Command{Action: consult.ActionHold}, func() {
			hurry, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if err := w.engine.Drain(hurry); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("a hold is under way: %v", err)
			}
			w.ok("anja", other, consult.ActionHold) // calls go on
			_, err := w.do("anja", other, consult.Command{Action: consult.ActionConsult, Target: theExpert})
			if !errors.Is(err, consult.ErrDraining) {
				t.Errorf("a new consult: %v", err)
			}
			if err := w.engine.Drain(t.Context()); err != nil {
				t.Error(err)
			}
			if v := must(w.engine.View(t.Context(), w.who["anja"], id))(t); v.Pending != nil {
				t.Errorf("drained with %s pending", v.Pending.Action)
			}
		})
		if err != nil {
			t.Errorf("the hold: %v", err)
		}
	})
}

func TestCommandsMayBeginWhileSomebodyWaitsForTheEnd(t *testing.T) {
	w := newWorld(t)
	var working sync.WaitGroup
	for range 4 {
		id := w.call()
		working.Go(func() {
			for range 50 {
				for _, action := range []consult.Action{consult.ActionHold, consult.ActionResume} {
					if _, err := w.do("anja", id, consult.Command{Action: action}); err != nil {
						t.Errorf("%s: %v", action, err)
					}
				}
			}
		})
	}
	over := make(chan struct{})
	go func() {
		working.Wait()
		close(over)
	}()
	for waiting := true; waiting; {
		if err := w.engine.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		select {
		case <-over:
			waiting = false
		default:
		}
	}
}
