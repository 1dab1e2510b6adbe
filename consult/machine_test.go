package consult

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"teamsbridge/sso"
)

// The property test drives next and apply alone: a random world of commands,
// events, failures and timers, without switch, store or clock.

func drawSettings(t *rapid.T) *settings {
	set := &settings{
		afterEnd: rapid.SampledFrom([]Phase{PhaseActive, PhaseHeld}).Draw(t, "after end"),
		wrapUp:   rapid.Bool().Draw(t, "wrap-up"), keepHungUp: rapid.Bool().Draw(t, "keep hung up"),
		resumeHeld: true, acceptance: rapid.Bool().Draw(t, "acceptance"),
	}
	switch rapid.IntRange(0, 2).Draw(t, "lost") {
	case 1:
		set.lost, set.lostQueues = &Target{Kind: TargetQueue, ID: "q"}, map[string]string{"another": "Queue"}
		if rapid.Bool().Draw(t, "the organisation has the queue") {
			set.lostQueues["t"] = "Queue"
		}
	case 2:
		set.lost = &Target{Kind: TargetDialNumber, Number: "+4930900"}
		set.lostParty = &ConsultParty{ID: "+4930900", Name: "+4930900"}
	}
	return set
}

const (
	ownerID  sso.AgentID = "agent-1"
	secondID sso.AgentID = "agent-2"
)

func newState() *State {
	return start(Input{Kind: InCall, At: time.Unix(0, 0), Call: &CallInput{
		Interaction: "i", Tenant: "t", CustomerLeg: "i-c", From: "+4915112345", AgentLeg: "i-a", Agent: ownerID, AgentName: "Anja",
	}})
}

// permittedEnd says whether the product permits that this input ended the
// customer's call.
func permittedEnd(s *State, in Input, set *settings) bool {
	switch {
	case in.Kind == InHungUp && in.Actor == ActorCustomer:
		return true // their own hang-up, or the owner's End carried out
	case in.Kind == InHungUp && in.Actor == ActorAgent1:
		return s.Phase != PhaseConferenced
	case in.Kind == InHungUp && in.Actor == ActorSwitch && s.Phase == PhaseTransferred:
		return true // the expert's, after a transfer
	case in.Kind == InNotReturned:
		return set.takerOfLost("t") == nil && s.Phase != PhaseConferenced // agent.lost: release
	}
	return s.gaveUp() // nobody was left to take the call
}

func TestWhateverHappensTheRulesHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, set := newState(), drawSettings(t)
		var journal []Input
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			in := drawInput(t, s)
			before := s
			r, why, err := next(s, &in)
			if r == nil {
				if in.Kind.command() && why == "" || !in.Kind.command() && err == nil {
					t.Fatalf("%s %s in %s: neither decided nor refused", in.Actor, in.Kind, s.Phase)
				}
				continue
			}
			c := apply(s, r, in, set)
			s = c.s
			journal = append(journal, in)
			check(t, before, s, in, c, set)
		}
		replayed := newState()
		for _, in := range journal {
			r, _, _ := next(replayed, &in)
			if r == nil {
				t.Fatalf("replay refuses %s %s", in.Actor, in.Kind)
			}
			replayed = apply(replayed, r, in, set).s
		}
		if diff := cmp.Diff(s, replayed); diff != "" {
			t.Fatalf("replaying the journal gives another state:\n%s", diff)
		}
	})
}

func check(t *rapid.T, before, s *State, in Input, c *change, set *settings) {
	if s.Version != before.Version+1 {
		t.Fatalf("version %d after %d", s.Version, before.Version)
	}
	gone := s.Phase == PhaseWrapUp || s.Phase == PhaseEnded
	was := before.Phase == PhaseWrapUp || before.Phase == PhaseEnded
	if gone && !was && !permittedEnd(before, in, set) {
		t.Fatalf("the customer was dropped by %s %s in %s", in.Actor, in.Kind, before.Phase)
	}
	for _, f := range c.effects {
		if f.kind == effectHangup && f.leg == before.Customer.Leg && !gone && in.Kind != InEnd {
			t.Fatalf("the customer's leg was hung up by %s %s in %s", in.Actor, in.Kind, before.Phase)
		}
	}
	legs := s.legs()
	noneLeft(t, before, legs, in, c)
	for i, leg := range s.Holding {
		if !legs[leg] || slices.Contains(s.Holding[:i], leg) {
			t.Fatalf("%s: leg %q holds, which is gone or counted twice", s.Phase, leg)
		}
	}
	if !gone {
		if s.Customer.Leg == "" {
			t.Fatalf("%s without a customer", s.Phase)
		}
		if (s.Owner == nil) == (s.Taker == nil) {
			t.Fatalf("%s: exactly one has the customer, owner %v taker %v", s.Phase, s.Owner, s.Taker)
		}
		if s.Customer.State == customerHeld && s.Owner == nil {
			t.Fatalf("the customer is on hold and nobody can bring them back")
		}
		// Nobody is on hold without a way back.
		if s.Pending == nil && s.Lost == nil && s.Customer.State == customerHeld && len(s.allowed(s.Owner.Agent)) == 0 {
			t.Fatalf("%s: the owner can do nothing", s.Phase)
		}
		if s.gaveUp() && (s.Phase != PhaseConsultRequested || !s.Consult.live()) {
			t.Fatalf("%s: the owner stays lost and nobody is asked to take the call", s.Phase)
		}
	}
	live := s.Phase == PhaseConsulting || s.Phase == PhaseSwapped || s.Phase == PhaseConferenced
	if live && (!s.Consult.live() || s.Consult.Leg == "") {
		t.Fatalf("%s without a consulted party", s.Phase)
	}
	if s.Phase == PhaseEnded && s.anyWrapUp() {
		t.Fatal("ended with an open wrap-up")
	}
	if s.Phase == PhaseWrapUp && !s.anyWrapUp() {
		t.Fatal("wrap-up without anybody who has to")
	}
	// The actions offered are exactly those accepted.
	for _, agent := range []sso.AgentID{ownerID, secondID} {
		offered := map[Action]bool{}
		for _, a := range s.allowed(agent) {
			offered[a] = true
		}
		for i, a := range Actions {
			actor, ok := s.actorOf(agent, InputKind(i))
			accepted := false
			if ok {
				_, why, _ := next(s, &Input{Kind: InputKind(i), Actor: actor, Agent: agent})
				accepted = why == ""
			}
			if accepted != offered[a] {
				t.Fatalf("%s in %s: offered %v, accepted %v", a, s.Phase, offered[a], accepted)
			}
		}
	}
}

// noneLeft demands that every leg of which the call knows no more is gone by
// itself or hung up: no telephone stays connected to nothing, or rings for nobody.
func noneLeft(t *rapid.T, before *State, legs map[LegID]bool, in Input, c *change) {
	for leg := range before.legs() {
		k := before.Consult
		switch {
		case legs[leg]:
		case leg == in.Leg && slices.Contains([]InputKind{InHungUp, InFailed, InLost}, in.Kind):
		case k.live() && k.Leg == leg && k.Refused != "": // was never dialled
		case slices.ContainsFunc(c.effects, func(f effect) bool { return f.kind == effectHangup && f.leg == leg }):
		default:
			t.Fatalf("leg %q is left by %s %s in %s", leg, in.Actor, in.Kind, before.Phase)
		}
	}
}

// A refused command changes nothing: next has no state to change, so it is
// enough that it decides without one.
func BenchmarkNext(b *testing.B) {
	s := newState()
	in := Input{Kind: InHold, Actor: ActorAgent1, Agent: ownerID}
	b.ReportAllocs()
	for b.Loop() {
		if r, _, _ := next(s, &in); r == nil {
			b.Fatal("refused")
		}
	}
}
