package sip

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"sync"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/sip/ua"
)

// arrival is a customer's call until the agent has answered.
type arrival struct {
	events chan happened // with room for everything that can come
}

// happened is what is told of the agent's telephone.
type happened struct {
	ringing, asked, answered bool
	failed                   consult.FailureReason // once answered: the end
	lost                     bool                  // that was not a hang-up
}

func (a *arrival) tell(h happened) {
	select {
	case a.events <- h:
	default: // ringing, asked, answered and one end: there is room for them
	}
}

// arrives takes a customer's call, in a goroutine of its own: the agent that it
// is for is rung, and when they have answered the customer is connected. A service
// that is behind refuses it before anything is done for it.
func (s *Switch) arrives(in *ua.Incoming) {
	ctx := context.Background()
	status, phrase := unavailable()
	switch {
	case !s.intake.admit(): // asked first: it needs no lock, for which others may be waiting
		s.metrics.overloads.Inc()
	case !s.enter():
		s.intake.rest()
	default:
		defer s.leave()
		status, phrase = s.connect(ctx, in)
	}
	if status == 0 {
		return
	}
	if err := in.Refuse(status, phrase); err != nil {
		s.log.InfoContext(ctx, "sip: a call could not be refused", "trunk", in.Trunk, "error", err)
	}
}

// connect sees a customer's call through, whose work was begun; a status refuses it.
func (s *Switch) connect(ctx context.Context, in *ua.Incoming) (status int, phrase string) {
	rest := sync.OnceFunc(s.intake.rest)
	defer rest()
	if len(s.config.Inbound.Trunks) > 0 && !slices.Contains(s.config.Inbound.Trunks, in.Trunk) {
		return 403, "Forbidden"
	}
	if number, ok := s.consultNumber(in); ok {
		rest() // it takes its time: a code may be asked for
		return s.consulted(ctx, in, number)
	}
	agent, ok := s.agentFor(in)
	if !ok || s.config.Anchor == AnchorConsult {
		return 404, "Not Found"
	}
	customer, telephone, err := s.openBoth(in)
	if err != nil {
		s.log.WarnContext(ctx, "sip: a customer's call cannot be taken", "error", err)
		return unavailable()
	}
	connected := false
	defer func() {
		if !connected {
			s.abandon(customer)
		}
	}()
	body, err := customer.firstBody(in.Offer)
	if err != nil {
		s.abandon(telephone)
		return 488, "Not Acceptable Here"
	}
	id := consult.InteractionID("i-" + strings.ToLower(rand.Text()))
	events, err := s.ringAgent(ctx, telephone, agent, number(in), func(dialog ua.Stored) { //nolint:contextcheck // stored whatever becomes of the caller
		if dialog.Answered() {
			s.keepBoth(id, customer, in, telephone, dialog)
		} else {
			s.keepSoon(id, telephone, dialog)
		}
	})
	if err != nil {
		s.log.ErrorContext(ctx, "sip: the agent of a customer's call cannot be rung", "agent", agent.ID, "error", err)
		return 500, "Server Internal Error"
	}
	rest()
	if reason := s.awaitAgent(ctx, in, telephone, events); reason != "" {
		return s.refusal(reason)
	}
	s.begin(ctx, id, in, agent, customer, telephone, body, &connected)
	return 0, ""
}

// agentFor finds the agent whom the header or the called number names.
func (s *Switch) agentFor(in *ua.Incoming) (Agent, bool) {
	named := in.To
	if h := s.config.Inbound.Header; h != "" {
		named = strings.TrimSpace(in.Header(h))
	}
	if named == "" {
		return Agent{}, false
	}
	return s.deps.Agent(named)
}

// number is the customer's, as the trunk vouches for it, else as they say.
func number(in *ua.Incoming) string {
	if in.Asserted != "" {
		return in.Asserted
	}
	return in.From
}

// open makes a leg within the limits.
func (s *Switch) open(party consult.Party, trunk TrunkConfig) (*leg, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	if !s.limits.take() {
		return nil, errLimits
	}
	l, err := s.newLeg(consult.LegID("l-"+strings.ToLower(rand.Text())), party, trunk)
	if err != nil {
		s.limits.give()
	}
	return l, err
}

// openBoth makes the legs of a customer's call, or none: who cannot be connected
// with the agent is refused before the agent is rung.
func (s *Switch) openBoth(in *ua.Incoming) (customer, telephone *leg, err error) {
	if customer, err = s.open(consult.PartyCustomer, s.config.trunk(in.Trunk)); err != nil {
		return nil, nil, err
	}
	if telephone, err = s.open(consult.PartyAgent, s.config.trunk(s.config.Routes.Agents)); err != nil {
		s.abandon(customer)
		return nil, nil, err
	}
	return customer, telephone, nil
}

// abandon gives back a leg that never became one of a call.
func (s *Switch) abandon(l *leg) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !l.gone {
		s.drop(l)
	}
}

// ringAgent rings the agent's telephone, which shows the customer's number; the
// leg is given back where that fails.
func (s *Switch) ringAgent(ctx context.Context, l *leg, agent Agent, from string, keep func(ua.Stored)) (*arrival, error) {
	trunk := s.config.trunk(s.config.Routes.Agents)
	s.mu.Lock()
	defer s.mu.Unlock()
	l.arrival = &arrival{events: make(chan happened, 8)}
	if err := s.invite(ctx, l, trunk, dialled(agent.Number, trunk), caller{number: from}, keep); err != nil {
		s.drop(l)
		return nil, err
	}
	return l.arrival, nil
}

// awaitAgent waits until the agent has answered; otherwise it says why not.
func (s *Switch) awaitAgent(ctx context.Context, in *ua.Incoming, telephone *leg, events *arrival) consult.FailureReason {
	limit := time.NewTimer(s.config.Inbound.RingTimeout)
	defer limit.Stop()
	give := func(reason consult.FailureReason) consult.FailureReason {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !telephone.gone {
			telephone.dialog.Hangup(ctx, ua.Cause{}) // a call that the agent missed, and shall find as such
		}
		return reason
	}
	for {
		select {
		case h := <-events.events:
			switch {
			case h.failed != "":
				return h.failed
			case h.answered:
				return ""
			case h.ringing:
				if err := in.Ring(); err != nil {
					s.log.InfoContext(ctx, "sip: a customer cannot be told that it rings", "error", err)
				}
			}
		case <-in.Withdrawn():
			return give(consult.FailureWithdrawn)
		case <-limit.C:
			return give(consult.FailureNoAnswer)
		case <-s.closing:
			return give(consult.FailureFailed)
		}
	}
}

// begin connects the customer with the agent and tells the engine.
func (s *Switch) begin(ctx context.Context, id consult.InteractionID, in *ua.Incoming, agent Agent, customer, telephone *leg, body []byte, connected *bool) {
	s.mu.Lock()
	c := s.callOf(id)
	c.tenant, c.from = agent.Tenant, number(in)
	customer.call = c
	c.legs[customer.id] = customer
	*connected = true
	s.mu.Unlock()

	dialog, err := customer.take(ctx, in, body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil || customer.gone || telephone.gone || s.closed {
		s.log.InfoContext(ctx, "sip: a call ended while it was connected", "trunk", in.Trunk, "error", err)
		if !customer.gone {
			if dialog != nil {
				dialog.Hangup(ctx, ua.Cause{})
			}
			s.drop(customer)
		}
		if !telephone.gone {
			telephone.dialog.Hangup(ctx, ua.Cause{})
		}
		return
	}
	customer.dialog, customer.state = dialog, consult.LegUp
	telephone.call, telephone.arrival = c, nil
	c.legs[telephone.id] = telephone
	if err := c.arrange(consult.Arrangement{Talk: []consult.LegID{customer.id, telephone.id}}); err != nil {
		s.log.ErrorContext(ctx, "sip: a picture cannot be made", "interaction", c.id, "error", err)
	}
	s.announce(c, consult.Call{
		Tenant: agent.Tenant, CustomerLeg: customer.id, From: c.from, AgentLeg: telephone.id, Agent: agent.ID,
	})
}

// announceAgain is the wait before a call that could not be journaled is told again.
const announceAgain = time.Second

// announce tells the engine of a call until the journal holds it: the two talk
// meanwhile. The caller holds the mutex.
func (s *Switch) announce(c *call, told consult.Call) {
	s.tellSoon(consult.Event{Kind: consult.EventCall, Interaction: c.id, Call: &told, Ack: func(err error) {
		if err == nil {
			return
		}
		s.log.Error("sip: a call is not known to the engine yet, it is told again", "interaction", c.id, "error", err)
		time.AfterFunc(announceAgain, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			if !s.closed && s.calls[c.id] == c && c.legs[told.CustomerLeg] != nil {
				s.announce(c, told)
			}
		})
	}})
}
