package telephones

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"time"

	"teamsbridge/consult/sip/media"
	"teamsbridge/consult/sip/sdp"
	"teamsbridge/consult/sip/ua"
)

// telephone is a built-in telephone, for one call.
type telephone struct {
	network  *Network
	number   string
	from     string // who rings it, as the switch says; empty for one that calls
	endpoint *ua.Endpoint
	stream   *media.Stream
	at       netip.AddrPort
	decided  chan func(*ua.Incoming) // has room for the one decision
	gone     chan struct{}           // closed when its call is over
	failed   chan ua.Failure         // why the call it made came to nothing

	mu     sync.Mutex
	wish   sdp.Session
	dialog *ua.Dialog
	picked chan struct{} // made when it is picked up, closed when that succeeded or did not
	over   bool
}

// trunkName names the only way that a built-in telephone knows.
const trunkName = "exchange"

// plug makes a telephone that can be rung and can call.
func (n *Network) plug(number, from string, voice *media.Sound) (*telephone, error) {
	stream, err := n.audio.Open()
	if err != nil {
		return nil, err
	}
	p := &telephone{
		network: n, number: number, from: from, stream: stream,
		decided: make(chan func(*ua.Incoming), 1), gone: make(chan struct{}), failed: make(chan ua.Failure, 1),
	}
	local := stream.LocalAddr()
	p.wish = sdp.Session{ID: sdp.NewID(), Addr: local.Addr(), Port: local.Port()}
	exchange := n.exchange.Addr()
	host := exchange.Addr().String()
	p.endpoint, err = ua.New(ua.Config{
		Host: host, UserAgent: "teamsbridge-demo-telephone", Listen: []ua.Listen{{Transport: ua.UDP, Address: netip.AddrPortFrom(exchange.Addr(), 0).String()}},
		Trunks: []ua.Trunk{{Name: trunkName, Peers: []ua.Peer{{Transport: ua.UDP, Host: host, Port: int(exchange.Port())}}}},
	}, ua.Deps{Incoming: p.called})
	if err == nil {
		err = p.endpoint.Start(n.ctx)
	}
	if err != nil {
		return nil, errors.Join(err, stream.Close())
	}
	p.at = netip.MustParseAddrPort(p.endpoint.Addr(ua.UDP).String())
	n.exchange.plan.plug(p.at, true)
	n.run(func() { p.speak(voice) })
	n.run(p.unplugWhenOver)
	return p, nil
}

// speak says the same again and again.
func (p *telephone) speak(voice *media.Sound) {
	for {
		select {
		case <-p.stream.Play(voice).Done():
		case <-p.gone:
			return
		case <-p.network.ctx.Done():
			return
		}
		select {
		case <-p.gone: // a closed stream is done at once
			return
		default:
		}
	}
}

func (p *telephone) unplugWhenOver() {
	select {
	case <-p.gone:
	case <-p.network.ctx.Done():
		p.hangUp()
		p.finish()
	}
	settle, cancel := context.WithTimeout(context.WithoutCancel(p.network.ctx), goodbyeWait)
	defer cancel()
	p.endpoint.Settle(settle)
	p.network.exchange.plan.plug(p.at, false)
	p.network.forget(p)
	if err := errors.Join(p.endpoint.Close(), p.stream.Close()); err != nil {
		p.network.log.Debug("telephones: a telephone was not unplugged cleanly", "error", err)
	}
}

// finish says that the telephone's call is over.
func (p *telephone) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.over {
		p.over = true
		close(p.gone)
	}
}

// called rings until a hand decides or the caller gives up.
func (p *telephone) called(in *ua.Incoming) {
	if err := in.Ring(); err != nil {
		p.finish()
		return
	}
	select {
	case decide := <-p.decided:
		decide(in)
	case <-in.Withdrawn():
		p.finish()
	case <-p.gone:
	}
}

// decide gives the ringing telephone what to do; the first decision counts.
func (p *telephone) decide(f func(*ua.Incoming)) {
	select {
	case p.decided <- f:
	default:
	}
}

// pickUp answers the ringing telephone; again changes nothing.
func (p *telephone) pickUp() {
	picked := make(chan struct{})
	p.mu.Lock()
	if p.picked != nil {
		p.mu.Unlock()
		return
	}
	p.picked = picked
	p.mu.Unlock()
	p.decide(func(in *ua.Incoming) {
		defer close(picked)
		p.mu.Lock()
		body, agreed, err := sdp.Answer(in.Offer, p.wish)
		p.wish.Sent = body
		p.mu.Unlock()
		if err != nil {
			p.network.log.Warn("telephones: audio that a built-in telephone does not know", "error", err)
			_ = in.Refuse(488, "Not Acceptable Here") // the caller may have gone meanwhile
			p.finish()
			return
		}
		_ = p.stream.Connect(agreed) // silence, if it fails
		dialog, _, err := in.Answer(context.WithoutCancel(p.network.ctx), body, p)
		if err != nil {
			p.finish()
			return
		}
		p.mu.Lock()
		p.dialog = dialog
		p.mu.Unlock()
	})
}

// acceptUnheard picks up, listens for a while to the voice that asks, and presses
// the key: that a question was asked is known of calls that the engine knows, and
// those to consult numbers are none.
func (p *telephone) acceptUnheard() {
	p.pickUp()
	if p.connected() == nil {
		return
	}
	listened := time.NewTimer(p.network.options.AnswerAfter)
	defer listened.Stop()
	select {
	case <-listened.C:
		p.press(acceptKey)
	case <-p.gone:
	case <-p.network.ctx.Done():
	}
}

func (p *telephone) refuse(status int, phrase string) {
	p.decide(func(in *ua.Incoming) {
		_ = in.Refuse(status, phrase) // the caller may have gone meanwhile
		p.finish()
	})
}

// call rings somebody; answered is told by the service.
func (p *telephone) call(ctx context.Context, to string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	offer, err := sdp.Offer(p.wish)
	if err != nil {
		return err
	}
	p.wish.Sent = offer
	p.dialog, err = p.endpoint.Invite(ctx, ua.Invite{Trunk: trunkName, To: to, From: p.number, Offer: offer}, p)
	return err
}

// connected is the telephone's dialog, nil while it rings.
func (p *telephone) connected() *ua.Dialog {
	p.mu.Lock()
	picked := p.picked
	p.mu.Unlock()
	if picked != nil { // the service may know of it earlier than the hand
		select {
		case <-picked:
		case <-p.gone:
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dialog
}

// hangUp ends the telephone's call, or declines one that rings.
func (p *telephone) hangUp() {
	dialog := p.connected()
	if dialog == nil {
		p.refuse(603, "Decline")
		return
	}
	dialog.Hangup(context.WithoutCancel(p.network.ctx), ua.Cause{})
}

// An offer that comes too soon after another one is refused; it is made again,
// for as long as a busy machine may take to be done with the other.
const (
	holdTries = 100
	holdPause = 50 * time.Millisecond
)

// hold puts the other side on hold, or takes it back.
func (p *telephone) hold(ctx context.Context, on bool) error {
	dialog := p.connected()
	if dialog == nil {
		return ErrNoLeg
	}
	p.mu.Lock()
	p.wish.Direction = sdp.SendRecv
	if on {
		p.wish.Direction = sdp.Inactive
	}
	p.mu.Unlock()
	for try := 1; ; try++ {
		err := dialog.Reoffer(ctx)
		if err == nil || try == holdTries {
			return err
		}
		select {
		case <-time.After(holdPause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// press presses keys.
func (p *telephone) press(keys string) {
	if err := p.stream.SendDigits(keys); err != nil {
		p.network.log.Warn("telephones: keys were not pressed", "error", err)
	}
}
