package consult_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
)

func TestNobodyAnswersInTime(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		id := w.call()
		w.consult(id, consult.ActionConsult, theExpert)
		begun := time.Now()
		v := w.phase("anja", id, consult.PhaseHeld)
		if waited := time.Since(begun); waited != 15*time.Second {
			t.Errorf("gave up after %s", waited)
		}
		if v.Consult.Failure != consult.FailureNoAnswer || v.Customer.State != "held" {
			t.Errorf("consult %+v", v.Consult)
		}
	})
}

func TestWhoIsAskedToPressAKeyHasTimeForIt(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		id := w.call()
		w.consult(id, consult.ActionConsult, theExpert)
		time.Sleep(14 * time.Second)
		w.act(id, consult.PartyConsulted, memswitch.ActPickUp)
		begun := time.Now()
		w.until("anja", id, "asked", func(v consult.View) bool { return v.Consult.Asked && v.Consult.State == "ringing" })
		v := w.phase("anja", id, consult.PhaseHeld)
		if waited := time.Since(begun); waited != 25*time.Second {
			t.Errorf("gave up after %s", waited)
		}
		if v.Consult.Failure != consult.FailureNoAcceptance {
			t.Errorf("consult %+v", v.Consult)
		}
	})
}

func TestAPartyWhoHoldsOnTheirTelephoneIsShown(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		id := w.consulting(theExpert)
		for _, party := range []consult.Party{consult.PartyCustomer, consult.PartyAgent, consult.PartyConsulted} {
			w.act(id, party, memswitch.ActHold)
		}
		w.until("anja", id, "everybody holds", func(v consult.View) bool {
			return v.Phase == consult.PhaseConsulting && v.Customer.Holds && v.Owner.Holds && v.Consult.Holds
		})
		w.act(id, consult.PartyAgent, memswitch.ActBack)
		w.act(id, consult.PartyConsulted, memswitch.ActHangup)
		w.until("anja", id, "only the customer holds", func(v consult.View) bool {
			return v.Phase == consult.PhaseActive && v.Customer.Holds && !v.Owner.Holds && !v.Consult.Holds
		})
	})
}

func TestASilentSwitchIsAskedAndNeverToldTwice(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		id := w.consulting(theExpert)
		must(0, w.sw.Inject(memswitch.Fault{Op: "transfer", Mode: "silent", Count: 1}))(t)
		begun := time.Now()
		_, err := w.do("anja", id, consult.Command{Action: consult.ActionTransfer, Key: "k", BodyHash: "h"})
		if !errors.Is(err, consult.ErrOutcomeUnknown) {
			t.Fatalf("transfer: %v", err)
		}
		if waited := time.Since(begun); waited != 10*time.Second {
			t.Errorf("answered after %s", waited)
		}
		w.phase("anja", id, consult.PhaseTransferred) // the network had done it
		v, err := w.do("anja", id, consult.Command{Action: consult.ActionTransfer, Key: "k", BodyHash: "h"})
		if err != nil || v.Phase != consult.PhaseTransferred {
			t.Errorf("the same key once the truth is known: %+v %v", v, err)
		}
	})
}

func TestTheWrapUpTimerAppliesTheDefault(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *consult.Config) { c.WrapUp.Timer, c.WrapUp.Pause = time.Minute, true })
		id := w.call()
		w.ok("anja", id, consult.ActionEnd)
		v := w.phase("anja", id, consult.PhaseWrapUp)
		if v.WrapUp == nil || v.WrapUp.DueAt == nil || !v.Actions[consult.ActionPauseWrapUp].Allowed {
			t.Fatalf("wrap-up %+v", v.WrapUp)
		}
		second := w.call()
		w.ok("anja", second, consult.ActionEnd)
		w.ok("anja", second, consult.ActionPauseWrapUp)
		w.phase("anja", id, consult.PhaseEnded)
		time.Sleep(time.Hour) // of the bubble's clock
		if v := must(w.engine.View(t.Context(), w.who["anja"], second))(t); v.Phase != consult.PhaseWrapUp || !v.WrapUp.Paused {
			t.Errorf("a paused wrap-up is %s", v.Phase)
		}
	})
}

func TestARestartFindsEverythingWhereItWas(t *testing.T) {
	cases := []struct {
		name string
		play func(w *world) consult.InteractionID
		away func(w *world, id consult.InteractionID) // while no engine runs
		want consult.Phase
	}{
		{"in mid-consult", func(w *world) consult.InteractionID { return w.consulting(theExpert) }, nil, consult.PhaseConsulting},
		{"swapped", func(w *world) consult.InteractionID {
			id := w.consulting(theExpert)
			w.ok("anja", id, consult.ActionResume)
			return id
		}, nil, consult.PhaseSwapped},
		{"while it rings", func(w *world) consult.InteractionID {
			id := w.call()
			w.consult(id, consult.ActionConsult, theExpert)
			w.until("anja", id, "ringing", func(v consult.View) bool { return v.Consult.State == "ringing" })
			return id
		}, nil, consult.PhaseConsultRequested},
		{"the customer hung up meanwhile", func(w *world) consult.InteractionID { return w.consulting(theExpert) },
			func(w *world, id consult.InteractionID) { w.hangUpUnheard(id, consult.PartyCustomer) }, consult.PhaseWrapUp},
		{"the expert hung up meanwhile", func(w *world) consult.InteractionID { return w.consulting(theExpert) },
			func(w *world, id consult.InteractionID) { w.hangUpUnheard(id, consult.PartyConsulted) }, consult.PhaseActive},
		{"with an open wrap-up", func(w *world) consult.InteractionID {
			id := w.call()
			w.ok("anja", id, consult.ActionEnd)
			return id
		}, nil, consult.PhaseWrapUp},
	}
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := tt.play(w)
			before := must(w.engine.History(t.Context(), w.who["anja"], id))(t)
			w.stop()
			if tt.away != nil {
				tt.away(w, id)
			}
			w.start()
			w.phase("anja", id, tt.want)
			after := must(w.engine.History(t.Context(), w.who["anja"], id))(t)
			if len(after) < len(before) {
				t.Errorf("history shrank from %d to %d", len(before), len(after))
			}
		})
	}
}

func TestWhatIsDueIsDueAfterARestartToo(t *testing.T) {
	must(principals())(t)
	for _, tt := range []struct {
		name  string
		play  func(w *world) consult.InteractionID
		after time.Duration // since then
		is    func(consult.View) bool
		max   time.Duration // of a hold
	}{
		{"the end of ringing", func(w *world) consult.InteractionID {
			id := w.call()
			w.consult(id, consult.ActionConsult, theExpert)
			w.until("anja", id, "ringing", func(v consult.View) bool { return v.Consult.State == "ringing" })
			return id
		}, 15 * time.Second, func(v consult.View) bool { return v.Consult.Failure == consult.FailureNoAnswer }, 0},
		{"the warning of a long hold", func(w *world) consult.InteractionID {
			id := w.call()
			w.ok("anja", id, consult.ActionHold)
			return id
		}, time.Minute, func(v consult.View) bool { return v.Customer.Waits }, 0},
		{"the end of a hold that is too long", func(w *world) consult.InteractionID {
			id := w.call()
			w.ok("anja", id, consult.ActionHold)
			return id
		}, 2 * time.Minute, func(v consult.View) bool { return v.Phase == consult.PhaseActive }, 2 * time.Minute},
		{"the end of the wait for a lost owner", func(w *world) consult.InteractionID {
			id := w.call()
			w.act(id, consult.PartyAgent, memswitch.ActLost)
			return id
		}, 20 * time.Second, func(v consult.View) bool { return v.Phase == consult.PhaseWrapUp }, 0},
		{"the wrap-up timer", func(w *world) consult.InteractionID {
			id := w.call()
			w.act(id, consult.PartyCustomer, memswitch.ActHangup)
			return id
		}, 90 * time.Second, func(v consult.View) bool { return v.Phase == consult.PhaseEnded }, 0},
	} {
		for away, name := range map[time.Duration]string{0: "back before", time.Hour: "back after"} {
			t.Run(tt.name+", "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t, func(c *consult.Config) { c.WrapUp.Timer, c.Hold.Max = 90*time.Second, tt.max })
					begun := time.Now()
					id := tt.play(w)
					time.Sleep(10 * time.Second) // of the bubble's clock, as all that follows
					w.stop()
					time.Sleep(away)
					w.start()
					w.until("anja", id, tt.name, tt.is)
					if passed, want := time.Since(begun), max(tt.after, away+10*time.Second); passed.Round(time.Second) != want {
						t.Errorf("after %v, want %v", passed, want)
					}
				})
			})
		}
	}
}

// hangUpUnheard hangs a party up while no engine listens: the acknowledgement
// never comes, the leg is gone all the same.
func (w *world) hangUpUnheard(id consult.InteractionID, party consult.Party) {
	w.t.Helper()
	go func() { _ = w.sw.Act(w.t.Context(), id, party, memswitch.ActHangup) }()
	for ev := range w.sw.Events() {
		if ev.Kind == consult.EventEnded {
			ev.Ack(errors.New("nobody listens"))
			return
		}
	}
}

func TestALegThatTheSwitchDidNotReleaseIsHungUpAgain(t *testing.T) {
	must(principals())(t)
	cases := []struct {
		name  string
		fault memswitch.Fault
		away  bool // the engine restarts before it can try again
	}{
		{"the switch refuses twice", memswitch.Fault{Op: "hangup", Mode: "fail", Count: 2}, false},
		{"the engine ends in between", memswitch.Fault{Op: "hangup", Mode: "fail", Count: 1}, true},
	}
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, func(c *consult.Config) { c.WrapUp = consult.WrapUpConfig{} })
				id := w.consulting(theExpert)
				must(0, w.sw.Inject(tt.fault))(t)
				w.act(id, consult.PartyCustomer, memswitch.ActHangup) // agent and expert are released
				w.phase("anja", id, consult.PhaseEnded)
				synctest.Wait()
				if tt.away {
					w.restart()
				}
				time.Sleep(10 * time.Second) // of the bubble's clock
				if left := must(w.sw.Calls(t.Context()))(t); len(left) > 0 {
					t.Errorf("still connected: %+v", left)
				}
			})
		})
	}
}

// dialsAlone notes every dial that comes while another telephone of the call
// still rings.
type dialsAlone struct {
	*memswitch.Switch
	second []consult.Dial
}

func (d *dialsAlone) Dial(ctx context.Context, asked consult.Dial) error {
	calls, err := d.Calls(ctx)
	if err != nil {
		return err
	}
	for _, c := range calls {
		for _, l := range c.Legs {
			if c.Interaction == asked.Interaction && l.State == consult.LegRinging {
				d.second = append(d.second, asked)
			}
		}
	}
	return d.Switch.Dial(ctx, asked)
}

// Before the engine ended the switch refused to withdraw a consult, and did not
// say that it had put the customer on hold for the next one.
func TestAfterARestartWhoIsLeftFromBeforeGoesBeforeAnybodyIsRung(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		network := &dialsAlone{Switch: w.sw}
		w.network = network
		w.restart()
		id := w.call()
		w.consult(id, consult.ActionConsult, theExpert)
		w.until("anja", id, "ringing", func(v consult.View) bool { return v.Consult.State == "ringing" })
		must(0, w.sw.Inject(memswitch.Fault{Op: "hangup", Mode: "fail", Count: 1}))(t)
		w.ok("anja", id, consult.ActionEndConsult)
		must(0, w.sw.Inject(memswitch.Fault{Op: "hold", Mode: "silent", Count: 1}))(t)
		w.consult(id, consult.ActionConsult, theAgent)
		w.restart()
		w.until("anja", id, "ringing", func(v consult.View) bool {
			return v.Consult.Target.Kind == consult.TargetAgent && v.Consult.State == "ringing"
		})
		if len(network.second) > 0 {
			t.Errorf("rung beside one that rings: %+v", network.second)
		}
		ringing := 0
		for _, l := range w.sw.Lines() {
			if l.State == consult.LegRinging {
				ringing++
			}
		}
		if ringing != 1 {
			t.Errorf("%d telephones ring", ringing)
		}
	})
}

func TestTheCustomerWinsAgainstATransferInFlight(t *testing.T) {
	w := newWorld(t)
	id := w.consulting(theExpert)
	must(0, w.sw.Inject(memswitch.Fault{Op: "transfer", Mode: "delay", Count: 1, Delay: time.Minute}))(t)
	result := make(chan error, 1)
	go func() {
		_, err := w.do("anja", id, consult.Command{Action: consult.ActionTransfer})
		result <- err
	}()
	w.until("anja", id, "transferring", func(v consult.View) bool { return v.Pending != nil && v.Phase == consult.PhaseConsulting })
	if _, err := w.do("anja", id, consult.Command{Action: consult.ActionConference}); !as[*consult.PhaseError](err) {
		t.Errorf("another command meanwhile: %v", err)
	}
	w.act(id, consult.PartyCustomer, memswitch.ActHangup)
	err := <-result
	refused, ok := errors.AsType[*consult.PhaseError](err)
	if !ok || refused.Phase != consult.PhaseWrapUp {
		t.Errorf("the waiting transfer: %v", err)
	}
	w.phase("anja", id, consult.PhaseWrapUp)
}

func TestAJournalThatCannotBeWrittenChangesNothing(t *testing.T) {
	w := newWorld(t)
	id := w.call()
	w.store.Fail(func(op string) error {
		if op == "Append" {
			return errors.New("disk full")
		}
		return nil
	})
	if _, err := w.do("anja", id, consult.Command{Action: consult.ActionHold}); !errors.Is(err, consult.ErrStorage) {
		t.Errorf("hold: %v", err)
	}
	w.store.Fail(nil)
	if v := w.ok("anja", id, consult.ActionHold); v.Phase != consult.PhaseHeld || v.Version != 3 {
		t.Errorf("afterwards: %+v", v)
	}
}

func TestSubscribersHearWhatTheyMaySee(t *testing.T) {
	w := newWorld(t)
	id := w.call()
	offered, stop := w.engine.Subscribe(w.who["bernd"])
	defer stop()
	w.consult(id, consult.ActionConsult, theAgent)
	w.ok("anja", id, consult.ActionEndConsult)
	var saw []string
	for c := range offered {
		switch {
		case c.View != nil && c.View.Role == consult.RoleAgent2:
			saw = append(saw, "offer")
		case c.Gone != nil:
			if c.Gone.Reason != "withdrawn" || c.Gone.ID != id {
				t.Errorf("gone %+v", c.Gone)
			}
			if len(saw) == 0 {
				t.Error("gone before it was offered")
			}
			return
		case c.View != nil:
			t.Errorf("bernd sees it as %s", c.View.Role)
		}
	}
	t.Fatal("cut off")
}
