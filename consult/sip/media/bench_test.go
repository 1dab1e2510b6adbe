package media

import (
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/pion/rtp"

	"teamsbridge/consult/sip/sdp"
)

// pair is two streams that talk with each other, each with a far end's socket.
type pair struct {
	streams [2]*Stream
	ends    [2]*net.UDPConn
}

func newPair(b *testing.B, e *Engine, codecs [2]sdp.Codec, encrypted bool) *pair {
	b.Helper()
	p := &pair{}
	for i, codec := range codecs {
		var err error
		if p.streams[i], err = e.Open(); err != nil {
			b.Fatal(err)
		}
		if p.ends[i], err = net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}); err != nil {
			b.Fatal(err)
		}
		end := p.ends[i]
		b.Cleanup(func() { end.Close() })
		n := sdp.Negotiated{
			Remote: end.LocalAddr().(*net.UDPAddr).AddrPort(), RemoteRTCP: netip.MustParseAddrPort("127.0.0.1:9"),
			Codec: codec, SendPayload: codec.Payload(), Formats: []sdp.Format{{Payload: codec.Payload(), Codec: codec}},
		}
		if encrypted {
			n.SendKeying, n.ReceiveKeying = sdp.Keying{Key: sdp.NewKey()}, sdp.Keying{Key: sdp.NewKey()}
		}
		if err := p.streams[i].Connect(n); err != nil {
			b.Fatal(err)
		}
	}
	return p
}

func benchEngine(b *testing.B) *Engine {
	b.Helper()
	e, err := New(Config{IP: netip.MustParseAddr("127.0.0.1"), Music: NewSound(make([]int16, 8000))})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { e.Close() })
	return e
}

// BenchmarkPass hands one packet of a party on to the other, with the system
// call that sends it and without the one that received it.
func BenchmarkPass(b *testing.B) {
	for _, c := range []struct {
		name      string
		codecs    [2]sdp.Codec
		encrypted bool
	}{
		{"same", [2]sdp.Codec{sdp.PCMA, sdp.PCMA}, false},
		{"translated", [2]sdp.Codec{sdp.PCMA, sdp.PCMU}, false},
		{"encrypted", [2]sdp.Codec{sdp.PCMA, sdp.PCMA}, true},
	} {
		b.Run(c.name, func(b *testing.B) {
			e := benchEngine(b)
			p := newPair(b, e, c.codecs, c.encrypted)
			if err := e.NewRoom().Arrange(Picture{Talk: [][]*Stream{p.streams[:]}}); err != nil {
				b.Fatal(err)
			}
			from := p.ends[0].LocalAddr().(*net.UDPAddr).AddrPort()
			link := p.streams[0].in.link
			seal, _, err := contexts(link.ReceiveKeying)
			if err != nil {
				b.Fatal(err)
			}
			h := rtp.Header{Version: 2, PayloadType: 8, SSRC: 7}
			plain, err := (&rtp.Packet{Header: h, Payload: make([]byte, frameSamples)}).Marshal()
			if err != nil {
				b.Fatal(err)
			}
			buffer := make([]byte, 0, maxPacket)
			now := time.Now()
			b.ReportAllocs()
			for b.Loop() {
				h.SequenceNumber++
				h.Timestamp += frameSamples
				now = now.Add(frame)
				packet := append(buffer[:0], plain...)
				if _, err := h.MarshalTo(packet); err != nil {
					b.Fatal(err)
				}
				if seal != nil {
					if packet, err = seal.EncryptRTP(packet, packet, &h); err != nil {
						b.Fatal(err)
					}
				}
				p.streams[0].receive(packet, from, now)
			}
			if s := p.streams[1].Stats(); s.Sent < uint64(b.N) {
				b.Fatalf("%d packets sent", s.Sent)
			}
		})
	}
}

// BenchmarkMix mixes and sends 20 ms for three parties.
func BenchmarkMix(b *testing.B) {
	e := benchEngine(b)
	one, two := newPair(b, e, [2]sdp.Codec{sdp.PCMA, sdp.PCMU}, false), newPair(b, e, [2]sdp.Codec{sdp.PCMA, sdp.PCMA}, false)
	three := []*Stream{one.streams[0], one.streams[1], two.streams[0]}
	if err := e.NewRoom().Arrange(Picture{Talk: [][]*Stream{three}}); err != nil {
		b.Fatal(err)
	}
	g := three[0].in.group
	g.shard.end(g)
	payload := make([]byte, frameSamples)
	now, ts := time.Now(), uint32(0)
	b.ReportAllocs()
	for b.Loop() {
		now = now.Add(frame)
		ts += frameSamples
		for _, s := range three {
			s.in.jitter.put(ts, s.in.link.codec, payload)
		}
		g.tick(now)
	}
}
