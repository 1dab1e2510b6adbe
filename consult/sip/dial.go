package sip

import (
	"context"
	"strings"

	"teamsbridge/consult"
	"teamsbridge/consult/dial"
	"teamsbridge/consult/sip/ua"
)

// Dial rings a telephone.
func (s *Switch) Dial(ctx context.Context, d consult.Dial) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	c := s.callOf(d.Interaction)
	if c.legs[d.Leg] != nil {
		return nil
	}
	fail := func(reason consult.FailureReason) {
		if len(c.legs) == 0 {
			c.room.Close()
			delete(s.calls, c.id)
		}
		s.metrics.failed(reason)
		s.tell(consult.Event{Kind: consult.EventFailed, Interaction: d.Interaction, Leg: d.Leg, Reason: reason})
	}
	trunk := s.config.trunk(s.trunkFor(d))
	number := dialled(d.Number, trunk)
	if !s.limits.allows(number, s.isAgent(d)) {
		s.log.WarnContext(ctx, "sip: a number was not dialled: it is not among sip.limits.allowed", "kind", d.Kind)
		fail(consult.FailureRejected)
		return nil
	}
	if !s.limits.take() {
		s.log.WarnContext(ctx, "sip: a number was not dialled: sip.limits are reached", "kind", d.Kind)
		fail(consult.FailureRejected)
		return nil
	}
	l, err := s.newLeg(d.Leg, d.Party, trunk)
	if err != nil {
		s.limits.give()
		s.log.ErrorContext(ctx, "sip: no audio for a leg", "error", err)
		fail(consult.FailureFailed)
		return nil
	}
	l.call, l.acceptance = c, d.Acceptance
	c.legs[d.Leg] = l
	if err := s.invite(ctx, l, trunk, number, s.callerFor(d, c), l.keep); err != nil {
		s.log.ErrorContext(ctx, "sip: a number could not be dialled", "trunk", trunk.Name, "error", err)
		s.drop(l)
		s.tell(consult.Event{Kind: consult.EventFailed, Interaction: d.Interaction, Leg: d.Leg, Reason: consult.FailureFailed})
	}
	return nil
}

// invite sends a leg's INVITE; keep stores its line before that, and before an answer
// is acknowledged. The caller holds the mutex, so that nothing is told of the dialog
// before the leg knows it.
func (s *Switch) invite(ctx context.Context, l *leg, trunk TrunkConfig, number string, from caller, keep func(ua.Stored)) error {
	offer, err := l.offer()
	if err != nil {
		return err
	}
	l.dialog, err = s.endpoint.Invite(ctx, ua.Invite{
		Trunk: trunk.Name, To: number, From: from.number, FromName: from.name, Offer: offer, Keep: keep,
	}, l)
	return err
}

func (s *Switch) isAgent(d consult.Dial) bool {
	return d.Party == consult.PartyAgent || d.Kind == consult.TargetAgent || d.Kind == consult.TargetQueue
}

// trunkFor names the trunk by which somebody is rung.
func (s *Switch) trunkFor(d consult.Dial) string {
	switch {
	case s.isAgent(d):
		return s.config.Routes.Agents
	case d.Kind == consult.TargetOrganization:
		return s.config.Routes.Experts
	default:
		return s.config.Routes.Numbers
	}
}

// dialled is a number as the trunk wants it. Extensions and feature codes stay
// as they are.
func dialled(number string, trunk TrunkConfig) string {
	if trunk.Country == "" {
		return number
	}
	if check := dial.Read(number, trunk.Country); check.Valid && check.E164 != "" {
		return check.E164
	}
	return number
}

// caller is whom the rung telephone shows.
type caller struct{ number, name string }

// callerFor chooses it: agents see the customer, everybody else the contact
// centre's number and the agent's name.
func (s *Switch) callerFor(d consult.Dial, c *call) caller {
	if d.Party == consult.PartyAgent {
		return caller{number: c.from}
	}
	from := caller{number: s.config.Caller, name: d.OnBehalf}
	if d.Kind != consult.TargetOrganization {
		return from
	}
	if shown := shownCustomer(c.from, s.config.ShowCustomer); shown != "" {
		from.name = strings.TrimSpace(from.name + " (" + shown + ")")
	}
	return from
}

// shownCustomer is what an expert sees of the customer's number.
func shownCustomer(number, how string) string {
	const kept = 3
	switch {
	case number == "":
		return ""
	case how == ShowFull:
		return number
	case how == ShowMasked && len(number) > kept:
		return strings.Repeat("*", len(number)-kept) + number[len(number)-kept:]
	default:
		return ""
	}
}
