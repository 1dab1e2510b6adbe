package consult

import (
	"time"

	"pgregory.net/rapid"

	"teamsbridge/sso"
)

// drawInput draws an input that decides something, or any.
func drawInput(t *rapid.T, s *State) Input {
	if rapid.Bool().Draw(t, "any") {
		return drawAny(t, s)
	}
	possible := make([]Input, 0, 32)
	for kind := range inputCount {
		for _, actor := range [...]Actor{ActorCustomer, ActorAgent1, ActorAgent2, ActorFormer, ActorSwitch, ActorSystem} {
			if cells[phaseIndex(s.Phase)][actor][kind].rule == nil {
				continue
			}
			for _, in := range inputs(s, kind, actor) {
				if r, _, _ := next(s, &in); r != nil {
					possible = append(possible, in)
				}
			}
		}
	}
	if len(possible) == 0 { // it has ended
		return drawAny(t, s)
	}
	return possible[rapid.IntRange(0, len(possible)-1).Draw(t, "possible")]
}

// inputs are what an actor may mean by a kind of input.
func inputs(s *State, kind InputKind, actor Actor) (all []Input) {
	if !kind.command() {
		in := event(s, kind, actor)
		if kind != InHolds && kind != InBack {
			return []Input{in}
		}
		for _, holder := range [...]Actor{ActorCustomer, ActorAgent1, ActorSwitch} {
			in.Leg = legOf(s, holder)
			all = append(all, in)
		}
		return all
	}
	for _, agent := range [...]sso.AgentID{ownerID, secondID} {
		if is, ok := s.actorOf(agent, kind); !ok || is != actor {
			continue
		}
		in := Input{Kind: kind, Actor: actor, Agent: agent, At: time.Unix(int64(s.Version), 0)}
		if kind != InConsult && kind != InColdTransfer {
			all = append(all, in)
			continue
		}
		for _, target := range [...]TargetKind{TargetOrganization, TargetAgent, TargetQueue} {
			all = append(all, in.to(target))
		}
	}
	return all
}

// to is the input with a target of a kind.
func (in Input) to(kind TargetKind) Input {
	switch kind {
	case TargetAgent:
		other := secondID
		if in.Agent == secondID {
			other = ownerID
		}
		in.Target = &Target{Kind: TargetAgent, ID: string(other), Number: "+49302", Agent: other}
		in.Party = &ConsultParty{ID: string(other), Name: "Bernd", Agent: other}
	case TargetQueue:
		in.Target, in.Party = &Target{Kind: TargetQueue, ID: "q"}, nil
	default:
		in.Target = &Target{Kind: TargetOrganization, ID: "x", Number: "+49301", Expert: "x"}
		in.Party = &ConsultParty{ID: "x", Name: "Jürgen"}
	}
	return in
}

// event is an event as the engine would tell it of this state.
func event(s *State, kind InputKind, actor Actor) Input {
	in := Input{Kind: kind, Actor: actor, At: time.Unix(int64(s.Version), 0), Leg: legOf(s, actor), Seq: s.Seq, Reason: FailureBusy}
	switch kind {
	case InArranged, InArrangeFailed, InHoldWarn, InHoldMax:
		in.Leg = ""
	case InRingTimeout:
		in.Leg = ""
		if s.Consult.live() {
			in.Leg = s.Consult.Leg
		}
	case InReturned, InNotReturned:
		if s.Lost != nil {
			in.Leg = s.Lost.Leg
		}
	case InOffer:
		in.Leg, in.Party = "", &ConsultParty{ID: "agent-2", Name: "Bernd", Number: "+49302", Agent: secondID}
	case InHangupFailed:
		in.Leg = s.Customer.Leg
	case InWrapUpTimeout:
		in.Leg, in.Agent = "", ownerID
	default: // the actor's own leg
	}
	return in
}

// drawAny draws whatever may come, at a wrong moment too.
func drawAny(t *rapid.T, s *State) Input {
	kind := InputKind(rapid.IntRange(0, int(inputCount)-1).Draw(t, "input"))
	if kind == InCall {
		kind = InHungUp
	}
	if kind.command() {
		in := Input{Kind: kind, At: time.Unix(int64(s.Version), 0)}
		in.Agent = rapid.SampledFrom([]sso.AgentID{ownerID, secondID}).Draw(t, "agent")
		actor, ok := s.actorOf(in.Agent, kind)
		if !ok {
			actor = ActorFormer
		}
		in.Actor = actor
		if kind == InConsult || kind == InColdTransfer {
			in = in.to(rapid.SampledFrom([]TargetKind{TargetOrganization, TargetAgent, TargetQueue}).Draw(t, "target"))
		}
		return in
	}
	in := event(s, kind, rapid.SampledFrom([]Actor{ActorCustomer, ActorAgent1, ActorSwitch, ActorSystem}).Draw(t, "actor"))
	if kind == InHolds || kind == InBack {
		in.Actor = ActorSwitch
		in.Leg = legOf(s, rapid.SampledFrom([]Actor{ActorCustomer, ActorAgent1, ActorSwitch}).Draw(t, "holder"))
	}
	if rapid.IntRange(0, 9).Draw(t, "stale") == 0 {
		in.Leg, in.Seq = "gone", s.Seq-1
	}
	in.Reason = rapid.SampledFrom([]FailureReason{FailureBusy, FailureDeclined, FailureNoAnswer, FailureVoicemail, FailureFailed}).Draw(t, "reason")
	return in
}
