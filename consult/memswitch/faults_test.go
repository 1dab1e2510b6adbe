package memswitch_test

import (
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
)

// The pictures of an interaction with the legs customer, agent and expert.
var (
	held       = consult.Arrangement{Seq: 1, Cause: consult.ActionHold, Talk: []consult.LegID{"agent"}, Hold: []consult.LegID{"customer"}}
	resumed    = consult.Arrangement{Seq: 2, Cause: consult.ActionResume, Talk: []consult.LegID{"customer", "agent"}}
	consulting = consult.Arrangement{Seq: 3, Cause: consult.ActionConsult, Talk: []consult.LegID{"agent", "expert"}, Hold: []consult.LegID{"customer"}}
	swapped    = consult.Arrangement{Seq: 4, Cause: consult.ActionResume, Talk: []consult.LegID{"customer", "agent"}, Hold: []consult.LegID{"expert"}}
	swappedTo  = consult.Arrangement{Seq: 5, Cause: consult.ActionResumeExpert, Talk: []consult.LegID{"agent", "expert"}, Hold: []consult.LegID{"customer"}}
	conference = consult.Arrangement{Seq: 6, Cause: consult.ActionConference, Talk: []consult.LegID{"customer", "agent", "expert"}}
	transfer   = consult.Arrangement{Seq: 7, Cause: consult.ActionTransfer, Talk: []consult.LegID{"customer", "expert"}}
)

func causedBy(a consult.Arrangement, cause consult.Action) consult.Arrangement {
	a.Cause = cause
	return a
}

func TestAFaultMeetsTheOperationsOfItsAction(t *testing.T) {
	for _, c := range []struct {
		name    string
		op      string
		picture consult.Arrangement
		meets   bool
	}{
		{"hold meets a hold", "hold", held, true},
		{"hold meets a consult's own hold", "hold", causedBy(held, consult.ActionConsult), true},
		{"hold meets a cold transfer's own hold", "hold", causedBy(held, consult.ActionColdTransfer), true},
		{"hold does not meet the picture of an answered consult", "hold", consulting, false},
		{"hold does not meet a resume", "hold", resumed, false},
		{"resume meets a resume", "resume", resumed, true},
		{"resume meets a swap", "resume", swapped, true},
		{"resume meets a swap back", "resume", swappedTo, true},
		{"resume does not meet the end of a consult", "resume", causedBy(resumed, consult.ActionEndConsult), false},
		{"conference meets a conference", "conference", conference, true},
		{"transfer meets a transfer", "transfer", transfer, true},
		{"transfer meets a cold transfer that was answered", "transfer", causedBy(transfer, consult.ActionColdTransfer), true},
		{"transfer does not meet a conference", "transfer", conference, false},
		{"transfer does not meet a leave", "transfer", causedBy(transfer, consult.ActionLeave), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, memswitch.Options{Manual: true})
				id := w.call()
				w.dial(id, "expert")
				w.act(id, consult.PartyConsulted, memswitch.ActAnswer)
				w.heard()
				w.inject(memswitch.Fault{Op: c.op, Mode: memswitch.ModeFail, Count: 1})
				w.arrange(id, c.picture)
				if c.meets {
					w.wantHeard(consult.EventArrangeFailed)
					w.arrange(id, c.picture)
				}
				w.wantHeard(consult.EventArranged)
			})
		})
	}
}

func TestAFailedPictureLeavesTheOneBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, memswitch.Options{Manual: true})
		id := w.call()
		w.inject(memswitch.Fault{Op: "hold", Mode: memswitch.ModeFail, Count: 2})
		w.arrange(id, held)
		w.arrange(id, held)
		w.wantHeard(consult.EventCall, consult.EventArrangeFailed, consult.EventArrangeFailed)
		for _, l := range w.Lines() {
			if l.Music || len(l.Hears) != 1 {
				t.Errorf("%s hears %v, music %t; want the other", l.Leg, l.Hears, l.Music)
			}
		}
	})
}

func TestADelayedPictureComesTrueLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, memswitch.Options{Manual: true})
		id := w.call()
		w.inject(memswitch.Fault{Op: "hold", Mode: memswitch.ModeDelay, Count: 1, Delay: 7 * time.Second})
		w.arrange(id, held)
		time.Sleep(7*time.Second - 1)
		w.wantHeard(consult.EventCall)
		time.Sleep(time.Nanosecond)
		w.wantHeard(consult.EventArranged)
	})
}

func TestADelayedPictureIsRefusedWhenANewerOneWasFaster(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, memswitch.Options{Manual: true})
		id := w.call()
		w.inject(memswitch.Fault{Op: "hold", Mode: memswitch.ModeDelay, Count: 1, Delay: time.Second})
		w.arrange(id, held)
		w.arrange(id, resumed)
		time.Sleep(time.Second)
		w.wantHeard(consult.EventCall, consult.EventArranged, consult.EventArrangeFailed)
	})
}

func TestASilentPictureIsTrueAndOnlyCallsKnows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, memswitch.Options{Manual: true})
		id := w.call()
		w.inject(memswitch.Fault{Op: "hold", Mode: memswitch.ModeSilent, Count: 1})
		w.arrange(id, held)
		time.Sleep(time.Hour)
		w.wantHeard(consult.EventCall)
		calls, err := w.Calls(t.Context())
		if err != nil || len(calls) != 1 || calls[0].Arranged != held.Seq {
			t.Fatalf("Calls = %+v, %v; want the picture to be true", calls, err)
		}
		w.arrange(id, held) // asked again, it is confirmed
		w.wantHeard(consult.EventArranged)
	})
}

func TestADialThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, memswitch.Options{})
		id := w.call()
		w.inject(memswitch.Fault{Op: "dial", Mode: memswitch.ModeFail, Count: 1})
		w.dial(id, "expert")
		events := w.heard()
		if last := events[len(events)-1]; last.Kind != consult.EventFailed || last.Reason != consult.FailureFailed {
			t.Errorf("event %s for %q, want a failed dial", last.Kind, last.Reason)
		}
		w.wantLegs("customer up", "agent up")
	})
}

func TestADelayedDialRingsLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, memswitch.Options{AnswerAfter: time.Second})
		id := w.call()
		w.inject(memswitch.Fault{Op: "dial", Mode: memswitch.ModeDelay, Count: 1, Delay: 2 * time.Second})
		w.dial(id, "expert")
		w.wantHeard(consult.EventCall)
		time.Sleep(2 * time.Second)
		w.wantHeard(consult.EventRinging)
		time.Sleep(time.Second)
		w.wantHeard(consult.EventAnswered)
	})
}

func TestADelayedDialCanBeWithdrawnBeforeItRings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, memswitch.Options{})
		id := w.call()
		w.inject(memswitch.Fault{Op: "dial", Mode: memswitch.ModeDelay, Count: 1, Delay: time.Second})
		w.dial(id, "expert")
		if err := w.Hangup(t.Context(), id, "expert"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		w.wantHeard(consult.EventCall, consult.EventFailed)
	})
}

func TestASilentDialRingsUntilSomebodyActs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, memswitch.Options{AnswerAfter: time.Second})
		id := w.call()
		w.inject(memswitch.Fault{Op: "dial", Mode: memswitch.ModeSilent, Count: 1})
		w.dial(id, "expert")
		time.Sleep(time.Minute)
		w.wantHeard(consult.EventCall)
		w.wantLegs("customer up", "agent up", "expert ringing")
		w.act(id, consult.PartyConsulted, memswitch.ActAnswer)
		w.wantHeard(consult.EventAnswered)
	})
}

func TestAHangupGoesWrong(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault memswitch.Fault
		after time.Duration
		heard []consult.EventKind
		legs  []string
	}{
		{"a failed one leaves the leg", memswitch.Fault{Op: "hangup", Mode: memswitch.ModeFail, Count: 1}, time.Hour,
			[]consult.EventKind{consult.EventHangupFailed}, []string{"customer up", "agent up"}},
		{"a delayed one leaves it for a while", memswitch.Fault{Op: "hangup", Mode: memswitch.ModeDelay, Count: 1, Delay: time.Second}, time.Second - 1,
			nil, []string{"customer up", "agent up"}},
		{"a delayed one ends it in the end", memswitch.Fault{Op: "hangup", Mode: memswitch.ModeDelay, Count: 1, Delay: time.Second}, time.Second,
			[]consult.EventKind{consult.EventEnded}, []string{"customer up"}},
		{"a silent one ends it and says nothing", memswitch.Fault{Op: "hangup", Mode: memswitch.ModeSilent, Count: 1}, time.Hour,
			nil, []string{"customer up"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, memswitch.Options{Manual: true})
				id := w.call()
				w.heard()
				w.inject(c.fault)
				if err := w.Hangup(t.Context(), id, "agent"); err != nil {
					t.Fatal(err)
				}
				time.Sleep(c.after)
				w.wantHeard(c.heard...)
				w.wantLegs(c.legs...)
			})
		})
	}
}

func TestFaultsAreUsedUpInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, memswitch.Options{Manual: true})
		id := w.call()
		w.inject(memswitch.Fault{Op: "hold", Mode: memswitch.ModeFail, Count: 1})
		w.inject(memswitch.Fault{Op: "hold", Mode: memswitch.ModeSilent, Count: 1})
		for range 3 {
			w.arrange(id, held)
		}
		w.wantHeard(consult.EventCall, consult.EventArrangeFailed, consult.EventArranged)
	})
}

func TestInjectRefusesWhatItDoesNotKnow(t *testing.T) {
	s := newSwitch(t, memswitch.Options{})
	for name, f := range map[string]memswitch.Fault{
		"an unknown op":    {Op: "sing", Mode: memswitch.ModeFail, Count: 1},
		"no op":            {Mode: memswitch.ModeFail, Count: 1},
		"an unknown mode":  {Op: "hold", Mode: "explode", Count: 1},
		"no count":         {Op: "hold", Mode: memswitch.ModeFail},
		"a negative delay": {Op: "hold", Mode: memswitch.ModeDelay, Count: 1, Delay: -1},
	} {
		t.Run(name, func(t *testing.T) {
			if err := s.Inject(f); err == nil {
				t.Error("Inject: no error")
			}
		})
	}
}
