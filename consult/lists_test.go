package consult_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
	"teamsbridge/sso"
)

// ids gives the targets that anja sees of a kind.
func (w *world) ids(kind consult.TargetKind) []string {
	var ids []string
	for _, target := range w.engine.Targets(w.who["anja"], kind, "") {
		ids = append(ids, target.ID)
	}
	return ids
}

func (w *world) setLists(change func(*consult.Lists)) {
	w.t.Helper()
	l := w.cfg.Lists()
	change(&l)
	if err := w.engine.SetLists(l); err != nil {
		w.t.Fatal(err)
	}
}

func TestNewListsAreSeenAtOnceAndTold(t *testing.T) {
	w := newWorld(t)
	changes, stop := w.engine.Subscribe(w.who["anja"])
	defer stop()
	w.setLists(func(l *consult.Lists) {
		l.Queues = append(l.Queues, consult.QueueConfig{ID: "law", Tenant: tenant, Name: "Recht"})
		l.EntryPoints = []consult.NumberConfig{{ID: "hotline", Tenant: tenant, Name: "Hotline", Number: "+4930500"}}
		l.DialNumbers = []consult.NumberConfig{{ID: "door", Tenant: tenant, Name: "Pforte", Number: "+4930501"}}
	})
	if c := <-changes; !c.Targets {
		t.Errorf("told %+v", c)
	}
	for kind, want := range map[consult.TargetKind][]string{
		consult.TargetQueue: {"tax", "law"}, consult.TargetEntryPoint: {"hotline"}, consult.TargetDialNumber: {"door"},
	} {
		if diff := cmp.Diff(want, w.ids(kind)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
	}
	id := w.call()
	w.consult(id, consult.ActionConsult, consult.TargetRequest{Kind: consult.TargetEntryPoint, ID: "hotline"})
}

func TestWrongListsChangeNothing(t *testing.T) {
	w := newWorld(t)
	twice := w.cfg.Lists()
	twice.Queues = append(twice.Queues, twice.Queues[0])
	nameless := w.cfg.Lists()
	nameless.Queues = append(nameless.Queues, consult.QueueConfig{Tenant: tenant, Name: "Recht"})
	noDefault := w.cfg.Lists()
	noDefault.WrapUpReasons = nil
	for name, l := range map[string]consult.Lists{
		"a queue twice": twice, "a queue without an id": nameless, "a default that is no reason": noDefault,
	} {
		if err := w.engine.SetLists(l); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if got := w.ids(consult.TargetQueue); len(got) != 1 {
		t.Errorf("queues %v", got)
	}
}

func TestACallInFlightKeepsItsQueueWhenTheListDropsIt(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"bernd", "clara"} {
		must(w.engine.SetState(t.Context(), w.who[name], consult.StateIdle, ""))(t)
	}
	id := w.call()
	w.consult(id, consult.ActionConsult, theQueue)
	w.until("anja", id, "waiting", func(v consult.View) bool { return v.Consult.State == "requested" && v.Customer.State == "held" })
	for range 2 { // forgotten neither by this change nor by the next
		w.setLists(func(l *consult.Lists) { l.Queues = nil })
	}
	must(w.engine.SetState(t.Context(), w.who["clara"], consult.StateAvailable, ""))(t)
	w.until("anja", id, "offered to clara", offeredTo("clara"))
	w.ok("clara", id, consult.ActionAccept)
	w.phase("anja", id, consult.PhaseConsulting)

	_, err := w.do("anja", w.call(), consult.Command{Action: consult.ActionConsult, Target: theQueue})
	if !as[*consult.InvalidError](err) {
		t.Errorf("a new consult with the queue that is gone: %v", err)
	}
}

func TestAnAgentWhoseRowNamesTheQueueIsAMember(t *testing.T) {
	w := newWorld(t)
	w.setLists(func(l *consult.Lists) {
		l.Queues = []consult.QueueConfig{{ID: "law", Tenant: tenant, Name: "Recht"}}
	})
	id := w.call()
	w.consult(id, consult.ActionConsult, consult.TargetRequest{Kind: consult.TargetQueue, ID: "law"})
	w.until("anja", id, "waiting", func(v consult.View) bool { return v.Consult.State == "requested" && v.Customer.State == "held" })

	rows := w.agents.List(tenant)
	for i := range rows {
		if rows[i].ID == "bernd" {
			rows[i].Queues = []string{"law"}
		}
	}
	if err := w.agents.Replace(rows); err != nil {
		t.Fatal(err)
	}
	changed := make(chan string, 1)
	changed <- tenant
	close(changed)
	if err := w.engine.FollowAgents(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	w.until("anja", id, "offered to bernd", offeredTo("bernd"))
}

func TestAnOpenWrapUpKeepsItsReasonsAndANewOneHasTheNewOnes(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		wrapping := func() consult.InteractionID {
			id := w.call()
			w.act(id, consult.PartyCustomer, memswitch.ActHangup)
			w.phase("anja", id, consult.PhaseWrapUp)
			return id
		}
		wrapUp := func(id consult.InteractionID, code string) error {
			_, err := w.do("anja", id, consult.Command{Action: consult.ActionWrapUp, Code: code})
			return err
		}
		before := wrapping()
		time.Sleep(time.Second) // of the bubble's clock
		w.setLists(func(l *consult.Lists) {
			l.WrapUpReasons, l.WrapUpDefault = []consult.WrapUpReason{{Code: "new", Label: "Neu"}}, "new"
		})
		time.Sleep(time.Second)
		after := wrapping()
		for id, want := range map[consult.InteractionID]string{before: "done", after: "new"} {
			v := must(w.engine.View(t.Context(), w.who["anja"], id))(t)
			if v.WrapUp.Default != want || v.WrapUp.Reasons[0].Code != want {
				t.Errorf("wrap-up %+v, want the reason %s", v.WrapUp, want)
			}
		}
		if err := wrapUp(after, "done"); !as[*consult.InvalidError](err) {
			t.Errorf("the old reason for the new wrap-up: %v", err)
		}
		if err := errors.Join(wrapUp(before, "done"), wrapUp(after, "new")); err != nil {
			t.Error(err)
		}
	})
}

func TestAnAgentIsInvolvedUntilWrappedUp(t *testing.T) {
	w := newWorld(t)
	involved := func() bool { return w.engine.Involved(tenant, sso.AgentID("anja")) }
	if involved() {
		t.Error("without a call")
	}
	id := w.call()
	w.phase("anja", id, consult.PhaseActive)
	if !involved() {
		t.Error("not in a call")
	}
	w.act(id, consult.PartyCustomer, memswitch.ActHangup)
	w.phase("anja", id, consult.PhaseWrapUp)
	if !involved() {
		t.Error("not while the wrap-up is open")
	}
	if _, err := w.do("anja", id, consult.Command{Action: consult.ActionWrapUp, Code: "done"}); err != nil {
		t.Fatal(err)
	}
	if involved() {
		t.Error("after the wrap-up")
	}
}
