package consulttest

import "teamsbridge/consult"

var dialChecks = []Check{
	{Name: "a dialled telephone rings", Run: func(t T, r Rig) {
		id, call := r.connect(t)
		r.ring(t, id, "expert")
		r.legs(t, id, up(call.CustomerLeg, consult.PartyCustomer), up(call.AgentLeg, consult.PartyAgent), ringing("expert"))
	}},
	{Name: "dialling a leg that exists rings nobody again", Run: func(t T, r Rig) {
		id, _ := r.connect(t)
		r.ring(t, id, "expert")
		r.dial(t, id, "expert")
		r.act(t, id, consult.PartyConsulted, "answer", consult.EventAnswered, "expert")
	}},
	{Name: "an answered telephone is connected", Run: func(t T, r Rig) {
		id, call, expert := r.consulted(t)
		r.legs(t, id, up(call.CustomerLeg, consult.PartyCustomer), up(call.AgentLeg, consult.PartyAgent), up(expert, consult.PartyConsulted))
	}},
	{Name: "a declined telephone is told as declined", Run: failsAs("decline", consult.FailureDeclined)},
	{Name: "a busy telephone is told as busy", Run: failsAs("busy", consult.FailureBusy)},
	{Name: "an unanswered telephone is told as no answer", Run: failsAs("no-answer", consult.FailureNoAnswer)},
	{Name: "a voicemail is told as voicemail, never as an answer", Voicemail: true, Run: failsAs("voicemail", consult.FailureVoicemail)},
	{Name: "hanging up a ringing telephone is to decline", Run: failsAs("hangup", consult.FailureDeclined)},
	{Name: "a declined telephone can be dialled again under another leg", Run: func(t T, r Rig) {
		id, _ := r.connect(t)
		r.ring(t, id, "first")
		r.act(t, id, consult.PartyConsulted, "decline", consult.EventFailed, "first")
		r.ring(t, id, "second")
		r.act(t, id, consult.PartyConsulted, "answer", consult.EventAnswered, "second")
	}},
	{Name: "accepting on the page answers the telephone", Answerer: true, Run: func(t T, r Rig) {
		id, call := r.connect(t)
		r.ring(t, id, "expert")
		if err := r.Switch.(consult.Answerer).Answer(t.Context(), id, "expert"); err != nil {
			t.Fatalf("Answer: %v", err)
		}
		r.next(t, consult.EventAnswered, "expert")
		r.legs(t, id, up(call.CustomerLeg, consult.PartyCustomer), up(call.AgentLeg, consult.PartyAgent), up("expert", consult.PartyConsulted))
	}},
	{Name: "accepting on the page what was answered by hand changes nothing", Answerer: true, Run: func(t T, r Rig) {
		id, call, expert := r.consulted(t)
		if err := r.Switch.(consult.Answerer).Answer(t.Context(), id, expert); err != nil {
			t.Fatalf("Answer: %v", err)
		}
		r.arranged(t, id, talk(1, call.AgentLeg, expert))
	}},
	{Name: "accepting on the page what rings no more is an error", Answerer: true, Run: func(t T, r Rig) {
		id, _ := r.connect(t)
		r.ring(t, id, "expert")
		r.act(t, id, consult.PartyConsulted, "decline", consult.EventFailed, "expert")
		if err := r.Switch.(consult.Answerer).Answer(t.Context(), id, "expert"); err == nil {
			t.Fatalf("Answer: no error, want one")
		}
	}},
}

// failsAs lets a ringing party act so that they are not reached.
func failsAs(act string, reason consult.FailureReason) func(T, Rig) {
	return func(t T, r Rig) {
		id, call := r.connect(t)
		r.ring(t, id, "expert")
		if e := r.act(t, id, consult.PartyConsulted, act, consult.EventFailed, "expert"); e.Reason != reason {
			t.Fatalf("reason %q, want %q", e.Reason, reason)
		}
		r.legs(t, id, up(call.CustomerLeg, consult.PartyCustomer), up(call.AgentLeg, consult.PartyAgent))
	}
}
