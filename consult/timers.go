package consult

import (
	"context"
	"time"
)

// retellAfter is the wait before a picture that failed without a command
// waiting for it is told again: nobody stays on hold by accident.
const retellAfter = time.Second

// arm sets the timers that the state asks for. The caller holds c.mu.
func (e *Engine) arm(c *call) {
	for _, t := range c.timers {
		t.Stop()
	}
	c.timers = c.timers[:0]
	s := c.s
	if k := s.Consult; k.live() && k.Leg != "" && (k.State == consultRequested || k.State == consultRinging) {
		in := Input{Kind: InRingTimeout, Actor: ActorSystem, Leg: k.Leg}
		wait := e.cfg.RingTimeout
		if k.Asked {
			wait = e.cfg.AcceptTimeout
		}
		e.after(c, k.Since.Add(wait), func(ctx context.Context) { e.input(ctx, s.ID, in, nil) })
	}
	if seq, since := s.awaits(); !since.IsZero() {
		e.after(c, since.Add(e.cfg.SwitchTimeout), func(ctx context.Context) { e.unclear(ctx, c, seq, since) })
	} else if s.Seq > c.confirmed && s.Customer.Leg != "" {
		e.after(c, time.Now().Add(e.cfg.SwitchTimeout), func(ctx context.Context) { e.retell(ctx, c, s.Seq) })
	}
	if l := s.Lost; l != nil && l.Leg != "" {
		in := Input{Kind: InNotReturned, Actor: ActorAgent1, Leg: l.Leg, Reason: FailureNoAnswer}
		e.after(c, l.Since.Add(e.cfg.Agent.LostRing), func(ctx context.Context) { e.input(ctx, s.ID, in, nil) })
	}
	if s.Customer.State == customerHeld {
		for _, watch := range []struct {
			kind InputKind
			wait time.Duration
			on   bool
		}{
			{InHoldWarn, e.cfg.Hold.Warn, !s.Customer.Warned},
			{InHoldMax, e.cfg.Hold.Max, e.lists.Load().set.resumeHeld},
		} {
			if watch.on && watch.wait > 0 {
				in := Input{Kind: watch.kind, Actor: ActorSystem}
				e.after(c, s.Customer.Since.Add(watch.wait), func(ctx context.Context) { e.input(ctx, s.ID, in, nil) })
			}
		}
	}
	for _, w := range s.WrapUps {
		if !w.DueAt.IsZero() && w.ClosedAt.IsZero() {
			in := Input{Kind: InWrapUpTimeout, Actor: ActorSystem, Agent: w.Agent, Code: e.lists.Load().wrapUpOf(w.OpenedAt).Default}
			e.after(c, together(w.DueAt), func(ctx context.Context) { e.input(ctx, s.ID, in, nil) })
		}
	}
}

// wrapUpsTogether is how much later than due a wrap-up may be closed: those that
// are due at nearly the same time are journaled in one write.
const wrapUpsTogether = 100 * time.Millisecond

// together is the first moment from a time on in which wrap-ups are closed.
func together(at time.Time) time.Time {
	return at.Add(wrapUpsTogether - 1).Truncate(wrapUpsTogether)
}

// after puts work into the interaction's lane at a time. The work itself
// checks whether it is still meant.
func (e *Engine) after(c *call, at time.Time, work func(context.Context)) {
	id := c.s.ID
	c.timers = append(c.timers, time.AfterFunc(time.Until(at), func() { e.lanes.put(id, work) }))
}

// awaits says which picture (0: a leg's event) the interaction waits for and
// since when; the zero time when for none.
func (s *State) awaits() (seq uint64, since time.Time) {
	switch {
	case s.Pending != nil:
		return s.Pending.Seq, s.Pending.Since
	case s.Consult.live() && s.Consult.Hold != 0:
		return s.Consult.Hold, s.Consult.Since
	}
	return 0, time.Time{}
}

// unclear finds out what became of something on which the switch is silent:
// whoever waits is told that the outcome is unknown, the switch is asked, and
// the truth is journaled. Nothing is dialled or told a second time.
func (e *Engine) unclear(ctx context.Context, c *call, seq uint64, since time.Time) {
	c.mu.Lock()
	s := c.s
	if nowSeq, nowSince := s.awaits(); c.gone || nowSeq != seq || !nowSince.Equal(since) {
		c.mu.Unlock()
		return
	}
	if c.waiter != nil {
		c.waiter <- result{s: s, err: ErrOutcomeUnknown}
		c.waiter = nil
	}
	c.mu.Unlock()
	e.log.WarnContext(ctx, "switch silent, asking it", "interaction", s.ID, "phase", s.Phase)
	status, found, err := e.ask(ctx, s.ID)
	if err != nil {
		e.log.ErrorContext(ctx, "switch does not say what is there", "interaction", s.ID, "error", err)
		c.mu.Lock()
		e.after(c, time.Now().Add(e.cfg.SwitchTimeout), func(ctx context.Context) { e.unclear(ctx, c, seq, since) })
		c.mu.Unlock()
		return
	}
	for _, in := range truth(s, status, found, true) {
		e.input(ctx, s.ID, in, nil)
	}
}

// retell tells the switch again what it has not confirmed: the same picture
// changes nothing where it is true.
func (e *Engine) retell(ctx context.Context, c *call, seq uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.s
	if c.gone || s.Seq != seq || c.confirmed >= seq || s.Customer.Leg == "" {
		return
	}
	talk, hold := s.picture(s.Told)
	e.execute(ctx, c, []effect{{kind: effectArrange, arrange: Arrangement{Seq: seq, Talk: talk, Hold: hold}}})
	e.after(c, time.Now().Add(e.cfg.SwitchTimeout), func(ctx context.Context) { e.retell(ctx, c, seq) })
}

// ask finds what is really there of an interaction.
func (e *Engine) ask(ctx context.Context, id InteractionID) (CallStatus, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, e.cfg.SwitchTimeout)
	defer cancel()
	calls, err := e.deps.Switch.Calls(ctx)
	if err != nil {
		return CallStatus{}, false, err
	}
	for _, status := range calls {
		if status.Interaction == id {
			return status, true, nil
		}
	}
	return CallStatus{}, false, nil
}
