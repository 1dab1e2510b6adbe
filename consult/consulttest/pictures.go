package consulttest

import "teamsbridge/consult"

// talk is a picture in which the legs talk together and nobody is held.
func talk(seq uint64, legs ...consult.LegID) consult.Arrangement {
	return consult.Arrangement{Seq: seq, Cause: consult.ActionResume, Talk: legs}
}

var pictureChecks = []Check{
	{Name: "a picture is confirmed under its number", Run: func(t T, r Rig) {
		id, call := r.connect(t)
		r.arranged(t, id, consult.Arrangement{Seq: 1, Cause: consult.ActionHold, Hold: []consult.LegID{call.CustomerLeg}})
		if seq := r.legs(t, id, up(call.CustomerLeg, consult.PartyCustomer), up(call.AgentLeg, consult.PartyAgent)); seq != 1 {
			t.Fatalf("picture %d is true, want 1", seq)
		}
	}},
	{Name: "the same picture again is confirmed again", Run: func(t T, r Rig) {
		id, call := r.connect(t)
		for range 3 {
			r.arranged(t, id, talk(7, call.CustomerLeg, call.AgentLeg))
		}
	}},
	{Name: "every picture of a consult comes true, up to the transfer", Run: func(t T, r Rig) {
		id, call, expert := r.consulted(t)
		customer, agent := call.CustomerLeg, call.AgentLeg
		for _, a := range []consult.Arrangement{
			{Seq: 1, Cause: consult.ActionConsult, Talk: []consult.LegID{agent, expert}, Hold: []consult.LegID{customer}},
			{Seq: 2, Cause: consult.ActionResume, Talk: []consult.LegID{customer, agent}, Hold: []consult.LegID{expert}},
			{Seq: 3, Cause: consult.ActionResumeExpert, Talk: []consult.LegID{agent, expert}, Hold: []consult.LegID{customer}},
			{Seq: 4, Cause: consult.ActionConference, Talk: []consult.LegID{customer, agent, expert}},
			{Seq: 5, Cause: consult.ActionTransfer, Talk: []consult.LegID{customer, expert}},
		} {
			r.arranged(t, id, a)
		}
	}},
	{Name: "a picture never ends a leg, named or not", Run: func(t T, r Rig) {
		id, call, expert := r.consulted(t)
		r.arranged(t, id, consult.Arrangement{Seq: 1, Cause: consult.ActionTransfer, Talk: []consult.LegID{call.CustomerLeg, expert}})
		r.legs(t, id, up(call.CustomerLeg, consult.PartyCustomer), up(call.AgentLeg, consult.PartyAgent), up(expert, consult.PartyConsulted))
	}},
	{Name: "a picture leaves a ringing telephone ringing", Run: func(t T, r Rig) {
		id, call := r.connect(t)
		r.ring(t, id, "expert")
		r.arranged(t, id, consult.Arrangement{Seq: 1, Cause: consult.ActionHold, Hold: []consult.LegID{call.CustomerLeg}})
		r.act(t, id, consult.PartyConsulted, "answer", consult.EventAnswered, "expert")
	}},
	{Name: "a picture with a telephone that still rings fails, and the one before stays", Run: func(t T, r Rig) {
		id, call := r.connect(t)
		r.arranged(t, id, talk(1, call.CustomerLeg, call.AgentLeg))
		r.ring(t, id, "expert")
		r.arrange(t, id, talk(2, call.AgentLeg, "expert"))
		r.refused(t, 2)
		if seq := r.legs(t, id, up(call.CustomerLeg, consult.PartyCustomer), up(call.AgentLeg, consult.PartyAgent), ringing("expert")); seq != 1 {
			t.Fatalf("picture %d is true, want 1", seq)
		}
	}},
	{Name: "a picture with somebody who has hung up fails, and the one before stays", Run: func(t T, r Rig) {
		id, call, expert := r.consulted(t)
		r.arranged(t, id, talk(1, call.AgentLeg, expert))
		r.act(t, id, consult.PartyCustomer, "hangup", consult.EventEnded, call.CustomerLeg)
		r.arrange(t, id, consult.Arrangement{Seq: 2, Cause: consult.ActionTransfer, Talk: []consult.LegID{call.CustomerLeg, expert}})
		r.refused(t, 2)
		if seq := r.legs(t, id, up(call.AgentLeg, consult.PartyAgent), up(expert, consult.PartyConsulted)); seq != 1 {
			t.Fatalf("picture %d is true, want 1", seq)
		}
	}},
	{Name: "a picture that comes after a newer one fails", Run: func(t T, r Rig) {
		id, call := r.connect(t)
		r.arranged(t, id, talk(2, call.CustomerLeg, call.AgentLeg))
		r.arrange(t, id, consult.Arrangement{Seq: 1, Cause: consult.ActionHold, Hold: []consult.LegID{call.CustomerLeg}})
		r.refused(t, 1)
		if seq := r.legs(t, id, up(call.CustomerLeg, consult.PartyCustomer), up(call.AgentLeg, consult.PartyAgent)); seq != 2 {
			t.Fatalf("picture %d is true, want 2", seq)
		}
	}},
	{Name: "a picture of an interaction that is over fails", Run: func(t T, r Rig) {
		id, call := r.connect(t)
		r.act(t, id, consult.PartyCustomer, "hangup", consult.EventEnded, call.CustomerLeg)
		r.act(t, id, consult.PartyAgent, "hangup", consult.EventEnded, call.AgentLeg)
		r.arrange(t, id, talk(1, call.CustomerLeg, call.AgentLeg))
		r.refused(t, 1)
	}},
}
