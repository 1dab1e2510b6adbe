package consult_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
)

// inFlight gives a command whose work at the switch is delayed, lets somebody
// act meanwhile, and returns how the command was answered.
func (w *world) inFlight(who string, id consult.InteractionID, op string, cmd consult.Command, meanwhile func()) (consult.View, error) {
	w.t.Helper()
	must(0, w.sw.Inject(memswitch.Fault{Op: op, Mode: memswitch.ModeDelay, Count: 1, Delay: 5 * time.Second}))(w.t)
	type result struct {
		v   consult.View
		err error
	}
	done := make(chan result, 1)
	go func() {
		v, err := w.do(who, id, cmd)
		done <- result{v, err}
	}()
	w.until("anja", id, "pending", func(v consult.View) bool { return v.Pending != nil })
	meanwhile()
	r := <-done
	return r.v, r.err
}

func TestWhileTheSwitchWorksEveryOtherCommandIsToldToWait(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		id := w.call()
		_, err := w.inFlight("anja", id, "hold", consult.Command{Action: consult.ActionHold}, func() {
			v := must(w.engine.View(t.Context(), w.who["anja"], id))(t)
			others := map[consult.Action]string{
				consult.ActionAccept: "not-your-part", consult.ActionDecline: "not-your-part",
				consult.ActionWrapUp: "wrong-phase", consult.ActionPauseWrapUp: "wrong-phase",
			}
			for action, permit := range v.Actions {
				want := cmp.Or(others[action], "pending")
				if permit.Allowed || permit.Reason != want {
					t.Errorf("%s meanwhile: %+v, want %s", action, permit, want)
				}
			}
			_, err := w.do("anja", id, consult.Command{Action: consult.ActionResume})
			if refused, ok := errors.AsType[*consult.PhaseError](err); !ok || refused.Reason != "pending" || refused.Phase != consult.PhaseActive {
				t.Errorf("resume while the hold is on its way: %v", err)
			}
		})
		if err != nil {
			t.Errorf("the hold: %v", err)
		}
	})
}

func TestWhoWinsAgainstACommandInFlight(t *testing.T) {
	cases := []struct {
		name   string
		action consult.Action
		op     string
		act    memswitch.Act
		party  consult.Party
		phase  consult.Phase // that the waiting command is told
	}{
		{"the customer hangs up against a transfer", consult.ActionTransfer, "transfer", memswitch.ActHangup, consult.PartyCustomer, consult.PhaseWrapUp},
		{"the customer hangs up against a conference", consult.ActionConference, "conference", memswitch.ActHangup, consult.PartyCustomer, consult.PhaseWrapUp},
		{"the customer hangs up against a swap", consult.ActionResume, "resume", memswitch.ActHangup, consult.PartyCustomer, consult.PhaseWrapUp},
		{"the expert hangs up against a transfer", consult.ActionTransfer, "transfer", memswitch.ActHangup, consult.PartyConsulted, consult.PhaseActive},
		{"the expert hangs up against a conference", consult.ActionConference, "conference", memswitch.ActHangup, consult.PartyConsulted, consult.PhaseActive},
		{"the owner's telephone hangs up against a transfer", consult.ActionTransfer, "transfer", memswitch.ActHangup, consult.PartyAgent, consult.PhaseWrapUp},
	}
	must(principals())(t)
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				id := w.consulting(theExpert)
				_, err := w.inFlight("anja", id, tt.op, consult.Command{Action: tt.action}, func() { w.act(id, tt.party, tt.act) })
				refused, ok := errors.AsType[*consult.PhaseError](err)
				if !ok || refused.Phase != tt.phase {
					t.Fatalf("the waiting %s is told %v", tt.action, err)
				}
				time.Sleep(time.Minute) // the switch's late answer comes within, by the bubble's clock
				v := must(w.engine.View(t.Context(), w.who["anja"], id))(t)
				if v.Phase != tt.phase || v.Pending != nil {
					t.Errorf("after the late answer of the switch: %s, pending %v", v.Phase, v.Pending)
				}
				if tt.phase == consult.PhaseActive && v.Customer.State != "connected" {
					t.Errorf("the customer is %s", v.Customer.State)
				}
				w.pictureIsRight(id)
			})
		})
	}
}

// pictureIsRight compares who hears whom at the switch with the phase.
func (w *world) pictureIsRight(id consult.InteractionID) {
	w.t.Helper()
	v := must(w.engine.View(w.t.Context(), w.who["anja"], id))(w.t)
	for _, l := range w.sw.Lines() {
		if l.Call != id || l.Party != consult.PartyCustomer {
			continue
		}
		switch v.Customer.State {
		case "held":
			if !l.Music {
				w.t.Errorf("%s: the held customer hears no music", v.Phase)
			}
		case "connected", "conferenced":
			if l.Music || len(l.Hears) == 0 {
				w.t.Errorf("%s: the customer hears nobody", v.Phase)
			}
		case "left":
			w.t.Errorf("%s: the customer's line is still there", v.Phase)
		}
	}
}

func TestTheCustomerHangsUpAgainstAnAccept(t *testing.T) {
	w := newWorld(t)
	id := w.call()
	w.consult(id, consult.ActionConsult, theAgent)
	w.act(id, consult.PartyCustomer, memswitch.ActHangup)
	if _, err := w.do("bernd", id, consult.Command{Action: consult.ActionAccept}); !errors.Is(err, consult.ErrNotFound) {
		t.Errorf("an accept after the customer left: %v", err)
	}
	w.phase("anja", id, consult.PhaseWrapUp)
}

func TestALateAnswerIsRefused(t *testing.T) {
	w := newWorld(t)
	id := w.call()
	w.consult(id, consult.ActionConsult, theExpert)
	w.until("anja", id, "ringing", func(v consult.View) bool { return v.Consult.State == "ringing" })
	w.ok("anja", id, consult.ActionEndConsult)
	if err := w.sw.Act(t.Context(), id, consult.PartyConsulted, memswitch.ActAnswer); err == nil {
		t.Error("an answer after the withdrawal was taken")
	}
	w.phase("anja", id, consult.PhaseActive)
}

func TestTwoBrowsersOfOneAgentAreOneOwner(t *testing.T) {
	w := newWorld(t)
	id := w.consulting(theExpert)
	actions := []consult.Action{consult.ActionResume, consult.ActionConference, consult.ActionTransfer, consult.ActionEndConsult}
	errs := make([]error, len(actions))
	var wg sync.WaitGroup
	version := must(w.engine.View(t.Context(), w.who["anja"], id))(t).Version
	for i, a := range actions {
		wg.Go(func() { _, errs[i] = w.do("anja", id, consult.Command{Action: a, IfVersion: &version}) })
	}
	wg.Wait()
	done := 0
	for i, err := range errs {
		switch {
		case err == nil:
			done++
		case !as[*consult.VersionError](err) && !as[*consult.PhaseError](err):
			t.Errorf("%s: %v", actions[i], err)
		}
	}
	if done != 1 {
		t.Errorf("%d of four commands under one version were carried out", done)
	}
}

// A switch that is silent is asked, and the truth is journaled: it had done it.
func TestSilence(t *testing.T) {
	cases := []struct {
		name   string
		before func(w *world) consult.InteractionID
		op     string
		cmd    consult.Command
		want   consult.Phase
	}{
		{"on a hold", (*world).call, "hold", consult.Command{Action: consult.ActionHold}, consult.PhaseHeld},
		{"on a swap", func(w *world) consult.InteractionID { return w.consulting(theExpert) }, "resume", consult.Command{Action: consult.ActionResume}, consult.PhaseSwapped},
		{"on a conference", func(w *world) consult.InteractionID { return w.consulting(theExpert) }, "conference", consult.Command{Action: consult.ActionConference}, consult.PhaseConferenced},
		{"on the end", (*world).call, "hangup", consult.Command{Action: consult.ActionEnd}, consult.PhaseWrapUp},
	}
	must(principals())(t)
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				id := tt.before(w)
				must(0, w.sw.Inject(memswitch.Fault{Op: tt.op, Mode: memswitch.ModeSilent, Count: 1}))(t)
				if _, err := w.do("anja", id, tt.cmd); !errors.Is(err, consult.ErrOutcomeUnknown) {
					t.Fatalf("%v", err)
				}
				w.phase("anja", id, tt.want)
				w.pictureIsRight(id)
			})
		})
	}
	t.Run("on the hold before a consult: the call is set up all the same", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			id := w.call()
			must(0, w.sw.Inject(memswitch.Fault{Op: "hold", Mode: memswitch.ModeSilent, Count: 1}))(t)
			w.consult(id, consult.ActionConsult, theExpert)
			w.until("anja", id, "ringing", func(v consult.View) bool { return v.Consult.State == "ringing" })
		})
	})
	t.Run("on a dial: it is given up after the ring timeout and never dialled again", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			id := w.call()
			must(0, w.sw.Inject(memswitch.Fault{Op: "dial", Mode: memswitch.ModeSilent, Count: 1}))(t)
			w.consult(id, consult.ActionConsult, theExpert)
			if v := w.phase("anja", id, consult.PhaseHeld); v.Consult.Failure != consult.FailureNoAnswer {
				t.Errorf("consult %+v", v.Consult)
			}
		})
	})
}

func TestAFailingSwitchDropsNobody(t *testing.T) {
	cases := []struct {
		name   string
		before func(w *world) consult.InteractionID
		op     string
		cmd    consult.Command
		want   consult.Phase
	}{
		{"hold", (*world).call, "hold", consult.Command{Action: consult.ActionHold}, consult.PhaseActive},
		{"swap", func(w *world) consult.InteractionID { return w.consulting(theExpert) }, "resume", consult.Command{Action: consult.ActionResume}, consult.PhaseConsulting},
		{"conference", func(w *world) consult.InteractionID { return w.consulting(theExpert) }, "conference", consult.Command{Action: consult.ActionConference}, consult.PhaseConsulting},
		{"end", (*world).call, "hangup", consult.Command{Action: consult.ActionEnd}, consult.PhaseActive},
	}
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := tt.before(w)
			must(0, w.sw.Inject(memswitch.Fault{Op: tt.op, Mode: memswitch.ModeFail, Count: 1}))(t)
			if _, err := w.do("anja", id, tt.cmd); !as[*consult.SwitchError](err) {
				t.Fatalf("%v", err)
			}
			w.phase("anja", id, tt.want)
			w.pictureIsRight(id)
			if _, err := w.do("anja", id, tt.cmd); err != nil {
				t.Errorf("the retry: %v", err)
			}
		})
	}
	t.Run("the hold before a consult: active, the consult failed", func(t *testing.T) {
		w := newWorld(t)
		id := w.call()
		must(0, w.sw.Inject(memswitch.Fault{Op: "hold", Mode: memswitch.ModeFail, Count: 1}))(t)
		w.consult(id, consult.ActionConsult, theExpert)
		v := w.phase("anja", id, consult.PhaseActive)
		if v.Consult.State != "failed" || v.Consult.Failure != consult.FailureFailed || v.Customer.State != "connected" {
			t.Errorf("%+v, consult %+v", v.Customer, v.Consult)
		}
	})
	t.Run("a cold transfer's last step: the customer is back with agent 1", func(t *testing.T) {
		w := newWorld(t)
		id := w.call()
		must(0, w.sw.Inject(memswitch.Fault{Op: "transfer", Mode: memswitch.ModeFail, Count: 1}))(t)
		w.consult(id, consult.ActionColdTransfer, theExpert)
		w.act(id, consult.PartyConsulted, memswitch.ActAnswer)
		v := w.phase("anja", id, consult.PhaseHeld)
		if v.Consult.State != "failed" {
			t.Errorf("consult %+v", v.Consult)
		}
		w.pictureIsRight(id)
	})
}

// Replaying what the journal holds gives the state that it holds.
func TestReplayGivesTheStoredState(t *testing.T) {
	w := newWorld(t)
	id := w.consulting(theAgent)
	w.ok("anja", id, consult.ActionConference)
	w.ok("anja", id, consult.ActionLeave)
	w.ok("bernd", id, consult.ActionHold)
	stored := must(w.store.Interaction(t.Context(), tenant, id))(t)
	inputs := must(w.store.Inputs(t.Context(), tenant, id))(t)
	replayed, err := consult.Replay(w.cfg, inputs)
	if err != nil {
		t.Fatal(err)
	}
	got := must(json.Marshal(replayed))(t)
	if string(got) != string(stored.State) {
		t.Errorf("replayed %s\nstored   %s", got, stored.State)
	}
}
