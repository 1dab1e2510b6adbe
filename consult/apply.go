package consult

import (
	"slices"
	"strconv"
	"time"

	"teamsbridge/sso"
)

// resolution says how a pending command ended, for whoever waits for it.
type resolution struct {
	outcome outcome
	reason  FailureReason
}

type outcome uint8

const (
	outcomeNone outcome = iota // nothing was pending, or it still is
	outcomeDone
	outcomeFailed    // the switch did not do it
	outcomeCancelled // something else came first
)

// change is a step under construction: the state after, and what to do then.
type change struct {
	s        *State
	before   *State
	in       Input
	set      *settings
	effects  []effect
	resolved resolution
}

// step is what a rule does besides entering its phase. The name stands in
// docs/states.md.
type step struct {
	name string
	do   func(*change)
}

// apply carries a decided rule out on a copy of the state. It is pure.
func apply(before *State, r *rule, in Input, set *settings) *change {
	c := &change{s: before.clone(), before: before, in: in, set: set}
	c.s.Version++
	if r.when == now {
		if r.to != "" && r.to != before.Phase {
			c.s.Phase, c.s.Pending = r.to, nil
		}
	} else {
		to := r.to
		if in.Kind == InEndConsult {
			to = c.afterEnd()
		}
		c.s.Pending = &Pending{Action: in.Kind.action(), Input: in.Kind, Actor: in.Actor, By: in.Agent, To: to, Since: in.At,
			Scope: in.Scope, Key: in.Key, Role: in.Role}
		if r.when == whenArranged {
			if r.do.do != nil { // before the picture: it decides who is in it
				r.do.do(c)
			}
			c.s.Pending.Seq = c.tell(to, in.Kind.action())
			c.settle()
			return c
		}
	}
	if r.do.do != nil {
		r.do.do(c)
	}
	c.settle()
	return c
}

// settle makes what follows from the phase true in the rest of the state.
func (c *change) settle() {
	if c.s.Phase == PhaseWrapUp && !c.s.anyWrapUp() {
		c.s.Phase = PhaseEnded
	}
	if len(c.s.Holding) > 0 { // who is gone does not hold
		legs := c.s.legs()
		c.s.Holding = slices.DeleteFunc(c.s.Holding, func(l LegID) bool { return !legs[l] })
	}
	state := customerStates[c.s.Phase]
	if c.s.Customer.State != state {
		c.s.Customer.State, c.s.Customer.Since, c.s.Customer.Warned = state, c.in.At, false
	}
	if c.s.Consult.live() {
		if state, ok := consultStates[c.s.Phase]; ok {
			c.consultState(state)
		}
	}
	if c.before.Pending != nil && c.s.Pending == nil && c.resolved.outcome == outcomeNone {
		c.resolved.outcome = outcomeCancelled
	}
}

var customerStates = map[Phase]string{
	PhaseActive: customerConnected, PhaseHeld: customerHeld, PhaseConsultRequested: customerHeld,
	PhaseConsulting: customerHeld, PhaseSwapped: customerConnected, PhaseConferenced: customerConferenced,
	PhaseTransferred: customerConnected, PhaseWrapUp: customerLeft, PhaseEnded: customerLeft,
}

var consultStates = map[Phase]string{
	PhaseConsulting: consultConnected, PhaseSwapped: consultHeld, PhaseConferenced: consultConference,
}

// afterEnd is where the end of this consult leads: the customer stays on hold
// only if they are, and the configuration wants it.
func (c *change) afterEnd() Phase {
	if c.before.Phase == PhaseSwapped || c.set.afterEnd == "" {
		return PhaseActive
	}
	return c.set.afterEnd
}

// tell makes the switch arrange the picture of a phase.
func (c *change) tell(p Phase, cause Action) uint64 {
	c.s.Seq++
	c.s.Told = p
	talk, hold := c.s.picture(p)
	c.effects = append(c.effects, effect{kind: effectArrange, arrange: Arrangement{Seq: c.s.Seq, Cause: cause, Talk: talk, Hold: hold}})
	return c.s.Seq
}

func (c *change) hangUp(leg LegID) {
	if leg != "" && leg != c.in.Leg { // that one is gone already
		c.effects = append(c.effects, effect{kind: effectHangup, leg: leg})
	}
}

func (c *change) consultState(state string) {
	if k := c.s.Consult; k.State != state {
		k.State, k.Since = state, c.in.At
	}
}

// endConsult ends a live consult and releases its leg.
func (c *change) endConsult(state string, failure FailureReason) {
	k := c.s.Consult
	if !k.live() {
		return
	}
	if k.Refused == "" {
		c.hangUp(k.Leg)
	}
	k.Leg, k.Hold, k.Failure = "", 0, failure
	c.consultState(state)
}

// openWrapUp gives an agent who leaves the customer their duty.
func (c *change) openWrapUp(agent sso.AgentID) {
	if !c.set.wrapUp || agent == "" || c.s.openWrapUp(agent) != nil {
		return
	}
	w := WrapUp{Agent: agent, OpenedAt: c.in.At}
	if c.set.wrapUpTimer > 0 {
		w.DueAt, w.Pausable = c.in.At.Add(time.Duration(c.set.wrapUpTimer)), c.set.wrapUpPausable
	}
	c.s.WrapUps = append(c.s.WrapUps, w)
}

// newConsult begins one. The leg's id follows from the step, so replay gives the same.
func (c *change) newConsult() {
	c.s.Consult = &Consult{Target: *c.in.Target, Party: c.in.Party, Refused: c.in.Refused, State: consultRequested, Since: c.in.At}
	if c.in.Kind == InColdTransfer {
		c.s.Consult.Then = ThenTransfer
	}
}

// dial rings the consulted party, or says at once that they cannot be reached.
func (c *change) dial() {
	k := c.s.Consult
	k.Hold = 0
	if k.queued() && k.Party == nil {
		return // the engine offers it to an agent, when one is free
	}
	k.Leg = c.newLeg()
	if k.Refused != "" {
		c.effects = append(c.effects, effect{kind: effectRefuse, leg: k.Leg, reason: k.Refused})
		return
	}
	d := Dial{
		Leg: k.Leg, Interaction: c.s.ID, Party: PartyConsulted, Number: k.Target.Number, Kind: k.Target.Kind,
		Acceptance: c.set.acceptance && k.Target.Expert != "",
	}
	if k.Party != nil && k.Party.Number != "" {
		d.Number = k.Party.Number
	}
	if c.s.Owner != nil {
		d.OnBehalf = c.s.Owner.Name
	}
	c.effects = append(c.effects, effect{kind: effectDial, leg: k.Leg, dial: d})
	if p := c.s.Pending; p != nil && p.Input == InAccept { // accepted on the page before it rang
		p.Since = c.in.At // nothing could be answered before
		c.effects = append(c.effects, effect{kind: effectAnswer, leg: k.Leg})
	}
}

// newLeg names the leg that this step dials. The name follows from the step,
// so replay gives the same.
func (c *change) newLeg() LegID {
	return LegID(string(c.s.ID) + "-" + strconv.FormatUint(c.s.Version, 10))
}

// unreached releases a party who did not take the consult: a queue goes on to
// its next agent, any other consult has failed and the customer stays on hold.
func (c *change) unreached(reason FailureReason) {
	k := c.s.Consult
	if k.queued() && k.Party != nil {
		c.hangUp(k.Leg)
		k.Tried = append(k.Tried, Tried{Agent: k.Party.Agent, At: c.in.At})
		k.Party, k.Leg, k.Hold = nil, "", 0
		k.State, k.Since = consultRequested, c.in.At
	} else {
		c.endConsult(consultFailed, reason)
		c.s.Phase = PhaseHeld
	}
	c.s.Pending = nil
	if c.s.Told != PhaseHeld {
		c.tell(PhaseHeld, "")
	}
	if c.s.gaveUp() && !k.live() { // it was for an owner who stayed lost: nobody is left to take the call
		c.release()
	}
}

// release ends the interaction for everybody; the owner wraps up.
func (c *change) release() {
	c.s.Phase, c.s.Pending = PhaseWrapUp, nil
	c.hangUp(c.s.Customer.Leg)
	c.s.Customer.Leg = ""
	for _, m := range []*Member{c.s.Owner, c.s.Taker} {
		if m != nil {
			c.hangUp(m.Leg)
			m.Leg = ""
		}
	}
	if c.s.Lost != nil {
		c.hangUp(c.s.Lost.Leg)
		c.s.Lost = nil
	}
	c.endConsult(consultEnded, "")
	if c.s.Owner != nil {
		c.openWrapUp(c.s.Owner.Agent)
	}
}

// lose begins the wait for an owner whose line died: their telephone rings
// again, and whatever was pending is not done.
func (c *change) lose() {
	c.s.Pending = nil
	c.s.Owner.Leg = ""
	c.s.Lost = &Lost{Leg: c.newLeg(), Since: c.in.At}
	c.tell(c.s.Phase, "")
	c.effects = append(c.effects, effect{kind: effectDial, leg: c.s.Lost.Leg, dial: Dial{
		Leg: c.s.Lost.Leg, Interaction: c.s.ID, Party: PartyAgent, Number: c.s.Owner.Number, Kind: TargetAgent,
	}})
}

// handOver gives the customer to the consulted party and releases the owner.
func (c *change) handOver() {
	k, former := c.s.Consult, c.s.Owner
	c.hangUp(former.Leg)
	c.openWrapUp(former.Agent)
	c.s.Former = append(c.s.Former, Member{Agent: former.Agent, Name: former.Name})
	next := &Member{Leg: k.Leg, Number: k.Target.Number}
	if k.Party != nil {
		next.Agent, next.Name = k.Party.Agent, k.Party.Name
		if k.Party.Number != "" {
			next.Number = k.Party.Number
		}
	}
	if c.s.Lost != nil { // a cold transfer whose owner's telephone still rings again
		c.hangUp(c.s.Lost.Leg)
		c.s.Lost = nil
	}
	c.s.Owner, c.s.Taker = nil, next
	if next.Agent != "" {
		c.s.Owner, c.s.Taker = next, nil
	}
	k.Leg = ""
	c.consultState(consultEnded)
}

// start makes the first state of an interaction.
func start(in Input) *State {
	call := in.Call
	return &State{
		ID: call.Interaction, Tenant: call.Tenant, Version: 1, Phase: PhaseActive, StartedAt: in.At, Told: PhaseActive,
		Customer: Customer{Leg: call.CustomerLeg, Number: call.From, State: customerConnected, Since: in.At},
		Owner:    &Member{Agent: call.Agent, Name: call.AgentName, Number: call.AgentNumber, Leg: call.AgentLeg},
	}
}
