package consulttest

import (
	"errors"

	"teamsbridge/consult"
)

var callChecks = []Check{
	{Name: "a call arrives with both legs, the customer's number and the agent", Run: func(t T, r Rig) {
		_, call := r.connect(t)
		if call.CustomerLeg == "" || call.AgentLeg == "" || call.CustomerLeg == call.AgentLeg {
			t.Fatalf("legs %q and %q, want two", call.CustomerLeg, call.AgentLeg)
		}
		if call.From != "+4915112345" || call.Agent != "anja" || call.Tenant != "tenant" {
			t.Fatalf("call %+v, want what was played", call)
		}
	}},
	{Name: "a new call is two connected legs and no picture yet", Run: func(t T, r Rig) {
		id, call := r.connect(t)
		if seq := r.legs(t, id, up(call.CustomerLeg, consult.PartyCustomer), up(call.AgentLeg, consult.PartyAgent)); seq != 0 {
			t.Fatalf("picture %d, want none", seq)
		}
	}},
	{Name: "a call that the service refuses is over, or told again", Run: func(t T, r Rig) {
		refusal := errors.New("storage unavailable")
		told := make(chan error, 1)
		go func() {
			_, err := r.Call(t.Context(), consult.Call{Tenant: "tenant", From: "+4915112345", Agent: "anja"})
			told <- err
		}()
		e := r.next(t, consult.EventCall, "")
		e.Ack(refusal)
		if err := <-told; !errors.Is(err, refusal) {
			t.Fatalf("Call: %v, want the service's refusal", err)
		}
		if calls, err := r.Calls(t.Context()); err != nil {
			t.Fatalf("Calls: %v", err)
		} else if len(calls) > 0 { // they talk, and nobody drops them for the service's sake
			if again := r.next(t, consult.EventCall, ""); again.Interaction != e.Interaction {
				t.Fatalf("told of %q, want %q again", again.Interaction, e.Interaction)
			}
		}
	}},
	{Name: "two calls have ids and legs of their own", Run: func(t T, r Rig) {
		first, a := r.connect(t)
		second, b := r.connect(t)
		if first == second || a.CustomerLeg == b.CustomerLeg || a.AgentLeg == b.AgentLeg {
			t.Fatalf("calls %q and %q share an id", first, second)
		}
		r.act(t, first, consult.PartyCustomer, "hangup", consult.EventEnded, a.CustomerLeg)
		r.legs(t, first, up(a.AgentLeg, consult.PartyAgent))
		r.legs(t, second, up(b.CustomerLeg, consult.PartyCustomer), up(b.AgentLeg, consult.PartyAgent))
	}},
	{Name: "stopping the switch closes the events", Run: func(t T, r Rig) {
		r.connect(t)
		if err := r.Close(); err != nil {
			t.Fatalf("Close: %v", err)
		}
		for e := range r.Events() {
			t.Fatalf("event %+v after the end", e)
		}
	}},
}

var orderChecks = []Check{
	{Name: "an act is answered when the service has acknowledged it, not before", Run: func(t T, r Rig) {
		id, call := r.connect(t)
		told := make(chan error, 1)
		go func() { told <- r.Act(t.Context(), id, consult.PartyCustomer, "hangup") }()
		e := r.next(t, consult.EventEnded, call.CustomerLeg)
		r.legs(t, id, up(call.AgentLeg, consult.PartyAgent))
		select {
		case err := <-told:
			t.Fatalf("Act answered %v before the acknowledgement", err)
		default:
		}
		e.Ack(nil)
		if err := <-told; err != nil {
			t.Fatalf("Act: %v", err)
		}
	}},
	{Name: "the service's refusal of an event reaches the person who acted", Run: func(t T, r Rig) {
		id, _ := r.connect(t)
		r.ring(t, id, "expert")
		refusal := errors.New("too late")
		told := make(chan error, 1)
		go func() { told <- r.Act(t.Context(), id, consult.PartyConsulted, "answer") }()
		r.next(t, consult.EventAnswered, "expert").Ack(refusal)
		if err := <-told; !errors.Is(err, refusal) {
			t.Fatalf("Act: %v, want the service's refusal", err)
		}
	}},
	{Name: "a reader who comes late blocks nobody and finds every event in order", Run: func(t T, r Rig) {
		id, call := r.connect(t)
		const pictures = 1000
		for seq := uint64(1); seq <= pictures; seq++ {
			r.arrange(t, id, talk(seq, call.CustomerLeg, call.AgentLeg))
		}
		for seq := uint64(1); seq <= pictures; seq++ {
			r.confirmed(t, seq)
		}
	}},
	{Name: "events tell when they happened", Run: func(t T, r Rig) {
		id, _ := r.connect(t)
		r.dial(t, id, "expert")
		if e := r.next(t, consult.EventRinging, "expert"); e.At.IsZero() {
			t.Fatalf("event without a time")
		}
	}},
}
