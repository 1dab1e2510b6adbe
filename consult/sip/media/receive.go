package media

import (
	"net/netip"
	"sync"
	"time"

	"github.com/pion/rtp"

	"teamsbridge/consult/sip/g711"
)

// maxPacket is more than any agreed packet has: 200 ms of G.711, extensions, tag.
const maxPacket = 2000

// inbound is the receiving half of a stream. Its lock is held for one packet at
// a time, by the goroutine that reads the socket.
type inbound struct {
	mu        sync.Mutex
	closed    bool
	link      *link // nil before the first agreement
	latch     latch
	controlAt netip.AddrPort // where RTCP comes from
	reception reception
	view      remoteView
	digits    digitReader
	pressTo   []*Stream // who was told of the key that is down
	lastAt    time.Time // of the last valid packet, or the first agreement

	talk   []*Stream // who hears this stream, by the picture
	group  *group    // that mixes it; nil where packets are passed on
	jitter *jitter   // set while it is mixed
	heard  [frameSamples]byte
	heardN int
	codec  *g711.Codec // of what was heard last

	dropped         [reasons]uint64
	packets, octets uint64
	lostTold        uint64 // of the lost, how many the metrics know

	header rtp.Header
}

func (in *inbound) connect(l *link, now time.Time) {
	if in.link == nil {
		in.lastAt = now
	} else if !in.link.Direction.Receives() && l.Direction.Receives() {
		in.lastAt = now // silence was agreed until now
	}
	if in.link != nil && in.link.RemoteRTCP != l.RemoteRTCP {
		in.controlAt = netip.AddrPort{}
	}
	in.link = l
	in.latch.expect(l.Remote)
}

// control is where RTCP goes.
func (in *inbound) control() netip.AddrPort {
	switch {
	case in.link.Mux:
		return in.latch.remote()
	case in.controlAt.IsValid():
		return in.controlAt
	}
	return in.link.RemoteRTCP
}

// receive takes a packet from the RTP port.
func (s *Stream) receive(packet []byte, from netip.AddrPort, now time.Time) {
	s.in.mu.Lock()
	defer s.in.mu.Unlock()
	if isControl(packet) {
		if s.in.link == nil || !s.in.link.Mux {
			s.drop(unexpected)
			return
		}
		s.receiveControl(packet, from, now)
		return
	}
	payload, why := s.in.accept(packet, from, now)
	if why != accepted {
		s.drop(why)
		return
	}
	if s.in.latch.source != from {
		s.moved(from, now)
	}
	h := &s.in.header
	s.in.latch.learn(from, h.SSRC, h.SequenceNumber, now)
	s.in.lastAt = now
	s.in.packets++
	s.in.octets += uint64(len(payload))
	if !s.in.reception.note(h.SSRC, h.SequenceNumber, h.Timestamp, now) {
		s.drop(duplicate)
		return
	}
	switch k := s.in.link.kinds[h.PayloadType]; {
	case k.digit:
		if e, ok := parseEvent(payload); ok {
			s.in.digits.read(h.Timestamp, e, now)
		} else {
			s.drop(malformed)
		}
	case s.in.link.Direction.Receives():
		s.hear(h, k.codec, payload, now)
	default:
		s.drop(unexpected)
	}
}

// accept checks a packet from the cheapest to the dearest: form, payload type,
// sender, signature. It leaves the header in in.header.
func (in *inbound) accept(packet []byte, from netip.AddrPort, now time.Time) ([]byte, reason) {
	switch {
	case in.link == nil:
		return nil, unexpected
	case len(packet) > maxPacket:
		return nil, oversized
	case len(packet) < 12 || packet[0]>>6 != 2:
		return nil, malformed
	case !in.link.kinds[packet[1]&0x7F].known():
		return nil, payloadType
	}
	size, err := in.header.Unmarshal(packet)
	if err != nil {
		return nil, malformed
	}
	h := &in.header
	if !in.latch.believes(from, h.SSRC, h.SequenceNumber, now, in.link.openRTP != nil) {
		return nil, elsewhere
	}
	plain, err := in.link.open(packet, h)
	if err != nil {
		return nil, unauthenticated
	}
	payload := plain[size:]
	if h.Padding {
		padding := 0
		if len(payload) > 0 {
			padding = int(payload[len(payload)-1])
		}
		if padding == 0 || padding > len(payload) {
			return nil, malformed
		}
		payload = payload[:len(payload)-padding]
	}
	if len(payload) == 0 {
		return nil, malformed
	}
	return payload, accepted
}

// moved follows the far end to where its packets come from.
func (s *Stream) moved(from netip.AddrPort, now time.Time) {
	s.in.latch.source = from
	s.out.mu.Lock()
	s.out.reach(from, s.in.control())
	s.out.mu.Unlock()
}

// hear gives audio to those who talk with this party.
func (s *Stream) hear(h *rtp.Header, codec *g711.Codec, payload []byte, now time.Time) {
	if s.in.jitter != nil {
		s.in.jitter.put(h.Timestamp, codec, payload)
		return
	}
	s.in.heardN, s.in.codec = copy(s.in.heard[:], payload), codec
	for _, other := range s.in.talk {
		other.pass(s, h, codec, payload, now)
	}
}

// isClosed reports whether Close was called.
func (s *Stream) isClosed() bool {
	s.out.mu.Lock()
	defer s.out.mu.Unlock()
	return s.out.closed
}
