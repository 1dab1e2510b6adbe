package memswitch

import (
	"context"
	"maps"
	"slices"

	"teamsbridge/consult"
)

// Dial rings a telephone. Unless Options.Manual, its party answers after
// Options.AnswerAfter.
func (s *Switch) Dial(_ context.Context, d consult.Dial) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	c := s.calls[d.Interaction]
	if c == nil {
		c = &call{ID: d.Interaction}
	}
	if c.leg(d.Leg) != nil {
		return nil
	}
	fault := s.fault(opDial)
	if fault.Mode == ModeFail {
		s.emit(c, consult.Event{Kind: consult.EventFailed, Leg: d.Leg, Reason: consult.FailureFailed})
		return nil
	}
	l := &leg{ID: d.Leg, Party: d.Party, Number: d.Number, State: consult.LegRinging, Setup: fault.Mode == ModeDelay}
	c.Legs = append(c.Legs, l)
	s.calls[c.ID] = c
	s.keep(c)
	switch fault.Mode {
	case ModeSilent: // it rings, and the network says nothing of it
	case ModeDelay:
		s.later(fault.Delay, func() { s.ring(c, l) })
	default:
		s.ring(c, l)
	}
	return nil
}

// ring reports that a leg rings. Callers hold the mutex.
func (s *Switch) ring(c *call, l *leg) {
	if !c.has(l) || l.State != consult.LegRinging {
		return // withdrawn, or answered on the page meanwhile
	}
	l.Setup = false
	s.keep(c)
	s.emit(c, consult.Event{Kind: consult.EventRinging, Leg: l.ID})
	s.answerLater(c, l)
}

// answerLater lets the party answer by themselves. Callers hold the mutex.
func (s *Switch) answerLater(c *call, l *leg) {
	if s.opt.Manual {
		return
	}
	s.later(s.opt.AnswerAfter, func() {
		if c.has(l) && l.State == consult.LegRinging {
			s.answer(c, l, nil)
		}
	})
}

// answer connects a ringing leg. Callers hold the mutex.
func (s *Switch) answer(c *call, l *leg, ack func(error)) {
	l.State, l.Setup = consult.LegUp, false
	s.keep(c)
	s.emit(c, consult.Event{Kind: consult.EventAnswered, Leg: l.ID, Ack: ack})
}

// Answer picks up a ringing leg for the person who accepted on their page. A leg
// that is up already is no error; ErrNoLeg when there is none.
func (s *Switch) Answer(_ context.Context, id consult.InteractionID, legID consult.LegID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	c := s.calls[id]
	if c == nil {
		return ErrNoLeg
	}
	l := c.leg(legID)
	if l == nil {
		return ErrNoLeg
	}
	if l.State == consult.LegRinging {
		s.answer(c, l, nil)
	}
	return nil
}

// Arrange makes the picture true. One that names a leg which is not up, or that
// is older than the true one, fails.
func (s *Switch) Arrange(_ context.Context, id consult.InteractionID, a consult.Arrangement) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	fault := s.fault(arrangeOp(a))
	switch fault.Mode {
	case ModeFail:
		s.emit(&call{ID: id}, arrangeFailed(a))
	case ModeDelay:
		s.later(fault.Delay, func() { s.arrange(id, a, false) })
	default:
		s.arrange(id, a, fault.Mode == ModeSilent)
	}
	return nil
}

// arrange makes the picture true and says so, unless silent. Callers hold the mutex.
func (s *Switch) arrange(id consult.InteractionID, a consult.Arrangement, silent bool) {
	c := s.calls[id]
	if c == nil {
		c = &call{ID: id} // every leg is gone, so a picture with legs cannot be true
	}
	outcome := consult.Event{Kind: consult.EventArranged, Seq: a.Seq}
	switch {
	case a.Seq == c.Arranged: // the same again: only confirm it
	case a.Seq < c.Arranged || !c.connected(a.Talk) || !c.connected(a.Hold) || len(c.Legs) == 0:
		outcome = arrangeFailed(a)
	default:
		c.Arranged, c.Talk, c.Hold = a.Seq, slices.Clone(a.Talk), slices.Clone(a.Hold)
		s.keep(c)
	}
	if !silent {
		s.emit(c, outcome)
	}
}

func arrangeFailed(a consult.Arrangement) consult.Event {
	return consult.Event{Kind: consult.EventArrangeFailed, Seq: a.Seq, Reason: consult.FailureFailed}
}

// Hangup ends a leg or stops its ringing.
func (s *Switch) Hangup(_ context.Context, id consult.InteractionID, legID consult.LegID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	c := s.calls[id]
	if c == nil {
		return nil
	}
	l := c.leg(legID)
	if l == nil {
		return nil
	}
	fault := s.fault(opHangup)
	switch fault.Mode {
	case ModeFail:
		s.emit(c, consult.Event{Kind: consult.EventHangupFailed, Leg: l.ID, Reason: consult.FailureFailed})
	case ModeSilent:
		c.remove(l)
		s.keep(c)
	case ModeDelay:
		s.later(fault.Delay, func() {
			if c.has(l) {
				s.end(c, l, consult.FailureWithdrawn, nil)
			}
		})
	default:
		s.end(c, l, consult.FailureWithdrawn, nil)
	}
	return nil
}

// end takes a leg away; unanswered is the reason to give when it still rang.
// Callers hold the mutex.
func (s *Switch) end(c *call, l *leg, unanswered consult.FailureReason, ack func(error)) {
	e := consult.Event{Kind: consult.EventEnded, Leg: l.ID, Ack: ack}
	if l.State == consult.LegRinging {
		e.Kind, e.Reason = consult.EventFailed, unanswered
	}
	c.remove(l)
	s.keep(c)
	s.emit(c, e)
}

// Calls reports every interaction that has a leg, in the order of their ids.
func (s *Switch) Calls(context.Context) ([]consult.CallStatus, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	var all []consult.CallStatus
	for _, id := range slices.Sorted(maps.Keys(s.calls)) {
		all = append(all, s.calls[id].status())
	}
	return all, nil
}

// Lines lists every leg, for the telephone page: by interaction, oldest leg first.
func (s *Switch) Lines() []Line {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Line
	for _, id := range slices.Sorted(maps.Keys(s.calls)) {
		all = append(all, s.calls[id].lines()...)
	}
	return all
}
