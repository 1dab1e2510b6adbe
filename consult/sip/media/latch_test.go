package media

import (
	"net/netip"
	"testing"
	"time"
)

func TestWhereAPacketMustComeFrom(t *testing.T) {
	const ssrc, seq = 77, 1000
	said := netip.MustParseAddrPort("192.0.2.1:30000")
	behind := netip.MustParseAddrPort("203.0.113.9:5000")
	rebound := netip.MustParseAddrPort("203.0.113.9:5001")
	stranger := netip.MustParseAddrPort("198.51.100.66:6000")
	start := time.Unix(1000, 0)
	for _, c := range []struct {
		name          string
		learnt        netip.AddrPort // who sent the packets before
		from          netip.AddrPort
		ssrc          uint32
		seq           uint16
		after         time.Duration
		authenticated bool
		believed      bool
	}{
		{name: "the first packet decides", from: behind, believed: true},
		{name: "the next from there", learnt: behind, from: behind, ssrc: ssrc, seq: seq + 1, believed: true},
		{name: "a new stream from there", learnt: behind, from: behind, ssrc: 5, seq: 9, believed: true},
		{name: "the address that was agreed is believed at any time", learnt: behind, from: said, ssrc: 5, believed: true},
		{name: "a stranger is not", learnt: behind, from: stranger, ssrc: 5, after: time.Hour},
		{name: "a stranger who knows the numbers is not", learnt: behind, from: stranger, ssrc: ssrc, seq: seq + 1, after: time.Hour},
		{name: "another port of the same host is, if the stream goes on", learnt: behind, from: rebound, ssrc: ssrc, seq: seq + 30, after: time.Second, believed: true},
		{name: "not while the old port is heard", learnt: behind, from: rebound, ssrc: ssrc, seq: seq + 1, after: 100 * time.Millisecond},
		{name: "not with another stream", learnt: behind, from: rebound, ssrc: 5, seq: seq + 30, after: time.Second},
		{name: "not with an old packet", learnt: behind, from: rebound, ssrc: ssrc, seq: seq, after: time.Second},
		{name: "not with a packet far ahead", learnt: behind, from: rebound, ssrc: ssrc, seq: seq + 3001, after: time.Second},
		{name: "whoever has the key is believed from anywhere", learnt: behind, from: stranger, authenticated: true, believed: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var l latch
			l.expect(said)
			if c.learnt.IsValid() {
				l.learn(c.learnt, ssrc, seq, start)
			}
			if got := l.believes(c.from, c.ssrc, c.seq, start.Add(c.after), c.authenticated); got != c.believed {
				t.Errorf("believed: %v", got)
			}
		})
	}
}

func TestWhatIsLearntLastsUntilTheFarEndSaysOtherwise(t *testing.T) {
	said, behind := netip.MustParseAddrPort("192.0.2.1:30000"), netip.MustParseAddrPort("203.0.113.9:5000")
	var l latch
	l.expect(said)
	if l.remote() != said {
		t.Errorf("before the first packet we send to %v", l.remote())
	}
	l.learn(behind, 1, 1, time.Now())
	l.expect(said)
	if l.remote() != behind {
		t.Errorf("after the same agreement we send to %v", l.remote())
	}
	moved := netip.MustParseAddrPort("192.0.2.1:31000")
	l.expect(moved)
	if l.remote() != moved {
		t.Errorf("after another agreement we send to %v", l.remote())
	}
}
