package tonetest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"teamsbridge/consult/sip/g711"
)

// hearing is what a telephone was sent.
type hearing struct {
	mu      sync.Mutex
	changed chan struct{} // closed and replaced with each packet
	samples []int16
	keys    []byte
	keyTS   uint32
	packets int
	marked  int
	faults  []string
	last    rtp.Header
	end     uint32    // timestamp after the last audio
	ahead   int       // samples of silence heard since
	at      time.Time // of the last packet
	pause   time.Duration
	goodbye []rtcp.Packet
}

func (p *Phone) listen() {
	buffer := make([]byte, 2000)
	for {
		n, from, err := p.rtp.ReadFromUDPAddrPort(buffer)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			p.hear(slices.Clone(buffer[:n]), from.Port())
		}
	}
}

func (p *Phone) hear(packet []byte, port uint16) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(packet) > 1 && packet[1] >= 192 && packet[1] <= 223 && p.agreed.Mux {
		p.control(packet)
		return
	}
	h := &p.hearing
	h.mu.Lock()
	defer h.mu.Unlock()
	defer h.tell()
	if p.codec == nil {
		return // early
	}
	if port != p.agreed.Remote.Port() {
		h.fault("a packet from port %d, not %d", port, p.agreed.Remote.Port())
	}
	if p.in != nil {
		var err error
		if packet, err = p.in.DecryptRTP(nil, packet, nil); err != nil {
			h.fault("not decrypted: %v", err)
			return
		}
	}
	var got rtp.Packet
	if err := got.Unmarshal(packet); err != nil {
		h.fault("unreadable: %v", err)
		return
	}
	h.inOrder(got.Header)
	if got.PayloadType == p.agreed.DTMFReceive && p.agreed.DTMFReceive != 0 {
		h.key(got)
		return
	}
	codec := p.codec
	if got.PayloadType != p.agreed.SendPayload {
		h.fault("payload type %d", got.PayloadType)
		return
	}
	if h.packets > 1 && h.end != 0 {
		missing := int32(got.Timestamp - h.end)
		if missing < 0 {
			h.fault("timestamps overlap by %d", -missing)
		} else if missing < 5*g711.Rate {
			h.samples = append(h.samples, make([]int16, max(int(missing)-h.ahead, 0))...)
		}
	}
	h.end, h.ahead = got.Timestamp+uint32(len(got.Payload)), 0
	for _, code := range got.Payload {
		h.samples = append(h.samples, codec.Sample(code))
	}
}

// tell wakes who waits for a change; the lock is held.
func (h *hearing) tell() {
	close(h.changed)
	h.changed = make(chan struct{})
}

// inOrder watches over the row of packets.
func (h *hearing) inOrder(got rtp.Header) {
	now := time.Now()
	if h.packets++; h.packets > 1 {
		if got.SSRC != h.last.SSRC {
			h.fault("SSRC %d after %d", got.SSRC, h.last.SSRC)
		}
		if got.SequenceNumber != h.last.SequenceNumber+1 {
			h.fault("sequence number %d after %d", got.SequenceNumber, h.last.SequenceNumber)
		}
		h.pause = max(h.pause, now.Sub(h.at))
	}
	if got.Marker {
		h.marked++
	}
	h.last, h.at = got, now
}

func (h *hearing) key(got rtp.Packet) {
	if len(got.Payload) < 4 {
		h.fault("a short telephone-event")
		return
	}
	// The audio that the event replaces is no gap.
	h.end = got.Timestamp + uint32(binary.BigEndian.Uint16(got.Payload[2:]))
	if len(h.keys) == 0 || h.keyTS != got.Timestamp {
		h.keys, h.keyTS = append(h.keys, "0123456789*#ABCD"[got.Payload[0]&15]), got.Timestamp
	}
}

func (h *hearing) fault(format string, args ...any) {
	if len(h.faults) < 20 {
		h.faults = append(h.faults, fmt.Sprintf(format, args...))
	}
}

// patience is how many tenths of a second a telephone waits for what is to come: a
// minute. They are counted, so that a machine that stood still is not taken for a line
// that is dead.
const patience = 600

// wait waits until what was heard is enough.
func (p *Phone) wait(what string, enough func(*hearing) bool) {
	p.t.Helper()
	tenths := time.NewTicker(time.Second / 10)
	defer tenths.Stop()
	for waited := 0; ; {
		h := &p.hearing
		h.mu.Lock()
		ok, changed := enough(h), h.changed
		h.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-tenths.C:
			if waited++; waited == patience {
				p.t.Fatalf("the telephone with %.0f Hz waited a minute for %s", p.hertz, what)
			}
		}
	}
}

// Mark is a place in what the telephone hears: now. Where nothing has been sent
// for longer than a net may be late, it hears silence until now.
func (p *Phone) Mark() int {
	p.hearing.mu.Lock()
	defer p.hearing.mu.Unlock()
	h := &p.hearing
	if silent := time.Since(h.at); h.packets > 0 && silent > pauseAfter {
		silence := max(int((silent-frame)*g711.Rate/time.Second)-h.ahead, 0) // keys end no silence that was heard ahead
		h.samples = append(h.samples, make([]int16, silence)...)
		h.ahead += silence
	}
	return len(h.samples)
}

// pauseAfter is how late a packet may be before it is not sent at all.
const pauseAfter = 80 * time.Millisecond

// After returns what the telephone hears for d after a mark, and waits for it.
func (p *Phone) After(mark int, d time.Duration) []int16 {
	p.t.Helper()
	end := mark + int(d*g711.Rate/time.Second)
	p.wait(d.String()+" of audio", func(h *hearing) bool { return len(h.samples) >= end })
	return p.Heard()[mark:end]
}

// Listen returns what the telephone hears in the next d.
func (p *Phone) Listen(d time.Duration) []int16 {
	p.t.Helper()
	return p.After(p.Mark(), d)
}

// looks are how many half seconds a telephone listens for what it is to hear.
const looks = 40

// MustHear listens, half second after half second, until the telephone hears
// these of the tones and no others, and fails the test if it never does. One look
// could meet a change on its way, or a machine that stands still.
func (p *Phone) MustHear(t testing.TB, what string, of []float64, want ...float64) {
	t.Helper()
	var heard []float64
	for range looks {
		heard = Hears(p.Listen(time.Second/2), of...)
		if slices.Equal(heard, want) {
			return
		}
	}
	t.Errorf("%s: heard is %v, not %v", what, heard, want)
}

// MustHearSomething listens until the telephone hears anything at all, and fails
// the test if it never does.
func (p *Phone) MustHearSomething(t testing.TB, what string) {
	t.Helper()
	for range looks {
		if heard := p.Listen(time.Second / 2); LongestSilence(heard) < len(heard) {
			return
		}
	}
	t.Errorf("%s: silence is heard", what)
}

// Heard is everything that the telephone heard so far; what was not sent is
// silence.
func (p *Phone) Heard() []int16 {
	p.hearing.mu.Lock()
	defer p.hearing.mu.Unlock()
	return slices.Clone(p.hearing.samples)
}

// Keys waits for n keys and returns those that the telephone was sent.
func (p *Phone) Keys(n int) string {
	p.t.Helper()
	p.wait(fmt.Sprintf("%d keys", n), func(h *hearing) bool { return len(h.keys) >= n })
	p.hearing.mu.Lock()
	defer p.hearing.mu.Unlock()
	return string(p.hearing.keys)
}

// Row tells how many packets came, how many with the marker, the longest pause
// between two, and what was wrong with them.
func (p *Phone) Row() (packets, marked int, pause time.Duration, faults []string) {
	p.hearing.mu.Lock()
	defer p.hearing.mu.Unlock()
	return p.hearing.packets, p.hearing.marked, p.hearing.pause, slices.Clone(p.hearing.faults)
}
