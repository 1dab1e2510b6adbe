package consult

import (
	"context"
	"errors"
	"time"

	"teamsbridge/sso"
)

// journalRetry is the wait before an event of the switch that could not be
// journaled is tried again: it is a fact, and nothing later may overtake it.
const journalRetry = 200 * time.Millisecond

// follow takes the switch's events, each into its interaction's lane, until
// ctx ends.
func (e *Engine) follow(ctx context.Context) {
	events := e.deps.Switch.Events()
	for {
		select {
		case <-ctx.Done():
			return
		case ev, open := <-events:
			if !open { // the switch is closed; timers go on
				events = nil
				continue
			}
			e.lanes.put(ev.Interaction, func(ctx context.Context) { e.happened(ctx, ev) })
		}
	}
}

// happened journals one event of the switch.
func (e *Engine) happened(ctx context.Context, ev Event) {
	ack := ev.Ack
	if ack == nil {
		ack = func(error) {}
	}
	if ev.Kind == EventCall {
		ack(e.begin(ctx, ev))
		return
	}
	c, ok := e.find(ev.Interaction)
	if !ok {
		if ev.Kind == EventHangupFailed {
			e.releaseSoon(ev.Interaction, ev.Leg)
		}
		ack(errLate)
		return
	}
	c.mu.Lock()
	in, ok := inputOfEvent(c.s, ev)
	c.mu.Unlock()
	if !ok {
		ack(errLate)
		return
	}
	e.input(ctx, ev.Interaction, in, ack)
}

// inputOfEvent reads an event of the switch in the words of the table: whose
// telephone it was follows from the leg.
func inputOfEvent(s *State, ev Event) (Input, bool) {
	in := Input{Actor: ActorSwitch, Leg: ev.Leg, Seq: ev.Seq, Reason: ev.Reason, Note: ev.Note, At: ev.At}
	if s.Lost != nil && ev.Leg != "" && ev.Leg == s.Lost.Leg {
		return inputOfReturn(in, ev.Kind)
	}
	switch ev.Kind {
	case EventRinging:
		in.Kind = InRinging
	case EventAsked:
		in.Kind = InAsked
	case EventHolds:
		in.Kind = InHolds
	case EventBack:
		in.Kind = InBack
	case EventAnswered:
		in.Kind = InAnswered
		if ev.Reason == FailureVoicemail { // a machine is not an acceptance
			in.Kind = InFailed
		}
	case EventFailed:
		in.Kind = InFailed
	case EventArranged:
		in.Kind = InArranged
	case EventArrangeFailed:
		in.Kind = InArrangeFailed
	case EventHangupFailed:
		in.Kind = InHangupFailed
	case EventEnded, EventLost:
		in.Kind = InHungUp
		for _, a := range []Actor{ActorCustomer, ActorAgent1, ActorSwitch} {
			if legOf(s, a) == ev.Leg {
				in.Actor = a
			}
		}
		if ev.Kind == EventLost && in.Actor == ActorAgent1 { // nobody else is waited for
			in.Kind = InLost
		}
	default:
		return Input{}, false
	}
	return in, true
}

// inputOfReturn reads an event of the telephone that rings for a lost owner.
func inputOfReturn(in Input, kind EventKind) (Input, bool) {
	in.Actor = ActorAgent1
	switch kind {
	case EventAnswered:
		in.Kind = InReturned
	case EventFailed, EventEnded, EventLost:
		in.Kind = InNotReturned
	default:
		return Input{}, false
	}
	return in, true
}

// input journals an input that is not a command, or drops it as late. A
// journal that cannot be written is tried again until ctx ends.
func (e *Engine) input(ctx context.Context, id InteractionID, in Input, ack func(error)) {
	if ack == nil {
		ack = func(error) {}
	}
	for {
		err := e.tryInput(ctx, id, in)
		if err == nil || errors.Is(err, errLate) {
			ack(err)
			return
		}
		e.metrics.journalErrors.Inc()
		e.log.ErrorContext(ctx, "event not journaled, trying again", "interaction", id, "input", in.Kind.String(), "error", err)
		select {
		case <-ctx.Done():
			ack(err)
			return
		case <-time.After(journalRetry):
		}
	}
}

func (e *Engine) tryInput(ctx context.Context, id InteractionID, in Input) error {
	c, ok := e.find(id)
	if !ok {
		return errLate
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone {
		if in.Kind == InHangupFailed {
			e.releaseSoon(id, in.Leg)
		}
		return errLate
	}
	if in.At.IsZero() {
		in.At = clock()
	}
	if in.Kind == InArranged {
		c.confirmed = max(c.confirmed, in.Seq)
	}
	r, _, err := next(c.s, &in)
	if err != nil {
		if already(c.s, in) {
			return nil
		}
		e.late(c, in)
		return err
	}
	err = e.step(ctx, c, r, in, nil)
	if errors.Is(err, ErrVersion) && already(c.s, in) { // an earlier try, which was not confirmed
		return nil
	}
	return err
}

// already says whether the journal knew of the event before it was told: the
// switch was asked what is there, and its answer came first.
func already(s *State, in Input) bool {
	switch in.Kind {
	case InAnswered:
		k := s.Consult
		return k.live() && k.Leg == in.Leg && k.State != consultRequested && k.State != consultRinging
	case InHungUp:
		return !s.legs()[in.Leg]
	default:
		return false
	}
}

// late looks at an event that decides nothing: a picture that failed although
// nobody waits for it is told again, a leg that did not go is hung up again.
func (e *Engine) late(c *call, in Input) {
	s := c.s
	switch {
	case in.Kind == InArrangeFailed && in.Seq == s.Seq && s.Customer.Leg != "":
		e.after(c, time.Now().Add(retellAfter), func(ctx context.Context) { e.retell(ctx, c, in.Seq) })
	case in.Kind == InHangupFailed && !s.legs()[in.Leg]:
		e.releaseSoon(s.ID, in.Leg)
	}
}

// releaseSoon hangs up a leg again that the interaction no longer has, whether
// the interaction has ended or not: no telephone stays connected to nothing.
func (e *Engine) releaseSoon(id InteractionID, leg LegID) {
	time.AfterFunc(retellAfter, func() { e.lanes.put(id, func(ctx context.Context) { e.release(ctx, id, leg) }) })
}

// release hangs up a leg. What the switch refuses it tells, and is asked again.
func (e *Engine) release(ctx context.Context, id InteractionID, leg LegID) {
	if err := e.deps.Switch.Hangup(ctx, id, leg); err != nil {
		e.log.WarnContext(ctx, "leg not released", "interaction", id, "leg", leg, "error", err)
		e.releaseSoon(id, leg)
	}
}

// begin journals a new call.
func (e *Engine) begin(ctx context.Context, ev Event) error {
	if ev.Call == nil || ev.Interaction == "" {
		return errors.New("consult: a call without its parties")
	}
	agent, ok := e.deps.Agents.ByID(ev.Call.Tenant, sso.AgentID(ev.Call.Agent))
	if !ok {
		return errors.New("consult: a call for somebody who is not in the agent table")
	}
	if _, there := e.find(ev.Interaction); there {
		return nil // told twice
	}
	in := Input{Kind: InCall, Actor: ActorCustomer, At: ev.At, Call: &CallInput{
		Interaction: ev.Interaction, Tenant: agent.Tenant, CustomerLeg: ev.Call.CustomerLeg, From: ev.Call.From,
		AgentLeg: ev.Call.AgentLeg, Agent: agent.ID, AgentName: agent.Name, AgentNumber: agent.Number,
	}}
	if in.At.IsZero() {
		in.At = clock()
	}
	s := start(in)
	if err := e.journal(ctx, s, nil, in, nil); err != nil {
		if s, err = e.adopt(ctx, s, err); err != nil {
			return err
		}
	}
	c := e.newCall(s)
	c.mu.Lock()
	defer c.mu.Unlock()
	e.mu.Lock()
	e.calls[s.ID] = c
	e.mu.Unlock()
	e.published(nil, s, in)
	return nil
}
