package consult_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
)

var theQueue = consult.TargetRequest{Kind: consult.TargetQueue, ID: "tax"}

func offeredTo(name string) func(consult.View) bool {
	return func(v consult.View) bool { return v.Consult.Party != nil && v.Consult.Party.ID == name }
}

func TestAQueueOffersTheLongestAvailableAgentFirst(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, queueOrder)
}

func queueOrder(t *testing.T) {
	w := newWorld(t)
	// bernd pauses and comes back: clara has been available for longer.
	must(w.engine.SetState(t.Context(), w.who["clara"], consult.StateAvailable, ""))(t)
	must(w.engine.SetState(t.Context(), w.who["bernd"], consult.StateIdle, "Pause"))(t)
	time.Sleep(time.Minute) // of the bubble's clock
	must(w.engine.SetState(t.Context(), w.who["bernd"], consult.StateAvailable, ""))(t)
	id := w.call()
	if v := w.consult(id, consult.ActionConsult, theQueue); v.Consult.Party != nil || v.Consult.Target.Kind != consult.TargetQueue {
		t.Fatalf("consult %+v", v.Consult)
	}
	w.until("anja", id, "offered to clara", offeredTo("clara"))
	v, err := w.do("clara", id, consult.Command{Action: consult.ActionDecline, Note: "keine Zeit"})
	if err != nil || v.Phase != consult.PhaseConsultRequested {
		t.Fatalf("decline: %+v %v", v, err)
	}
	w.until("anja", id, "offered to bernd", offeredTo("bernd"))
	w.ok("bernd", id, consult.ActionAccept)
	if v := w.ok("anja", id, consult.ActionTransfer); v.Phase != consult.PhaseTransferred || v.Owner == nil || v.Owner.ID != "bernd" {
		t.Errorf("the transfer goes to whoever accepted: %+v", v.Owner)
	}
}

func TestAQueueWaitsUntilSomebodyIsFree(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"bernd", "clara"} {
		must(w.engine.SetState(t.Context(), w.who[name], consult.StateIdle, ""))(t)
	}
	id := w.call()
	w.consult(id, consult.ActionConsult, theQueue)
	v := w.until("anja", id, "waiting", func(v consult.View) bool { return v.Consult.State == "requested" && v.Customer.State == "held" })
	if !v.Actions[consult.ActionEndConsult].Allowed {
		t.Error("a waiting consult cannot be cancelled")
	}
	must(w.engine.SetState(t.Context(), w.who["clara"], consult.StateAvailable, ""))(t)
	w.until("anja", id, "offered to clara", offeredTo("clara"))
	if v := w.ok("anja", id, consult.ActionEndConsult); v.Phase != consult.PhaseActive {
		t.Errorf("cancelled: %+v", v)
	}
	if st := w.engine.State(w.who["clara"]); st.Name != consult.StateAvailable {
		t.Errorf("after the cancelled offer clara is %s", st.Name)
	}
}

func TestAQueueGoesOnWhenNobodyAnswersAndSurvivesARestart(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *consult.Config) { c.Agent.AfterNoAnswer = "idle" })
		id := w.call()
		w.consult(id, consult.ActionColdTransfer, theQueue)
		first := w.until("anja", id, "offered", func(v consult.View) bool { return v.Consult.Party != nil }).Consult.Party.ID
		second := map[string]string{"bernd": "clara", "clara": "bernd"}[first]
		w.until("anja", id, "offered to the next", offeredTo(second))
		if st := w.engine.State(w.who[first]); st.Name != consult.StateIdle {
			t.Errorf("who did not answer is %s", st.Name)
		}
		w.restart()
		w.until("anja", id, "still offered", offeredTo(second))
		w.act(id, consult.PartyConsulted, memswitch.ActAnswer)
		if v := w.phase("anja", id, consult.PhaseTransferred); v.Owner == nil || v.Owner.ID != second {
			t.Errorf("owner %+v", v.Owner)
		}
	})
}

// waits has customers wait for an agent of the queue, a second apart, while
// everybody is idle.
func (w *world) waits(customers int) (ids []consult.InteractionID) {
	w.t.Helper()
	for _, name := range []string{"bernd", "clara"} {
		must(w.engine.SetState(w.t.Context(), w.who[name], consult.StateIdle, ""))(w.t)
	}
	for range customers {
		id := w.call()
		w.consult(id, consult.ActionConsult, theQueue)
		w.until("anja", id, "waiting", func(v consult.View) bool { return v.Consult.State == "requested" && v.Customer.State == "held" })
		ids = append(ids, id)
		time.Sleep(time.Second) // of the bubble's clock
	}
	return ids
}

func TestTheCustomerOnHoldForLongestIsServedFirstAndKeepsTheirPlace(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		ids := w.waits(8)
		who := func() (offered []string) {
			synctest.Wait()
			for _, id := range ids {
				party := ""
				if v := must(w.engine.View(t.Context(), w.who["anja"], id))(t); v.Consult.Party != nil {
					party = v.Consult.Party.ID
				}
				offered = append(offered, party)
			}
			return offered
		}
		for _, step := range []struct {
			name string
			do   func()
			want []string
		}{
			{"clara comes", func() {
				must(w.engine.SetState(t.Context(), w.who["clara"], consult.StateAvailable, ""))(t)
			}, []string{"clara", "", "", "", "", "", "", ""}},
			{"she declines, and is offered the next one's", func() { w.ok("clara", ids[0], consult.ActionDecline) },
				[]string{"", "clara", "", "", "", "", "", ""}},
			{"bernd comes: the first one is still the first", func() {
				must(w.engine.SetState(t.Context(), w.who["bernd"], consult.StateAvailable, ""))(t)
			}, []string{"bernd", "clara", "", "", "", "", "", ""}},
		} {
			step.do()
			if diff := cmp.Diff(step.want, who()); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", step.name, diff)
			}
		}
		w.restart()
		w.ok("clara", ids[1], consult.ActionDecline)
		if diff := cmp.Diff([]string{"bernd", "", "clara", "", "", "", "", ""}, who()); diff != "" {
			t.Errorf("after a restart (-want +got):\n%s", diff)
		}
	})
}

func TestAnOfferThatCouldNotBeJournaledIsMadeAgain(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		id := w.waits(1)[0]
		w.store.Fail(func(op string) error {
			if op == "Append" {
				return errors.New("disk full")
			}
			return nil
		})
		must(w.engine.SetState(t.Context(), w.who["clara"], consult.StateAvailable, ""))(t)
		time.Sleep(10 * time.Second) // of the bubble's clock
		if st := w.engine.State(w.who["clara"]); st.Name != consult.StateAvailable {
			t.Errorf("clara, who is offered nothing, is %s", st.Name)
		}
		w.store.Fail(nil)
		if v := w.until("anja", id, "offered to clara", offeredTo("clara")); v.Customer.Waits {
			t.Error("the offer waited for another step, the warning of a long hold")
		}
	})
}

func TestTwoConsultsNeverOfferTheSameAgent(t *testing.T) {
	w := newWorld(t)
	first := w.call()
	second := w.call()
	w.consult(first, consult.ActionConsult, theQueue)
	w.consult(second, consult.ActionConsult, theQueue)
	a := w.until("anja", first, "offered", func(v consult.View) bool { return v.Consult.Party != nil }).Consult.Party.ID
	b := w.until("anja", second, "offered", func(v consult.View) bool { return v.Consult.Party != nil }).Consult.Party.ID
	if a == b {
		t.Errorf("both are offered to %s", a)
	}
}

func TestHeldCustomersAreWatched(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *consult.Config) { c.Hold.Max = 2 * time.Minute })
		id := w.call()
		begun := time.Now()
		w.ok("anja", id, consult.ActionHold)
		v := w.until("sven", id, "warned", func(v consult.View) bool { return v.Customer.Waits })
		if waited := time.Since(begun); waited != time.Minute || v.Role != consult.RoleSupervisor {
			t.Errorf("the supervisor sees it after %s", waited)
		}
		w.phase("anja", id, consult.PhaseActive)
		if waited := time.Since(begun); waited != 2*time.Minute {
			t.Errorf("the customer is back after %s", waited)
		}
	})
}

func TestNoAcceptanceIsNoAnswer(t *testing.T) {
	w := newWorld(t, func(c *consult.Config) { c.Acceptance = "key" })
	id := w.call()
	w.consult(id, consult.ActionConsult, theExpert)
	w.act(id, consult.PartyConsulted, memswitch.ActNoAcceptance)
	if v := w.phase("anja", id, consult.PhaseHeld); v.Consult.Failure != consult.FailureNoAcceptance {
		t.Errorf("consult %+v", v.Consult)
	}
}
