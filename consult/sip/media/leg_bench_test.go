package media

import (
	"net/netip"
	"testing"

	"teamsbridge/consult/sip/sdp"
)

// BenchmarkLeg opens a leg's stream among a hundred others, agrees, and closes it.
func BenchmarkLeg(b *testing.B) {
	e, err := New(Config{IP: netip.MustParseAddr("127.0.0.1"), MinPort: 44_002, MaxPort: 60_000, Music: NewSound(make([]int16, 8000))})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { e.Close() })
	for range 100 {
		if _, err := e.Open(); err != nil {
			b.Fatal(err)
		}
	}
	n := sdp.Negotiated{
		Remote: netip.MustParseAddrPort("127.0.0.1:9"), RemoteRTCP: netip.MustParseAddrPort("127.0.0.1:9"),
		Codec: sdp.PCMA, SendPayload: 8, Formats: []sdp.Format{{Payload: 8, Codec: sdp.PCMA}},
	}
	before := processorTime(b)
	b.ReportAllocs()
	for b.Loop() {
		s, err := e.Open()
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Connect(n); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(processorTime(b)-before)/float64(b.N), "cpu_ns/op")
}
