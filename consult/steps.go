package consult

import (
	"slices"
	"time"
)

// The steps of the table. Each says in its name what docs/states.md tells.

var (
	holdThenDial = step{"the customer is held, then the target rings", func(c *change) {
		c.newConsult()
		c.s.Consult.Hold = c.tell(PhaseHeld, ActionHold)
	}}
	dialNow = step{"the target rings", func(c *change) {
		c.newConsult()
		c.dial()
	}}
	withdraw = step{"ringing stops at once", func(c *change) {
		c.endConsult(consultEnded, FailureWithdrawn)
	}}
	answerFor = step{"the offered telephone is answered for agent 2", func(c *change) {
		if leg := c.s.Consult.Leg; leg != "" {
			c.effects = append(c.effects, effect{kind: effectAnswer, leg: leg})
		}
	}}
	declined = step{"agent 2 is released, the customer stays on hold; a queue offers the next agent", func(c *change) {
		c.s.Consult.Note = c.in.Note
		c.unreached(FailureDeclined)
	}}
	ringing = step{"", func(c *change) { c.consultState(consultRinging) }}
	asked   = step{"agent 2 has picked up and has to press a key in time", func(c *change) {
		c.s.Consult.Asked, c.s.Consult.State, c.s.Consult.Since = true, consultRinging, c.in.At
	}}

	answered = step{"consulting; a cold transfer completes itself instead", func(c *change) {
		if p := c.s.Pending; p != nil && p.Input == InAccept {
			c.s.Pending, c.resolved.outcome = nil, outcomeDone
		}
		c.consultState(consultConnected)
		if c.s.Consult.Then == ThenTransfer {
			c.s.Pending = &Pending{Action: ActionColdTransfer, Input: InColdTransfer, Actor: ActorAgent1, To: PhaseTransferred, Since: c.in.At}
			if p := c.before.Pending; p != nil { // who accepted on the page waits for this too
				c.s.Pending.By, c.s.Pending.Scope, c.s.Pending.Key, c.s.Pending.Role = p.By, p.Scope, p.Key, p.Role
			} else if c.s.Owner != nil {
				c.s.Pending.By = c.s.Owner.Agent
			}
			c.s.Pending.Seq = c.tell(PhaseTransferred, ActionColdTransfer)
			return
		}
		c.s.Phase = PhaseConsulting
		c.tell(PhaseConsulting, ActionConsult)
	}}
	unreached = step{"the reason is kept, the customer stays on hold; a queue offers the next agent", func(c *change) {
		reason := c.in.Reason
		switch {
		case c.in.Kind == InRingTimeout:
			reason = FailureNoAnswer
			if c.s.Consult.Asked {
				reason = FailureNoAcceptance
			}
		case c.in.Kind == InHungUp:
			reason = FailureDeclined
		case reason == "":
			reason = FailureFailed
		}
		if c.in.Note != "" {
			c.s.Consult.Note = c.in.Note
		}
		accepted := c.s.Pending != nil && c.s.Pending.Input == InAccept
		if accepted || c.in.Kind == InRingTimeout || reason == FailureVoicemail || reason == FailureNoAcceptance {
			c.in.Leg = "" // it may still ring, or a machine talks
		}
		if accepted && reason == FailureFailed { // nobody came first: the switch did not do it
			c.resolved = resolution{outcomeFailed, reason}
		}
		c.unreached(reason)
	}}
	offered = step{"the longest-available agent of the queue is rung", func(c *change) {
		k := c.s.Consult
		k.Party, k.State, k.Since, k.Note, k.Asked = c.in.Party, consultRequested, c.in.At, "", false
		c.dial()
	}}
	consultedLeft = step{"the customer is back with agent 1", func(c *change) {
		c.s.Phase = c.afterEnd()
		c.endConsult(consultEnded, "")
		c.tell(c.s.Phase, ActionEndConsult)
	}}
	ownerLeft = step{"agent 2 has the customer", func(c *change) {
		c.handOver()
		c.tell(PhaseTransferred, ActionLeave)
	}}

	hangUpCustomer = step{"the customer's line is closed", func(c *change) { c.hangUp(c.s.Customer.Leg) }}

	over = step{"everybody is released, the owner wraps up", func(c *change) {
		if p := c.before.Pending; p != nil && p.Input == InEnd {
			c.resolved.outcome = outcomeDone
		}
		c.release()
	}}
	ownerHungUp = step{"everybody is released, the owner wraps up; or, as configured, it counts as lost", func(c *change) {
		if c.set.keepHungUp {
			c.lose()
			return
		}
		c.release()
	}}
	lost     = step{"the customer hears music, agent 1's telephone rings again", (*change).lose}
	returned = step{"agent 1 is back where they were", func(c *change) {
		c.s.Owner.Leg, c.s.Lost = c.s.Lost.Leg, nil
		c.tell(c.s.Phase, "")
	}}
	stayedLost = step{"the call goes to the queue or number for lost calls, or everybody is released", func(c *change) {
		c.in.Leg = "" // it may still ring
		c.hangUp(c.s.Lost.Leg)
		c.s.Lost.Leg = ""
		target := c.set.takerOfLost(c.s.Tenant)
		switch {
		case c.s.Phase == PhaseConferenced: // as leaving
			c.handOver()
			c.s.Phase = PhaseTransferred
			c.tell(PhaseTransferred, ActionLeave)
		case target == nil:
			c.release()
		default:
			c.endConsult(consultEnded, "")
			c.s.Phase = PhaseConsultRequested
			c.s.Consult = &Consult{Target: *target, Party: c.set.lostParty, Then: ThenTransfer, State: consultRequested, Since: c.in.At}
			c.tell(PhaseHeld, "")
			c.dial()
		}
	}}
	holds = step{"the others see that the party holds", func(c *change) { c.s.Holding = append(c.s.Holding, c.in.Leg) }}
	back  = step{"the others see that the party is back", func(c *change) {
		c.s.Holding = slices.DeleteFunc(c.s.Holding, func(l LegID) bool { return l == c.in.Leg })
	}}
	holdWarned  = step{"agent and supervisor see that the customer waits", func(c *change) { c.s.Customer.Warned = true }}
	heldTooLong = step{"the customer is back with agent 1", func(c *change) {
		if c.before.Phase == PhaseConsultRequested {
			c.endConsult(consultEnded, FailureWithdrawn)
		}
		c.tell(c.s.Phase, ActionResume)
	}}

	arranged = step{"what was pending is done; a set-up goes on to ring", func(c *change) {
		p := c.s.Pending
		if p == nil || p.Seq != c.in.Seq {
			c.dial() // next lets only the awaited hold through
			return
		}
		c.s.Pending, c.resolved.outcome = nil, outcomeDone
		c.s.Phase = p.To
		switch p.To {
		case PhaseActive, PhaseHeld:
			c.endConsult(consultEnded, "") // the picture is true: agent 2 can go
		case PhaseTransferred:
			c.handOver()
		default: // the picture alone is the phase
		}
	}}
	notArranged = step{"back to the phase before, nobody dropped", func(c *change) {
		c.s.Pending, c.resolved = nil, resolution{outcomeFailed, FailureFailed}
		// Told anew so that a picture the switch makes true after all, late,
		// is older than this one.
		c.tell(c.s.Phase, "")
	}}
	setUpFailed = step{"a failed hold: active; a failed cold transfer or end of consult: held", func(c *change) {
		if p := c.s.Pending; p != nil && p.Seq == c.in.Seq {
			c.resolved = resolution{outcomeFailed, FailureFailed}
			c.s.Phase = PhaseHeld
		} else {
			c.s.Phase = PhaseActive
		}
		c.s.Pending = nil
		c.endConsult(consultFailed, FailureFailed)
		if c.s.gaveUp() {
			c.release()
			return
		}
		c.tell(c.s.Phase, "")
	}}
	notHungUp = step{"back to the phase before, nobody dropped", func(c *change) {
		c.s.Pending, c.resolved = nil, resolution{outcomeFailed, FailureFailed}
	}}

	wrapUp = step{"the reason is kept; the last one ends the interaction", func(c *change) {
		w := c.s.openWrapUp(c.in.Agent)
		w.ClosedAt, w.Code, w.Note = c.in.At, c.in.Code, c.in.Note
	}}
	pauseWrapUp = step{"the timer stops", func(c *change) {
		w := c.s.openWrapUp(c.in.Agent)
		w.Paused = true
		w.DueAt = time.Time{}
	}}
)
