package consulttest

import "teamsbridge/consult"

var hangupChecks = []Check{
	{Name: "hanging up a connected leg ends it and no other", Run: func(t T, r Rig) {
		id, call, expert := r.consulted(t)
		r.hangup(t, id, expert)
		r.next(t, consult.EventEnded, expert)
		r.legs(t, id, up(call.CustomerLeg, consult.PartyCustomer), up(call.AgentLeg, consult.PartyAgent))
	}},
	{Name: "withdrawing a ringing telephone is told as withdrawn", Run: func(t T, r Rig) {
		id, call := r.connect(t)
		r.ring(t, id, "expert")
		r.hangup(t, id, "expert")
		if e := r.next(t, consult.EventFailed, "expert"); e.Reason != consult.FailureWithdrawn {
			t.Fatalf("reason %q, want %q", e.Reason, consult.FailureWithdrawn)
		}
		r.legs(t, id, up(call.CustomerLeg, consult.PartyCustomer), up(call.AgentLeg, consult.PartyAgent))
	}},
	{Name: "hanging up twice ends once", Run: func(t T, r Rig) {
		id, call, expert := r.consulted(t)
		r.hangup(t, id, expert)
		r.hangup(t, id, expert)
		r.next(t, consult.EventEnded, expert)
		r.arranged(t, id, talk(1, call.CustomerLeg, call.AgentLeg))
	}},
	{Name: "hanging up a leg that never was is no error and says nothing", Run: func(t T, r Rig) {
		id, call := r.connect(t)
		r.hangup(t, id, "nobody")
		r.hangup(t, "no-interaction", "nobody")
		r.arranged(t, id, talk(1, call.CustomerLeg, call.AgentLeg))
	}},
	{Name: "the customer's hang-up ends the customer's leg only", Run: func(t T, r Rig) {
		id, call, expert := r.consulted(t)
		r.act(t, id, consult.PartyCustomer, "hangup", consult.EventEnded, call.CustomerLeg)
		r.legs(t, id, up(call.AgentLeg, consult.PartyAgent), up(expert, consult.PartyConsulted))
	}},
	{Name: "the agent's hang-up leaves the customer connected", Run: func(t T, r Rig) {
		id, call := r.connect(t)
		r.act(t, id, consult.PartyAgent, "hangup", consult.EventEnded, call.AgentLeg)
		r.legs(t, id, up(call.CustomerLeg, consult.PartyCustomer))
	}},
	{Name: "the consulted party's hang-up leaves customer and agent connected", Run: func(t T, r Rig) {
		id, call, expert := r.consulted(t)
		r.act(t, id, consult.PartyConsulted, "hangup", consult.EventEnded, expert)
		r.legs(t, id, up(call.CustomerLeg, consult.PartyCustomer), up(call.AgentLeg, consult.PartyAgent))
	}},
	{Name: "an interaction without legs is no longer there", Run: func(t T, r Rig) {
		id, call := r.connect(t)
		for _, leg := range []consult.LegID{call.AgentLeg, call.CustomerLeg} {
			r.hangup(t, id, leg)
			r.next(t, consult.EventEnded, leg)
		}
		calls, err := r.Calls(t.Context())
		if err != nil || len(calls) > 0 {
			t.Fatalf("Calls = %v, %v; want none", calls, err)
		}
	}},
}
