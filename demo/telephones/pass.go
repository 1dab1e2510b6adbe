package telephones

import (
	"context"
	"slices"

	"teamsbridge/consult"
)

// Dial passes on what the engine wants rung, and notes it.
func (n *Network) Dial(ctx context.Context, d consult.Dial) error {
	n.mu.Lock()
	c := n.known[d.Interaction]
	if c == nil {
		c = &call{id: d.Interaction, pictures: map[uint64]consult.Arrangement{}}
		n.known[d.Interaction] = c
	}
	if c.leg(d.Leg) == nil {
		l := &leg{id: d.Leg, party: d.Party, number: d.Number, state: consult.LegRinging}
		c.legs = append(c.legs, l)
		n.expected[d.Number] = append(n.expected[d.Number], l)
	}
	n.mu.Unlock()
	return n.calls.Dial(ctx, d)
}

// Arrange passes a picture on.
func (n *Network) Arrange(ctx context.Context, id consult.InteractionID, a consult.Arrangement) error {
	n.mu.Lock()
	if c := n.known[id]; c != nil {
		c.pictures[a.Seq] = a
	}
	n.mu.Unlock()
	return n.calls.Arrange(ctx, id, a)
}

// Hangup passes the end of a leg on.
func (n *Network) Hangup(ctx context.Context, id consult.InteractionID, leg consult.LegID) error {
	return n.calls.Hangup(ctx, id, leg)
}

// Calls passes on what is there.
func (n *Network) Calls(ctx context.Context) ([]consult.CallStatus, error) { return n.calls.Calls(ctx) }

// Events passes on what happens.
func (n *Network) Events() <-chan consult.Event { return n.events }

// follow notes what the switch tells before the engine hears it.
func (n *Network) follow() {
	defer close(n.events)
	for e := range n.calls.Events() {
		n.note(&e)
		select {
		case n.events <- e:
		case <-n.ctx.Done():
			return
		}
	}
}

// note brings a call up to date, and lets those who wait hear the service's word.
func (n *Network) note(e *consult.Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	defer n.wake()
	if e.Kind == consult.EventCall {
		n.begun(e)
		return
	}
	c := n.known[e.Interaction]
	if c == nil {
		return
	}
	if e.Kind == consult.EventArranged {
		if a, ok := c.pictures[e.Seq]; ok {
			c.talk, c.hold = a.Talk, a.Hold
			delete(c.pictures, e.Seq)
		}
		return
	}
	l := c.leg(e.Leg)
	if l == nil {
		return
	}
	hear(e, l.words(e.Kind))
	switch e.Kind {
	case consult.EventRinging:
		l.rings = true
	case consult.EventAsked:
		l.asked = true
		l.acceptNow()
	case consult.EventAnswered:
		l.state, l.asked = consult.LegUp, false
	case consult.EventFailed, consult.EventEnded, consult.EventLost:
		n.remove(c, l)
	default: // changes nothing here
	}
}

// acceptNow presses the key that the voice asks for, where somebody shall.
func (l *leg) acceptNow() {
	if l.asked && l.accept && l.phone != nil {
		l.phone.press(acceptKey)
	}
}

// acceptKey is the key by which a consult is accepted.
const acceptKey = "1"

// hear lets those who wait hear what the service says to an event.
func hear(e *consult.Event, waiting []*wait) {
	if len(waiting) == 0 {
		return
	}
	inner := e.Ack
	e.Ack = func(err error) {
		if inner != nil {
			inner(err)
		}
		for _, w := range waiting {
			select {
			case w.word <- err:
			default: // told twice: the first word counts
			}
		}
	}
}

// remove takes a leg away, and a call without legs. The caller holds the mutex.
func (n *Network) remove(c *call, l *leg) {
	c.legs = slices.DeleteFunc(c.legs, func(other *leg) bool { return other == l })
	n.expected[l.number] = slices.DeleteFunc(n.expected[l.number], func(other *leg) bool { return other == l })
	if len(n.expected[l.number]) == 0 {
		delete(n.expected, l.number)
	}
	if len(c.legs) == 0 {
		delete(n.known, c.id)
	}
}

// begun notes a customer's call. The caller holds the mutex.
func (n *Network) begun(e *consult.Event) {
	if n.known[e.Interaction] != nil {
		return // told again, since the journal did not take it
	}
	agent := n.options.Number(e.Call.Tenant, e.Call.Agent)
	customer := &leg{id: e.Call.CustomerLeg, party: consult.PartyCustomer, number: e.Call.From, state: consult.LegUp, soft: true}
	agents := &leg{id: e.Call.AgentLeg, party: consult.PartyAgent, number: agent, state: consult.LegUp, soft: true}
	i := slices.IndexFunc(n.loose, func(p *telephone) bool { return p.number == agent && p.from == e.Call.From })
	if i >= 0 {
		agents.phone, agents.soft = n.loose[i], false
		n.loose = slices.Delete(n.loose, i, i+1)
	}
	way := between{agent, e.Call.From}
	if p := n.pending[way]; p != nil {
		delete(n.pending, way)
		customer.phone, customer.soft = p.customer, false
		p.id = e.Interaction
		hear(e, []*wait{{word: p.word}})
	}
	n.known[e.Interaction] = &call{
		id: e.Interaction, legs: []*leg{customer, agents}, talk: []consult.LegID{customer.id, agents.id},
		pictures: map[uint64]consult.Arrangement{},
	}
}
