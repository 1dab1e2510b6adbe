package telephones

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
)

// ErrNoLeg says that a party has no leg on which something can be done.
var ErrNoLeg = memswitch.ErrNoLeg

var (
	errSoftphone = errors.New("a softphone plays this party: do it there")
	errNotAsked  = errors.New("nobody asks this party for a key: they are connected when they pick up")
)

const (
	legWait = 5 * time.Second  // for the leg that an act needs
	actWait = 40 * time.Second // for the service to notice: a line that died is noticed after 20 s
)

// pending is a customer's call of hands that the engine does not know yet.
type pending struct {
	customer *telephone
	id       consult.InteractionID
	word     chan error
	done     chan struct{} // closed when the next one of the same two may begin
}

// Call lets a customer's built-in telephone call an agent, whose telephone, where
// it is built in, picks up at once. It returns when the service has journaled the call.
func (n *Network) Call(ctx context.Context, c consult.Call) (consult.InteractionID, error) {
	number := n.options.Number(c.Tenant, c.Agent)
	if number == "" {
		return "", errors.New("the agent has no telephone")
	}
	from := strings.Map(func(r rune) rune {
		if strings.ContainsRune("+0123456789*#", r) {
			return r
		}
		return -1
	}, c.From)
	way := between{number, from}
	p := &pending{word: make(chan error, 1), done: make(chan struct{})}
	if err := n.enter(ctx, way, p); err != nil {
		return "", err
	}
	defer close(p.done)
	defer n.leave(way, p)
	customer, err := n.plug(from, "", customerVoice)
	if err != nil {
		return "", err
	}
	n.mu.Lock()
	p.customer = customer
	n.mu.Unlock()
	if err := customer.call(ctx, number); err != nil {
		customer.finish()
		return "", err
	}
	select {
	case err = <-p.word:
	case failure := <-customer.failed:
		return "", failure
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		customer.hangUp() //nolint:contextcheck // the telephone outlives the request
		return "", err
	}
	return p.id, nil
}

// enter waits until no other call of the same two is on its way: until the
// switch names them, two could not be told from each other.
func (n *Network) enter(ctx context.Context, way between, p *pending) error {
	for {
		n.mu.Lock()
		before := n.pending[way]
		if before == nil {
			n.pending[way] = p
			n.mu.Unlock()
			return nil
		}
		n.mu.Unlock()
		select {
		case <-before.done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (n *Network) leave(way between, p *pending) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.pending[way] == p {
		delete(n.pending, way)
	}
}

// deed is what an act does, on a leg in which state, and the events that are its outcome.
type deed struct {
	want     consult.LegState
	outcomes []consult.EventKind
	do       func(ctx context.Context, n *Network, l *leg) error
}

var notAnswered = []consult.EventKind{consult.EventFailed, consult.EventAnswered}

func refusing(status int, phrase string) deed {
	return deed{consult.LegRinging, notAnswered, func(_ context.Context, _ *Network, l *leg) error {
		l.phone.refuse(status, phrase)
		return nil
	}}
}

var deeds = map[memswitch.Act]deed{
	memswitch.ActAnswer: {consult.LegRinging, notAnswered, func(_ context.Context, n *Network, l *leg) error {
		n.accept(l)
		return nil
	}},
	memswitch.ActPickUp: {consult.LegRinging, []consult.EventKind{consult.EventAsked, consult.EventAnswered, consult.EventFailed}, func(_ context.Context, _ *Network, l *leg) error {
		l.phone.pickUp()
		return nil
	}},
	memswitch.ActDecline:      refusing(603, "Decline"),
	memswitch.ActBusy:         refusing(486, "Busy Here"),
	memswitch.ActNoAnswer:     refusing(408, "Request Timeout"),
	memswitch.ActVoicemail:    {consult.LegRinging, notAnswered, pickUpAndPressNothing},
	memswitch.ActNoAcceptance: {consult.LegRinging, notAnswered, pickUpAndPressNothing},
	memswitch.ActHangup: {"", []consult.EventKind{consult.EventEnded, consult.EventFailed}, func(_ context.Context, _ *Network, l *leg) error {
		l.phone.hangUp()
		return nil
	}},
	memswitch.ActLost: {consult.LegUp, []consult.EventKind{consult.EventLost, consult.EventEnded}, func(_ context.Context, _ *Network, l *leg) error {
		l.phone.finish() // unplugged without a word
		return nil
	}},
	memswitch.ActHold: {consult.LegUp, []consult.EventKind{consult.EventHolds}, func(ctx context.Context, _ *Network, l *leg) error {
		return l.phone.hold(ctx, true)
	}},
	memswitch.ActBack: {consult.LegUp, []consult.EventKind{consult.EventBack}, func(ctx context.Context, _ *Network, l *leg) error {
		return l.phone.hold(ctx, false)
	}},
}

// accept picks up and presses the key, if one is asked for.
func (n *Network) accept(l *leg) {
	l.phone.pickUp()
	n.mu.Lock()
	defer n.mu.Unlock()
	if !l.accept {
		l.accept = true
		l.acceptNow()
	}
}

// pickUpAndPressNothing is what a voicemail does.
func pickUpAndPressNothing(ctx context.Context, n *Network, l *leg) error {
	n.mu.Lock()
	l.accept = false
	asked := l.await(consult.EventAsked, consult.EventAnswered)
	if l.asked {
		asked = nil
	}
	n.mu.Unlock()
	l.phone.pickUp() //nolint:contextcheck // the telephone outlives the request
	if asked != nil {
		select {
		case <-asked:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	n.mu.Lock()
	connected := l.state == consult.LegUp
	n.mu.Unlock()
	if connected {
		return errNotAsked
	}
	l.phone.hangUp() //nolint:contextcheck // the telephone outlives the request
	return nil
}

// Act plays a party at their built-in telephone. It waits for the leg that it
// needs, and returns when the service has journaled what came of it.
func (n *Network) Act(ctx context.Context, id consult.InteractionID, party consult.Party, act memswitch.Act) error {
	d, known := deeds[act]
	if !known {
		return fmt.Errorf("telephones: unknown act %q", act)
	}
	ctx, cancel := context.WithTimeout(ctx, actWait)
	defer cancel()
	l, err := n.reach(ctx, id, party, d.want)
	if err != nil {
		return err
	}
	n.mu.Lock()
	word := l.await(d.outcomes...)
	n.mu.Unlock()
	if err := d.do(ctx, n, l); err != nil {
		return err
	}
	select {
	case err := <-word:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// reach waits for a party's leg whose telephone is built in.
func (n *Network) reach(ctx context.Context, id consult.InteractionID, party consult.Party, want consult.LegState) (*leg, error) {
	limit := time.NewTimer(legWait)
	defer limit.Stop()
	for {
		n.mu.Lock()
		c, changed := n.known[id], n.changed
		if c == nil {
			n.mu.Unlock()
			return nil, ErrNoLeg // an interaction never comes back
		}
		l := c.reach(party, want)
		switch {
		case l != nil && l.soft:
			n.mu.Unlock()
			return nil, errSoftphone
		case l != nil && l.phone != nil:
			n.mu.Unlock()
			return l, nil
		}
		n.mu.Unlock()
		select {
		case <-changed:
		case <-limit.C:
			return nil, ErrNoLeg
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Answer picks up a ringing leg for the person who accepted on their page. At a
// softphone they pick up themselves.
func (n *Network) Answer(_ context.Context, id consult.InteractionID, legID consult.LegID) error {
	n.mu.Lock()
	c := n.known[id]
	if c == nil || c.leg(legID) == nil {
		n.mu.Unlock()
		return ErrNoLeg
	}
	l := c.leg(legID)
	n.mu.Unlock()
	n.run(func() { //nolint:contextcheck // the telephone outlives the request
		ctx, cancel := context.WithTimeout(n.ctx, legWait)
		defer cancel()
		for { // until its telephone is plugged in
			n.mu.Lock()
			phone, changed := l.phone, n.changed
			n.mu.Unlock()
			if phone != nil {
				n.accept(l)
				return
			}
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	})
	return nil
}
