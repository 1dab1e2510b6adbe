package tonetest

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"

	"teamsbridge/consult/sip/g711"
	"teamsbridge/consult/sip/sdp"
)

const (
	frame        = 20 * time.Millisecond
	frameSamples = g711.Rate / 50
)

// Phone is a telephone's audio on loopback.
type Phone struct {
	t     testing.TB
	hertz float64
	rtp   *net.UDPConn
	rtcp  *net.UDPConn
	stop  chan struct{}
	done  sync.WaitGroup

	mu       sync.Mutex
	agreed   sdp.Negotiated
	codec    *g711.Codec
	out, in  *srtp.Context
	header   rtp.Header // of the next packet
	sample   int        // of the tone
	muted    bool
	lossy    func(packet int) bool
	late     func(packet int) bool
	held     []byte // a late packet, until the next
	sent     int
	pressing []pressed

	hearing hearing
}

// NewPhone opens a telephone that says a tone. It is silent until Connect.
func NewPhone(t testing.TB, hertz float64) *Phone {
	t.Helper()
	p := &Phone{t: t, hertz: hertz, stop: make(chan struct{})}
	p.header = rtp.Header{Version: 2, SSRC: uint32(hertz), SequenceNumber: 65500, Timestamp: 1<<32 - 8000}
	p.hearing.changed = make(chan struct{})
	var err error
	for range 100 { // until the system gives an even port whose neighbour is free
		if p.rtp, err = listen(0); err != nil {
			t.Fatal(err)
		}
		if p.rtcp, err = listen(p.Addr().Port() | 1); err == nil {
			break
		}
		_ = p.rtp.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	p.done.Go(p.speak)
	p.done.Go(p.listen)
	p.done.Go(p.listenControl)
	t.Cleanup(p.Close)
	return p
}

func listen(port uint16) (*net.UDPConn, error) {
	return net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: int(port)})
}

// Addr is where the telephone takes RTP; RTCP is one port above.
func (p *Phone) Addr() netip.AddrPort { return p.rtp.LocalAddr().(*net.UDPAddr).AddrPort() }

// Session is the wish to be described to the other side.
func (p *Phone) Session() sdp.Session {
	return sdp.Session{ID: sdp.NewID(), Addr: p.Addr().Addr(), Port: p.Addr().Port()}
}

// Connect makes what was negotiated true; the telephone speaks from now on.
func (p *Phone) Connect(n sdp.Negotiated) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.codec == nil || p.agreed.SendKeying != n.SendKeying || p.agreed.ReceiveKeying != n.ReceiveKeying {
		p.out, p.in = p.context(n.SendKeying), p.context(n.ReceiveKeying)
	}
	p.agreed, p.codec = n, g711.Named(string(n.Codec))
}

func (p *Phone) context(k sdp.Keying) *srtp.Context {
	if !k.On() {
		return nil
	}
	c, err := srtp.CreateContext(k.Key.Master(), k.Key.Salt(), srtp.ProtectionProfileAes128CmHmacSha1_80, srtp.SRTPReplayProtection(128))
	if err != nil {
		p.t.Error(err)
	}
	return c
}

// Mute stops sending altogether, as a line that dies does, or begins again.
func (p *Phone) Mute(muted bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.muted = muted
}

// Lose drops packets on the way from this telephone, by their number.
func (p *Phone) Lose(lost func(packet int) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lossy = lost
}

// Delay lets packets from this telephone arrive after the next one, by their number.
func (p *Phone) Delay(late func(packet int) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.late = late
}

// Close ends the telephone. Closing twice is fine.
func (p *Phone) Close() {
	p.mu.Lock()
	select {
	case <-p.stop:
		p.mu.Unlock()
		return
	default:
	}
	close(p.stop)
	p.mu.Unlock()
	_, _ = p.rtp.Close(), p.rtcp.Close()
	p.done.Wait()
}

func (p *Phone) speak() {
	ticker := time.NewTicker(frame)
	defer ticker.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-ticker.C:
			p.say()
		}
	}
}

func (p *Phone) say() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.codec == nil || p.muted || !p.agreed.Direction.Sends() {
		return
	}
	payload := make([]byte, frameSamples)
	p.header.PayloadType = p.agreed.SendPayload
	if key, ok := p.nextKey(); ok {
		payload = key
	} else {
		for i := range payload {
			payload[i] = p.codec.Code(At(p.hertz, p.sample+i))
		}
		p.sample += frameSamples
	}
	if err := p.send(payload); err != nil && !errors.Is(err, net.ErrClosed) {
		p.t.Error(err)
	}
}

func (p *Phone) send(payload []byte) error {
	packet, err := (&rtp.Packet{Header: p.header, Payload: payload}).Marshal()
	if err != nil {
		return err
	}
	p.header.SequenceNumber++
	if p.header.PayloadType == p.agreed.SendPayload {
		p.header.Timestamp += frameSamples
	}
	if p.out != nil {
		if packet, err = p.out.EncryptRTP(nil, packet, nil); err != nil {
			return fmt.Errorf("encrypt: %w", err)
		}
	}
	p.sent++
	if p.lossy != nil && p.lossy(p.sent) {
		return nil
	}
	if p.late != nil && p.late(p.sent) && p.held == nil {
		p.held = packet
		return nil
	}
	_, err = p.rtp.WriteToUDPAddrPort(packet, p.agreed.Remote)
	if err == nil && p.held != nil {
		_, err = p.rtp.WriteToUDPAddrPort(p.held, p.agreed.Remote)
		p.held = nil
	}
	return err
}
