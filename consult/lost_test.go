package consult_test

import (
	"testing"
	"testing/synctest"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
)

func TestALostOwner(t *testing.T) {
	cases := []struct {
		name   string
		change func(*consult.Config)
		play   func(w *world, id consult.InteractionID)
		want   consult.Phase
	}{
		{"comes back to where they were", nil, func(w *world, id consult.InteractionID) {
			w.act(id, consult.PartyAgent, memswitch.ActAnswer)
		}, consult.PhaseConsulting},
		{"does not come back: everybody is released", nil, func(*world, consult.InteractionID) {}, consult.PhaseWrapUp},
		{"does not come back: a number takes the call", func(c *consult.Config) {
			c.Agent.Lost, c.Agent.LostTarget = "number", "+4930900900"
		}, func(w *world, id consult.InteractionID) {
			w.until("anja", id, "ringing there", func(v consult.View) bool {
				return v.Consult.Target.Number == "+4930900900" && v.Consult.State == "ringing"
			})
			w.act(id, consult.PartyConsulted, memswitch.ActAnswer)
		}, consult.PhaseTransferred},
		{"does not come back: the queue takes the call", func(c *consult.Config) {
			c.Agent.Lost, c.Agent.LostTarget = "queue", "tax"
		}, func(w *world, id consult.InteractionID) {
			w.until("anja", id, "offered", func(v consult.View) bool { return v.Consult.Party != nil && v.Consult.Party.ID != expertID })
			w.act(id, consult.PartyConsulted, memswitch.ActAnswer)
		}, consult.PhaseTransferred},
	}
	must(principals())(t)
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				change := tt.change
				if change == nil {
					change = func(*consult.Config) {}
				}
				w := newWorld(t, change)
				id := w.consulting(theExpert)
				w.act(id, consult.PartyAgent, memswitch.ActLost)
				v := w.until("anja", id, "waiting for the owner", func(v consult.View) bool { return v.Pending != nil })
				if v.Customer.State != "held" {
					t.Errorf("the customer is %s", v.Customer.State)
				}
				if _, err := w.do("anja", id, consult.Command{Action: consult.ActionTransfer}); !as[*consult.PhaseError](err) {
					t.Errorf("a command meanwhile: %v", err)
				}
				tt.play(w, id)
				w.phase("anja", id, tt.want)
			})
		})
	}
}

func TestALostOwnersTelephoneStopsRingingWhenTheirColdTransferIsAnswered(t *testing.T) {
	must(principals())(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		id := w.call()
		w.consult(id, consult.ActionColdTransfer, theExpert)
		w.until("anja", id, "ringing", func(v consult.View) bool { return v.Consult.State == "ringing" })
		w.act(id, consult.PartyAgent, memswitch.ActLost)
		w.act(id, consult.PartyConsulted, memswitch.ActAnswer)
		w.phase("anja", id, consult.PhaseTransferred)
		synctest.Wait()
		w.pictureIsRight(id)
		for _, l := range w.sw.Lines() {
			if l.Party == consult.PartyAgent {
				t.Errorf("still there: %+v", l)
			}
		}
	})
}

func TestTheQueueForLostCallsIsTheOrganisationsOwn(t *testing.T) {
	theirs := consult.QueueConfig{ID: "lost", Tenant: "another", Name: "Another organisation's"}
	must(principals())(t)
	for _, tt := range []struct {
		name   string
		queues []consult.QueueConfig
		want   consult.Phase
	}{
		{"both have one of this id", []consult.QueueConfig{{ID: "lost", Tenant: tenant, Name: "Verloren"}, theirs}, consult.PhaseConsultRequested},
		{"only another one has it: everybody is released", []consult.QueueConfig{theirs}, consult.PhaseWrapUp},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, func(c *consult.Config) {
					c.Queues, c.Agent.Lost, c.Agent.LostTarget = tt.queues, "queue", "lost"
				})
				id := w.call()
				w.act(id, consult.PartyAgent, memswitch.ActLost)
				v := w.until("sven", id, string(tt.want), func(v consult.View) bool { return v.Phase == tt.want })
				if v.Consult != nil && v.Consult.Target.Name != "Verloren" {
					t.Errorf("the queue is called %q", v.Consult.Target.Name)
				}
			})
		})
	}
}

func TestAHangUpInAConsultCanCountAsLost(t *testing.T) {
	w := newWorld(t, func(c *consult.Config) { c.Agent.HangupInConsult = "keep" })
	id := w.consulting(theExpert)
	w.act(id, consult.PartyAgent, memswitch.ActHangup)
	w.act(id, consult.PartyAgent, memswitch.ActAnswer)
	w.phase("anja", id, consult.PhaseConsulting)
}
