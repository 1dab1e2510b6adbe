package consult

import (
	"errors"

	"teamsbridge/sso"
)

// errLate is an event that came too late, or belongs to nothing; nothing changes.
var errLate = errors.New("consult: late event")

// cells finds the rule of a cell: phase × actor × input.
var cells = func() (t [phaseCount][actorCount][inputCount]*rule) {
	for i := range rules {
		r := &rules[i]
		cell := &t[phaseIndex(r.phase)][r.actor][r.input]
		if *cell != nil {
			panic("consult: two rules for one cell: " + string(r.phase) + " " + r.actor.String() + " " + r.input.String())
		}
		*cell = r
	}
	return t
}()

// everAllowed says whether an actor may ever do an input, in any phase.
var everAllowed = func() (t [actorCount][inputCount]bool) {
	for _, r := range rules {
		t[r.actor][r.input] = true
	}
	return t
}()

const phaseCount = 9

// phases lists the phases in the product's order.
var phases = [phaseCount]Phase{
	PhaseActive, PhaseHeld, PhaseConsultRequested, PhaseConsulting, PhaseSwapped, PhaseConferenced,
	PhaseTransferred, PhaseWrapUp, PhaseEnded,
}

func phaseIndex(p Phase) int {
	for i, x := range phases {
		if x == p {
			return i
		}
	}
	panic("consult: unknown phase " + string(p))
}

// The reasons why an action is not allowed, in the words of the HTTP contract.
const (
	reasonWrongPhase       = "wrong-phase"
	reasonPending          = "pending"
	reasonSSORequired      = "sso-required"
	reasonNotYourPart      = "not-your-part"
	reasonNoneToTransferTo = "none-to-transfer-to"
)

// refusal is why a command is refused; "" means it is not.
type refusal string

// next decides: the rule that applies, or why none does. For commands the
// refusal is a contract reason; for events errLate. It is pure and changes nothing.
func next(s *State, in *Input) (*rule, refusal, error) {
	r := cells[phaseIndex(s.Phase)][in.Actor][in.Kind]
	if in.Kind.command() {
		if why := refuse(s, r, in); why != "" {
			return nil, why, nil
		}
		return r, "", nil
	}
	if r == nil || !meant(s, in) {
		return nil, "", errLate
	}
	return r, "", nil
}

// refuse says why a command is not possible.
func refuse(s *State, r *rule, in *Input) refusal {
	if r == nil {
		switch {
		case !everAllowed[in.Actor][in.Kind]:
			return reasonNotYourPart
		case in.Kind == InTransfer && cells[phaseIndex(s.Phase)][in.Actor][InColdTransfer] != nil:
			return reasonNoneToTransferTo
		}
		return reasonWrongPhase
	}
	switch in.Kind {
	case InWrapUp:
		if s.openWrapUp(in.Agent) == nil {
			return reasonWrongPhase
		}
		return ""
	case InPauseWrapUp:
		if w := s.openWrapUp(in.Agent); w == nil || !w.Pausable || w.Paused {
			return reasonWrongPhase
		}
		return ""
	}
	if s.Pending != nil {
		return reasonPending
	}
	return ""
}

// meant says whether an event belongs to what is going on.
func meant(s *State, in *Input) bool {
	switch in.Kind {
	case InHungUp, InFailed:
		return in.Leg != "" && in.Leg == legOf(s, in.Actor)
	case InRinging:
		return s.rings(in.Leg) && s.Consult.State == consultRequested
	case InAnswered:
		return s.rings(in.Leg)
	case InRingTimeout:
		return s.rings(in.Leg) && s.Pending == nil
	case InArranged, InArrangeFailed:
		if in.Seq == 0 { // no picture was told yet
			return false
		}
		return s.Pending != nil && s.Pending.Seq == in.Seq || s.Consult.live() && s.Consult.Hold == in.Seq
	case InHangupFailed:
		return s.Pending != nil && s.Pending.Input == InEnd && in.Leg == s.Customer.Leg
	case InWrapUpTimeout:
		w := s.openWrapUp(in.Agent)
		return w != nil && !w.DueAt.IsZero()
	}
	return false
}

// rings reports whether the leg is the consulted party's, dialled and not yet answered.
func (s *State) rings(leg LegID) bool {
	k := s.Consult
	return leg != "" && k.live() && k.Leg == leg && (k.State == consultRequested || k.State == consultRinging)
}

// legOf is the actor's leg: for the switch, that of the consulted party or of
// whoever took the customer.
func legOf(s *State, a Actor) LegID {
	switch a {
	case ActorCustomer:
		return s.Customer.Leg
	case ActorAgent1:
		if s.Owner != nil {
			return s.Owner.Leg
		}
	case ActorSwitch:
		if s.Consult.live() {
			return s.Consult.Leg
		}
		if s.Taker != nil {
			return s.Taker.Leg
		}
	}
	return ""
}

// actorOf says as whom an agent gives a command: whoever has an open wrap-up
// and is no longer the owner wraps up as former.
func (s *State) actorOf(agent sso.AgentID, kind InputKind) (Actor, bool) {
	role := s.roleOf(agent)
	if (kind == InWrapUp || kind == InPauseWrapUp) && role != RoleAgent1 && s.openWrapUp(agent) != nil {
		return ActorFormer, true
	}
	// An owner again, whose earlier wrap-up is still open, may close that one.
	if (kind == InWrapUp || kind == InPauseWrapUp) && role == RoleAgent1 && s.Phase != PhaseWrapUp && s.openWrapUp(agent) != nil {
		return ActorFormer, true
	}
	switch role {
	case RoleAgent1:
		return ActorAgent1, true
	case RoleAgent2:
		return ActorAgent2, true
	case RoleFormer:
		return ActorFormer, true
	}
	return 0, false
}

// allowed lists what an agent may do now, in the contract's order.
func (s *State) allowed(agent sso.AgentID) []Action {
	list := []Action{}
	for i, a := range Actions {
		kind := InputKind(i) //nolint:gosec // fourteen actions
		actor, ok := s.actorOf(agent, kind)
		if !ok {
			continue
		}
		if _, why, _ := next(s, &Input{Kind: kind, Actor: actor, Agent: agent}); why == "" {
			list = append(list, a)
		}
	}
	return list
}
