package siptest

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"time"

	"teamsbridge/consult/sip/media/tonetest"
	"teamsbridge/consult/sip/sdp"
	"teamsbridge/consult/sip/ua"
)

// Loopback are the networks of every telephone.
var Loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// Patience bounds the wait for what must come.
const Patience = 30 * time.Second

// Phone is a telephone with one line.
type Phone struct {
	*tonetest.Phone
	t        testing.TB
	endpoint *ua.Endpoint
	rings    chan *ua.Incoming
	hands    sync.WaitGroup // of calls that ring or are picked up

	mu      sync.Mutex
	wish    sdp.Session
	dialog  *ua.Dialog
	ringing *ring
	failed  chan ua.Failure
	ended   chan ua.End
	up      chan struct{}
	picked  chan struct{} // closed when what was picked up is connected, or is not
	gone    bool          // the test is over
}

// ring is a call that the telephone has not answered yet.
type ring struct {
	in     *ua.Incoming
	decide chan func(*ua.Incoming)
}

// New makes a telephone whose voice is a tone. Requests go to peer, where it has one.
func New(t testing.TB, hertz float64, peer ...ua.Peer) *Phone {
	t.Helper()
	p := &Phone{
		Phone: tonetest.NewPhone(t, hertz), t: t, rings: make(chan *ua.Incoming, 8),
		failed: make(chan ua.Failure, 8), ended: make(chan ua.End, 8), up: make(chan struct{}, 8),
	}
	p.wish = p.Session()
	var err error
	p.endpoint, err = ua.New(ua.Config{
		Host: "127.0.0.1", Listen: []ua.Listen{{Transport: ua.UDP, Address: "127.0.0.1:0"}},
		Trunks: []ua.Trunk{{Name: "switch", Networks: Loopback, Peers: peer}},
	}, ua.Deps{Incoming: p.called})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.endpoint.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.endpoint.Close(); err != nil {
			t.Errorf("telephone: %v", err)
		}
		p.mu.Lock()
		p.gone = true
		p.mu.Unlock()
		p.hands.Wait() // they write to the test's log
	})
	return p
}

// Peer is where the telephone is called.
func (p *Phone) Peer() ua.Peer { return PeerAt(p.endpoint.Addr(ua.UDP).String(), ua.UDP) }

// PeerAt makes a peer of an address.
func PeerAt(address string, transport ua.Transport) ua.Peer {
	at := netip.MustParseAddrPort(address)
	return ua.Peer{Transport: transport, Host: at.Addr().String(), Port: int(at.Port())}
}

// called lets the telephone ring until a hand decides or the caller gives up.
func (p *Phone) called(in *ua.Incoming) {
	r := &ring{in: in, decide: make(chan func(*ua.Incoming), 1)}
	p.mu.Lock()
	if p.gone {
		p.mu.Unlock()
		return
	}
	p.hands.Add(1)
	defer p.hands.Done()
	p.ringing = r
	p.mu.Unlock()
	if err := in.Ring(); err != nil && !errors.Is(err, ua.ErrDecided) {
		p.t.Logf("ring: %v", err)
	}
	select {
	case p.rings <- in:
	case <-p.t.Context().Done():
	}
	select {
	case decide := <-r.decide:
		decide(in)
	case <-in.Withdrawn():
	case <-p.t.Context().Done():
	}
	p.mu.Lock()
	if p.ringing == r {
		p.ringing = nil
	}
	p.mu.Unlock()
}

// Rings waits until the telephone rings.
func (p *Phone) Rings() *ua.Incoming {
	p.t.Helper()
	return Wait(p.t, "ringing", p.rings)
}

// Wait takes what must come from a channel. Its patience is counted, so that a
// machine that stood still is not taken for a switch that does.
func Wait[T any](t testing.TB, what string, from <-chan T) T {
	t.Helper()
	const often = Patience / 300
	pass := time.NewTicker(often)
	defer pass.Stop()
	for range Patience / often {
		select {
		case v := <-from:
			return v
		case <-pass.C:
		}
	}
	t.Fatalf("no %s in %v", what, Patience)
	panic("unreachable")
}

// Until looks again and again until what must come is there, as patient as [Wait].
func Until(t testing.TB, what string, is func() bool) {
	t.Helper()
	const often = 10 * time.Millisecond
	look := time.NewTicker(often)
	defer look.Stop()
	for range Patience / often {
		if is() {
			return
		}
		<-look.C
	}
	t.Fatalf("never %s", what)
}

// decide gives a ringing telephone what to do.
func (p *Phone) decide(f func(*ua.Incoming)) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ringing == nil {
		return false
	}
	p.ringing.decide <- f // has room for the one decision
	p.ringing = nil
	return true
}

// PickUp answers a ringing telephone.
func (p *Phone) PickUp() bool {
	picked := make(chan struct{})
	p.mu.Lock()
	p.picked = picked
	p.mu.Unlock()
	return p.decide(func(in *ua.Incoming) {
		defer close(picked)
		p.mu.Lock()
		body, agreed, err := sdp.Answer(in.Offer, p.wish)
		if err == nil {
			p.wish.Sent = body
		}
		p.mu.Unlock()
		if err != nil {
			p.t.Errorf("answer: %v", err)
			return
		}
		d, _, err := in.Answer(context.Background(), body, p)
		if err != nil {
			p.t.Logf("answer: %v", err)
			return
		}
		p.connected(d, agreed)
	})
}

// Refuse turns a call away with a final status.
func (p *Phone) Refuse(status int) bool {
	return p.decide(func(in *ua.Incoming) {
		if err := in.Refuse(status, "No"); err != nil {
			p.t.Logf("refuse: %v", err)
		}
	})
}

func (p *Phone) connected(d *ua.Dialog, agreed sdp.Negotiated) {
	p.mu.Lock()
	p.dialog = d
	p.mu.Unlock()
	p.Connect(agreed)
	p.up <- struct{}{}
}

// Call rings a number at the switch, as somebody.
func (p *Phone) Call(to, from string) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	offer, err := sdp.Offer(p.wish)
	if err != nil {
		p.t.Fatal(err)
	}
	p.wish.Sent = offer
	p.dialog, err = p.endpoint.Invite(p.t.Context(), ua.Invite{Trunk: "switch", To: to, From: from, Offer: offer}, p)
	if err != nil {
		p.t.Fatal(err)
	}
}

// IsUp waits until the telephone is connected.
func (p *Phone) IsUp() {
	p.t.Helper()
	Wait(p.t, "connection", p.up)
}

// WaitFailed waits until a call of the telephone has failed.
func (p *Phone) WaitFailed() ua.Failure {
	p.t.Helper()
	return Wait(p.t, "failure", p.failed)
}

// Over waits until the telephone's call is over.
func (p *Phone) Over() ua.End {
	p.t.Helper()
	return Wait(p.t, "end", p.ended)
}

// HangUp ends the telephone's call, or declines one that rings.
func (p *Phone) HangUp() bool {
	if p.Refuse(603) {
		return true
	}
	p.mu.Lock()
	picked := p.picked
	p.mu.Unlock()
	if picked != nil {
		<-picked
	}
	p.mu.Lock()
	d := p.dialog
	p.mu.Unlock()
	if d == nil {
		return false
	}
	d.Hangup(context.Background(), ua.Cause{})
	return true
}

// Ringing is told by the dialog, as the methods that follow.
func (p *Phone) Ringing() {}

// Early media is not listened to.
func (p *Phone) Early([]byte) {}

// Answered connects the telephone.
func (p *Phone) Answered(answer []byte) {
	p.mu.Lock()
	agreed, err := sdp.Accept(answer, p.wish)
	d := p.dialog
	p.mu.Unlock()
	if err != nil {
		p.t.Errorf("answer: %v", err)
		return
	}
	p.connected(d, agreed)
}

// Failed keeps why a call failed.
func (p *Phone) Failed(f ua.Failure) { p.failed <- f }

// Ended keeps how a call ended.
func (p *Phone) Ended(e ua.End) { p.ended <- e }

// Offered answers an offer in the dialog.
func (p *Phone) Offered(offer []byte) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(offer) == 0 {
		return sdp.Offer(p.wish)
	}
	body, agreed, err := sdp.Answer(offer, p.wish)
	if err != nil {
		return nil, err
	}
	p.Connect(agreed)
	return body, nil
}

// Settled takes the answer to an offer of the telephone's.
func (p *Phone) Settled(answer []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if agreed, err := sdp.Accept(answer, p.wish); err == nil {
		p.Connect(agreed)
	}
}
