package consult

import (
	"context"
	"time"
)

// retellAfter is the wait before a picture that failed without a command
// waiting for it is told again: nobody stays on hold by accident.
const retellAfter = time.Second

// due is something that a state asks for at a time. What exactly is found in
// the state when the time has come.
type due struct {
	at   time.Time
	what InputKind // to be journaled; [InArranged] is the answer of a silent switch, which is asked for it
	w    *WrapUp   // whose time is over
}

// dues appends what a state asks for.
func (e *Engine) dues(all []due, s *State) []due {
	if k := s.Consult; k.live() && k.Leg != "" && (k.State == consultRequested || k.State == consultRinging) {
		wait := e.cfg.RingTimeout
		if k.Asked {
			wait = e.cfg.AcceptTimeout
		}
		all = append(all, due{at: k.Since.Add(wait), what: InRingTimeout})
	}
	if _, since := s.awaits(); !since.IsZero() {
		all = append(all, due{at: since.Add(e.cfg.SwitchTimeout), what: InArranged})
	}
	if l := s.Lost; l != nil && l.Leg != "" {
		all = append(all, due{at: l.Since.Add(e.cfg.Agent.LostRing), what: InNotReturned})
	}
	if s.Customer.State == customerHeld {
		if wait := e.cfg.Hold.Warn; wait > 0 && !s.Customer.Warned {
			all = append(all, due{at: s.Customer.Since.Add(wait), what: InHoldWarn})
		}
		if wait := e.cfg.Hold.Max; wait > 0 && e.lists.Load().set.resumeHeld {
			all = append(all, due{at: s.Customer.Since.Add(wait), what: InHoldMax})
		}
	}
	for i := range s.WrapUps {
		if w := &s.WrapUps[i]; !w.DueAt.IsZero() && w.ClosedAt.IsZero() {
			all = append(all, due{at: together(w.DueAt), what: InWrapUpTimeout, w: w})
		}
	}
	return all
}

// fall does what is due by a state. Whether it is still meant, the table decides.
func (e *Engine) fall(ctx context.Context, c *call, s *State, d due) {
	in := Input{Kind: d.what, Actor: ActorSystem}
	switch d.what {
	case InArranged:
		seq, since := s.awaits()
		e.unclear(ctx, c, seq, since)
		return
	case InRingTimeout:
		in.Leg = s.Consult.Leg
	case InNotReturned:
		in.Actor, in.Leg, in.Reason = ActorAgent1, s.Lost.Leg, FailureNoAnswer
	case InWrapUpTimeout:
		in.Agent, in.Code = d.w.Agent, e.lists.Load().wrapUpOf(d.w.OpenedAt).Default
	default: // the kind says it all
	}
	e.input(ctx, s.ID, in, nil)
}

// arm makes the call's alarm ring in time for all that the state asks for, and
// forgets what was to be tried again. The caller holds c.mu.
func (e *Engine) arm(c *call) {
	for _, t := range c.timers {
		t.Stop()
	}
	c.timers = c.timers[:0]
	if _, since := c.s.awaits(); since.IsZero() && c.s.Seq > c.confirmed && c.s.Customer.Leg != "" {
		seq := c.s.Seq
		e.after(c, time.Now().Add(e.cfg.SwitchTimeout), func(ctx context.Context) { e.retell(ctx, c, seq) })
	}
	c.done = time.Time{}
	e.setAlarm(c)
}

// setAlarm lets the alarm ring when the first thing is due. One that rings
// earlier is left alone, and set again when it does: nearly every step comes
// long before anything is due, and costs no timer then.
func (e *Engine) setAlarm(c *call) {
	var first time.Time
	var room [4]due // for nearly every state
	for _, d := range e.dues(room[:0], c.s) {
		if d.at.After(c.done) && (first.IsZero() || d.at.Before(first)) {
			first = d.at
		}
	}
	if first.IsZero() || !c.rings.IsZero() && !c.rings.After(first) {
		return
	}
	c.rings = first
	if c.alarm != nil {
		c.alarm.Reset(time.Until(first))
		return
	}
	id := c.s.ID
	c.alarm = time.AfterFunc(time.Until(first), func() {
		e.lanes.put(id, func(ctx context.Context) { e.ring(ctx, c) })
	})
}

// ring does what is due by now.
func (e *Engine) ring(ctx context.Context, c *call) {
	c.mu.Lock()
	c.rings = time.Time{}
	if c.gone {
		c.mu.Unlock()
		return
	}
	s, from, upTo := c.s, c.done, time.Now()
	c.done = upTo // once for each step; the next one asks anew
	e.setAlarm(c)
	c.mu.Unlock()
	for _, d := range e.dues(nil, s) {
		if d.at.After(from) && !d.at.After(upTo) {
			e.fall(ctx, c, s, d)
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

// after tries something again at a time, unless a step comes first. The work
// itself checks whether it is still meant. The caller holds c.mu.
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
