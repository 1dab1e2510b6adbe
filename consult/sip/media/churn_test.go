package media_test

import (
	"net/netip"
	"sync"
	"testing"
	"time"

	"teamsbridge/consult/sip/media"
	"teamsbridge/consult/sip/sdp"
)

// eachOther connects streams so that each is the next one's far end.
func eachOther(t *testing.T, streams ...*media.Stream) {
	t.Helper()
	for i, s := range streams {
		err := s.Connect(sdp.Negotiated{
			Remote: streams[(i+1)%len(streams)].LocalAddr(), Mux: true,
			Codec: sdp.PCMA, SendPayload: 8, Formats: []sdp.Format{{Payload: 8, Codec: sdp.PCMA}},
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// TestStreamsComeAndGo opens, arranges and closes streams from many sides while
// packets arrive, as calls do.
func TestStreamsComeAndGo(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	room := e.NewRoom() // one for all, so that they get into each other's way
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			for range 30 {
				var streams []*media.Stream
				for range 3 {
					s, err := e.Open()
					if err != nil {
						t.Error(err)
						return
					}
					streams = append(streams, s)
				}
				eachOther(t, streams...)
				for _, p := range []media.Picture{
					{Talk: [][]*media.Stream{streams}},
					{Talk: [][]*media.Stream{streams[:2]}, Music: streams[2:]},
					{Music: streams},
				} {
					if err := room.Arrange(p); err != nil {
						t.Error(err)
					}
				}
				streams[0].Play(e.Music())
				for _, s := range streams {
					s.Stats()
					if err := s.Close(); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	callers.Wait()
}

func TestCallsOverIPv6(t *testing.T) {
	t.Parallel()
	e, err := media.New(media.Config{IP: netip.IPv6Loopback()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	var streams []*media.Stream
	for range 2 {
		s, err := e.Open()
		if err != nil {
			t.Fatal(err)
		}
		streams = append(streams, s)
	}
	eachOther(t, streams...)
	await(t, func() bool { return streams[0].Stats().Received > 5 && streams[1].Stats().Received > 5 })
	for _, s := range streams {
		dropped := s.Stats().Dropped
		delete(dropped, "unexpected") // one is connected before the other, and speaks
		if len(dropped) > 0 {
			t.Errorf("dropped: %v", dropped)
		}
		if !s.LocalAddr().Addr().Is6() || s.Stats().LastPacket.After(time.Now()) {
			t.Errorf("%v, last packet %v", s.LocalAddr(), s.Stats().LastPacket)
		}
	}
}
