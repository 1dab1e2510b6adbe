package media

import (
	"net/netip"
	"time"
)

// Far ends behind address translators send from elsewhere than they said, and
// want to be answered there: symmetric RTP (RFC 4961), learnt by "latching"
// (RFC 7362). The danger is that anybody who guesses the port may send first
// and be sent the call. So, for packets that nobody signed:
//
//   - The first valid packet after an agreement decides, unless
//   - a packet comes from the very address that was agreed: it is believed from
//     then on, and nobody else until the next agreement.
//   - A far end whose translator gave it another port (same address, same SSRC,
//     sequence going on, silent at the old port for half a second) is followed:
//     who does not see the call cannot know its 48 bits.
//   - Everything else is dropped and counted as "elsewhere".
//
// Packets that SRTP has authenticated come from the holder of the key, and the
// latest address of a new packet counts.
type latch struct {
	agreed netip.AddrPort // what the far end said
	source netip.AddrPort // where it really is; zero until the first packet
	ssrc   uint32
	seq    uint16
	last   time.Time
}

const (
	rebindAfter = 500 * time.Millisecond
	rebindAhead = 3000 // packets: one minute
)

// expect starts anew after an agreement. What was learnt stays while the far
// end says the same address.
func (l *latch) expect(agreed netip.AddrPort) {
	if l.agreed != agreed {
		*l = latch{agreed: agreed}
	}
}

// remote is where to send: where the far end sends from, else what it said.
func (l *latch) remote() netip.AddrPort {
	if l.source.IsValid() {
		return l.source
	}
	return l.agreed
}

// believes reports whether a packet may be the far end's.
func (l *latch) believes(from netip.AddrPort, ssrc uint32, seq uint16, now time.Time, authenticated bool) bool {
	if authenticated || !l.source.IsValid() || from == l.source || from == l.agreed {
		return true
	}
	ahead := seq - l.seq
	return from.Addr() == l.source.Addr() && ssrc == l.ssrc && ahead > 0 && ahead <= rebindAhead &&
		now.Sub(l.last) >= rebindAfter
}

// learn notes a packet that was believed and turned out valid.
func (l *latch) learn(from netip.AddrPort, ssrc uint32, seq uint16, now time.Time) {
	l.source, l.ssrc, l.seq, l.last = from, ssrc, seq, now
}
