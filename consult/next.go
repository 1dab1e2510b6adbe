package consult

import (
	"errors"
	"slices"

	"teamsbridge/sso"
)

// errLate is an event that came too late, or belongs to nothing; nothing changes.
var errLate = errors.New("consult: late event")

// cell is the decision for one phase, actor and input: a rule, or why not.
type cell struct {
	rule *rule
	why  refusal // of a command
	late bool    // an event that is dropped
}

func (c *cell) decided() bool { return c.rule != nil || c.why != "" || c.late }

// cells is the whole grid, put together from the four tables.
var cells = func() (t [phaseCount][actorCount][inputCount]cell) {
	for i := range rules {
		r := &rules[i]
		t[phaseIndex(r.phase)][r.actor][r.input].rule = r
	}
	for _, s := range strangers {
		for p := range t {
			for _, in := range s.inputs {
				decide(&t[p][s.actor][in], in, reasonNotYourPart)
			}
		}
	}
	for _, r := range refusals {
		for _, in := range r.inputs {
			decide(&t[phaseIndex(r.phase)][r.actor][in], in, r.why)
		}
	}
	for _, l := range lates {
		for _, in := range l.inputs {
			decide(&t[phaseIndex(l.phase)][l.actor][in], in, "")
		}
	}
	return t
}()

// decide fills a cell that has no rule.
func decide(c *cell, in InputKind, why refusal) {
	if in.command() {
		c.why = why
		return
	}
	c.late = true
}

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
	c := &cells[phaseIndex(s.Phase)][in.Actor][in.Kind]
	if in.Kind.command() {
		if why := refuse(s, c, in); why != "" {
			return nil, why, nil
		}
		return c.rule, "", nil
	}
	if c.rule == nil || !meant(s, in) {
		return nil, "", errLate
	}
	return c.rule, "", nil
}

// refuse says why a command is not possible.
func refuse(s *State, c *cell, in *Input) refusal {
	switch in.Kind {
	case InWrapUp, InPauseWrapUp: // wait for nobody
		if c.rule == nil {
			return c.why
		}
		return refuseWrapUp(s, in)
	default: // everything else waits for what the switch is doing
		if s.busy() && c.why != reasonNotYourPart {
			return reasonPending
		}
		return c.why
	}
}

// refuseWrapUp says why a wrap-up cannot be given or paused where the phase allows it.
func refuseWrapUp(s *State, in *Input) refusal {
	w := s.openWrapUp(in.Agent)
	if w == nil || in.Kind == InPauseWrapUp && (!w.Pausable || w.Paused) {
		return reasonWrongPhase
	}
	return ""
}

// busy reports whether the switch is at work on a command, or gets the owner back.
func (s *State) busy() bool { return s.Pending != nil || s.Lost != nil }

// meant says whether an event belongs to what is going on.
func meant(s *State, in *Input) bool {
	switch in.Kind {
	case InHungUp, InFailed:
		return in.Leg != "" && in.Leg == legOf(s, in.Actor)
	case InRinging:
		return s.rings(in.Leg) && s.Consult.State == consultRequested
	case InAnswered:
		return s.rings(in.Leg)
	case InAsked:
		return s.rings(in.Leg) && !s.Consult.Asked
	case InHolds:
		return s.legs()[in.Leg] && !slices.Contains(s.Holding, in.Leg)
	case InBack:
		return slices.Contains(s.Holding, in.Leg)
	case InRingTimeout:
		return s.rings(in.Leg) && s.Pending == nil
	case InArranged, InArrangeFailed:
		if in.Seq == 0 { // no picture was told yet
			return false
		}
		return s.Pending != nil && s.Pending.Seq == in.Seq || s.Consult.live() && s.Consult.Hold == in.Seq
	case InOffer:
		return s.waiting()
	case InLost:
		return in.Leg != "" && in.Leg == legOf(s, in.Actor)
	case InReturned, InNotReturned:
		return s.Lost != nil && s.Lost.Leg != "" && in.Leg == s.Lost.Leg
	case InHoldWarn:
		return !s.Customer.Warned && s.Pending == nil
	case InHoldMax:
		return s.Pending == nil && s.Lost == nil
	case InHangupFailed:
		return s.Pending != nil && s.Pending.Input == InEnd && in.Leg == s.Customer.Leg
	case InWrapUpTimeout:
		w := s.openWrapUp(in.Agent)
		return w != nil && !w.DueAt.IsZero()
	default: // a command is not asked here; a call is the first of its interaction
		return false
	}
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
	default: // they speak through their pages, or are timers
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
	case RoleSupervisor: // only reads
	}
	return 0, false
}

// allowed lists what an agent may do now, in the contract's order.
func (s *State) allowed(agent sso.AgentID) []Action {
	list := []Action{}
	for i, a := range Actions {
		kind := InputKind(i) // fourteen actions
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
