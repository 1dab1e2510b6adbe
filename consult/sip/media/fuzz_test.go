package media

import (
	"net/netip"
	"testing"
	"time"

	"github.com/pion/rtcp"

	"teamsbridge/consult/sip/sdp"
)

// FuzzPackets throws what strangers may send at both ports of streams that are
// plain, encrypted and in a conference: it is dropped or counted, never a crash.
func FuzzPackets(f *testing.F) {
	e, err := New(Config{IP: netip.MustParseAddr("127.0.0.1"), Music: NewSound(make([]int16, frameSamples))})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { e.Close() })
	said := netip.MustParseAddrPort("127.0.0.1:9")
	var streams []*Stream
	for _, keying := range []sdp.Keying{{}, {Key: sdp.NewKey()}, {Key: sdp.NewKey(), MKI: "\x01"}} {
		s, err := e.Open()
		if err != nil {
			f.Fatal(err)
		}
		err = s.Connect(sdp.Negotiated{
			Remote: said, RemoteRTCP: said, Mux: true, DTMFReceive: 101, Direction: sdp.RecvOnly,
			Codec: sdp.PCMA, SendPayload: 8, Formats: []sdp.Format{{Payload: 8, Codec: sdp.PCMA}, {Payload: 0, Codec: sdp.PCMU}},
			SendKeying: keying, ReceiveKeying: keying,
		})
		if err != nil {
			f.Fatal(err)
		}
		streams = append(streams, s)
	}
	if err := e.NewRoom().Arrange(Picture{Talk: [][]*Stream{streams}}); err != nil {
		f.Fatal(err)
	}
	report, err := rtcp.Marshal([]rtcp.Packet{
		&rtcp.SenderReport{SSRC: 1, Reports: []rtcp.ReceptionReport{{SSRC: streams[0].out.line.ssrc, LastSenderReport: 1}}},
		rtcp.NewCNAMESourceDescription(1, "x"), &rtcp.Goodbye{Sources: []uint32{1}},
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(report)
	f.Add(append([]byte{0x80, 8, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1}, make([]byte, 160)...))
	f.Add([]byte{0x80, 101, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 5, 0x8A, 1, 0x40})
	f.Add([]byte{0xB1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0xBE, 0xDE, 0, 1, 0x10, 1, 2, 3, 9, 9, 2, 2})
	f.Fuzz(func(t *testing.T, packet []byte) {
		for _, s := range streams {
			now := time.Now()
			s.receive(append([]byte(nil), packet...), said, now)
			s.receiveOwn(append([]byte(nil), packet...), said, now)
			if stats := s.Stats(); stats.Remote.RoundTrip < 0 || stats.Jitter < 0 {
				t.Errorf("%+v", stats)
			}
		}
	})
}
