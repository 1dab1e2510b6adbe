package memswitch

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"teamsbridge/consult"
)

// legWait is how long a person's act waits for the leg that it needs.
const legWait = 5 * time.Second

// Call plays a customer who rings and an agent who has answered. It returns
// once the service has journaled the call; the service's refusal ends the call
// again. Legs without an id get one.
func (s *Switch) Call(ctx context.Context, incoming consult.Call) (consult.InteractionID, error) {
	id := consult.InteractionID(newID("i"))
	if incoming.CustomerLeg == "" {
		incoming.CustomerLeg = consult.LegID(newID("l"))
	}
	if incoming.AgentLeg == "" {
		incoming.AgentLeg = consult.LegID(newID("l"))
	}
	customer := &leg{ID: incoming.CustomerLeg, Party: consult.PartyCustomer, Number: incoming.From, State: consult.LegUp}
	agent := &leg{ID: incoming.AgentLeg, Party: consult.PartyAgent, State: consult.LegUp}
	c := &call{ID: id, Tenant: incoming.Tenant, Legs: []*leg{customer, agent}, Talk: []consult.LegID{customer.ID, agent.ID}}

	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return "", ErrClosed
	}
	ack, word := acker()
	s.calls[id] = c
	s.keep(c)
	s.emit(c, consult.Event{Kind: consult.EventCall, Call: &incoming, Ack: ack})
	s.mu.Unlock()

	if err := s.acknowledged(ctx, word); err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		c.remove(customer)
		c.remove(agent)
		s.keep(c)
		return "", err
	}
	return id, nil
}

func newID(kind string) string { return kind + "-" + strings.ToLower(rand.Text()) }

// Act is what a person does on their telephone.
type Act string

// The acts, in the words of the demo's control interface.
const (
	ActAnswer    Act = "answer"
	ActDecline   Act = "decline"
	ActBusy      Act = "busy"
	ActNoAnswer  Act = "no-answer"
	ActVoicemail Act = "voicemail"
	ActHangup    Act = "hangup"
	// ActLost is a line that dies without a hang-up.
	ActLost Act = "lost"
	// ActNoAcceptance is somebody who answers and presses no key, or the wrong one.
	ActNoAcceptance Act = "no-acceptance"
	// ActPickUp is somebody who picks up and is asked to press a key; answer presses it.
	ActPickUp Act = "pick-up"
	// ActHold and ActBack are a party who holds on their own telephone.
	ActHold Act = "hold"
	ActBack Act = "back"
)

// noted are the acts that only tell something of a leg: in which state it must be.
var noted = map[Act]struct {
	kind consult.EventKind
	want consult.LegState
}{
	ActPickUp: {consult.EventAsked, consult.LegRinging},
	ActHold:   {consult.EventHolds, consult.LegUp},
	ActBack:   {consult.EventBack, consult.LegUp},
}

// unanswered gives the reason of the acts by which a ringing telephone is not answered.
var unanswered = map[Act]consult.FailureReason{
	ActDecline:   consult.FailureDeclined,
	ActBusy:      consult.FailureBusy,
	ActNoAnswer:  consult.FailureNoAnswer,
	ActVoicemail: consult.FailureVoicemail,

	ActNoAcceptance: consult.FailureNoAcceptance,
}

// Act plays a party. It waits up to 5 s for the leg it needs - a ringing one, or
// for hangup any - and returns once the service has journaled what happened;
// otherwise ErrNoLeg or the service's refusal. Hanging up a ringing telephone
// is to decline.
func (s *Switch) Act(ctx context.Context, id consult.InteractionID, party consult.Party, act Act) error {
	if _, tells := noted[act]; !tells && act != ActAnswer && act != ActHangup && act != ActLost && unanswered[act] == "" {
		return fmt.Errorf("memswitch: unknown act %q", act)
	}
	limit := time.NewTimer(legWait)
	defer limit.Stop()
	for {
		word, changed, err := s.tryAct(id, party, act)
		if err != nil {
			return err
		}
		if word != nil {
			return s.acknowledged(ctx, word)
		}
		select {
		case <-changed:
		case <-limit.C:
			return ErrNoLeg
		case <-ctx.Done():
			return ctx.Err()
		case <-s.events.Done():
			return ErrClosed
		}
	}
}

// tryAct acts at once if the leg is there; else it gives the channel that tells
// of the next change.
func (s *Switch) tryAct(id consult.InteractionID, party consult.Party, act Act) (word <-chan error, changed <-chan struct{}, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, nil, ErrClosed
	}
	c := s.calls[id]
	if c == nil {
		return nil, nil, ErrNoLeg // an interaction never comes back
	}
	want := consult.LegRinging
	switch act {
	case ActHangup:
		want = ""
	case ActLost:
		want = consult.LegUp
	default: // everything else answers a ringing telephone, or does not
		if n, tells := noted[act]; tells {
			want = n.want
		}
	}
	l := c.reach(party, want)
	if l == nil {
		if s.changed == nil {
			s.changed = make(chan struct{})
		}
		return nil, s.changed, nil
	}
	ack, word := acker()
	switch act {
	case ActAnswer:
		s.answer(c, l, ack)
	case ActHangup:
		s.end(c, l, consult.FailureDeclined, ack)
	case ActPickUp, ActHold, ActBack:
		s.emit(c, consult.Event{Kind: noted[act].kind, Leg: l.ID, Ack: ack})
	case ActLost:
		c.remove(l)
		s.keep(c)
		s.emit(c, consult.Event{Kind: consult.EventLost, Leg: l.ID, Ack: ack})
	default:
		s.end(c, l, unanswered[act], ack)
	}
	return word, nil, nil
}
