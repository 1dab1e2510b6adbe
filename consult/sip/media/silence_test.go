package media

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/pion/rtp"

	"teamsbridge/consult/sip/g711"
	"teamsbridge/consult/sip/sdp"
)

// byHand opens streams that only the test serves, at moments of its own.
func byHand(t *testing.T, count int) (*Engine, []*Stream) {
	t.Helper()
	return openByHand(t, Config{IP: netip.MustParseAddr("127.0.0.1"), Music: NewSound(make([]int16, 8000))}, count)
}

// openByHand is byHand with a configuration of the test's.
func openByHand(t *testing.T, config Config, count int) (*Engine, []*Stream) {
	t.Helper()
	e, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	for i, sh := range e.shards {
		e.shards[i] = newShard(sh.poller) // that no goroutine serves
	}
	var streams []*Stream
	for range count {
		s, err := e.Open()
		if err != nil {
			t.Fatal(err)
		}
		agree(t, s, "127.0.0.1:9")
		streams = append(streams, s)
	}
	return e, streams
}

func agree(t *testing.T, s *Stream, remote string) {
	t.Helper()
	agreeOn(t, s, remote, sdp.SendRecv)
}

func agreeOn(t *testing.T, s *Stream, remote string, direction sdp.Direction) {
	t.Helper()
	if err := s.Connect(sdp.Negotiated{
		Remote: netip.MustParseAddrPort(remote), RemoteRTCP: netip.MustParseAddrPort("127.0.0.1:9"),
		Codec: sdp.PCMA, SendPayload: 8, Formats: []sdp.Format{{Payload: 8, Codec: sdp.PCMA}}, DTMFSend: 101, Direction: direction,
	}); err != nil {
		t.Fatal(err)
	}
}

// sent is a packet that a far end was sent: when, in ms, and whether it is marked.
type sent struct {
	at     int
	marked bool
}

// row is packets 20 ms from each other, of which the first is marked.
func row(at, count int) (packets []sent) {
	for i := range count {
		packets = append(packets, sent{at + 20*i, i == 0})
	}
	return packets
}

// speech is a party that is passed.
type speech struct {
	from   *Stream
	header rtp.Header
}

func (p *speech) say(to *Stream, now time.Time) {
	to.pass(p.from, &p.header, g711.A, make([]byte, frameSamples), now)
	p.header.SequenceNumber++
	p.header.Timestamp += frameSamples
}

func TestWhoHearsNobodyIsSentWhatKeepsTheLineAlive(t *testing.T) {
	t.Parallel()
	other := &speech{}
	during := func(from, to time.Duration, speak func(*Stream, time.Time)) func(time.Duration, *Stream, time.Time) {
		return func(at time.Duration, s *Stream, now time.Time) {
			if at >= from && at < to {
				speak(s, now)
			}
		}
	}
	hear := func(v voice) func(*Stream, time.Time) {
		return func(s *Stream, _ time.Time) { s.out.hears = v }
	}
	for _, c := range []struct {
		name  string
		hears voice
		meant func(at time.Duration, s *Stream, now time.Time)
		want  []sent
	}{
		{
			name: "a new leg: three packets open the way, then one a second",
			want: slices.Concat(row(0, 3), row(1040, 1), row(2040, 1)),
		},
		{
			name: "in talk with a party that sends nothing: the same", hears: voice{kind: passed},
			want: slices.Concat(row(0, 3), row(1040, 1), row(2040, 1)),
		},
		{
			name: "in a conference that sends nothing: the same", hears: voice{kind: mixed},
			want: slices.Concat(row(0, 3), row(1040, 1), row(2040, 1)),
		},
		{
			name: "a party that stops speaking: silence once it is not just late", hears: voice{kind: passed},
			meant: during(0, 1980*time.Millisecond, other.say),
			want:  row(2060, 10),
		},
		{
			name: "music that ends: silence at once", hears: voice{kind: music},
			meant: during(1900*time.Millisecond, 1920*time.Millisecond, hear(voice{})),
			want:  row(1900, 10),
		},
		{
			name: "a far end that moves: its way is opened, too",
			meant: during(500*time.Millisecond, 520*time.Millisecond, func(s *Stream, now time.Time) {
				s.in.mu.Lock()
				defer s.in.mu.Unlock()
				s.moved(netip.MustParseAddrPort("127.0.0.2:9"), now)
			}),
			want: slices.Concat(row(0, 3), row(500, 3), row(1540, 1), row(2540, 1)),
		},
		{
			name:  "the same agreement again: nothing",
			meant: during(500*time.Millisecond, 520*time.Millisecond, func(s *Stream, _ time.Time) { agree(t, s, "127.0.0.1:9") }),
			want:  slices.Concat(row(0, 3), row(1040, 1), row(2040, 1)),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, streams := byHand(t, 1)
			s := streams[0]
			s.out.hears = c.hears
			*other = speech{}
			var silences []sent
			begin := time.Now()
			for at := time.Duration(0); at < 3*time.Second; at += frame {
				now := begin.Add(at)
				if c.meant != nil {
					c.meant(at, s, now)
				}
				before := s.out.packets
				s.tick(now)
				if s.out.packets != before && s.out.speaks.kind == silence {
					silences = append(silences, sent{int(at.Milliseconds()), s.out.header.Marker})
				}
			}
			if !slices.Equal(silences, c.want) {
				t.Errorf("silence was sent at %v, not %v", silences, c.want)
			}
		})
	}
}

// TestAfterAPauseTheClockGoesOn lets a party speak again: its first packet is
// marked, and stands as much later in the row as time went by.
func TestAfterAPauseTheClockGoesOn(t *testing.T) {
	t.Parallel()
	_, streams := byHand(t, 1)
	s, other := streams[0], &speech{}
	s.out.hears = voice{kind: passed}
	begin, began := time.Now(), uint32(0)
	for at := time.Duration(0); at <= 4*time.Second; at += frame {
		now := begin.Add(at)
		if at < time.Second || at >= 3700*time.Millisecond {
			before := s.out.packets
			other.say(s, now)
			if s.out.packets != before+1 {
				t.Fatalf("after %v a packet was not passed", at)
			}
			if first := at == 0 || at == 3700*time.Millisecond; s.out.header.Marker != first {
				t.Errorf("after %v a packet is marked: %v", at, !first)
			}
		}
		s.tick(now)
		if at == 0 {
			began = s.out.header.Timestamp
		}
		if passed, due := s.out.header.Timestamp-began, uint32(at*g711.Rate/time.Second); s.out.speaks.kind != paused && due-passed > 6*frameSamples {
			t.Errorf("after %v the timestamps are at %d, not %d", at, passed, due)
		}
	}
}

func TestAConferenceInWhichNobodySpeaksIsNotMixed(t *testing.T) {
	t.Parallel()
	e, streams := byHand(t, 3)
	if err := e.NewRoom().Arrange(Picture{Talk: [][]*Stream{streams}}); err != nil {
		t.Fatal(err)
	}
	g := streams[0].in.group
	payload := make([]byte, frameSamples)
	for i := range payload {
		payload[i] = g711.A.Code(5000)
	}
	now, ts := time.Now(), uint32(0)
	// what each is sent in a second, the customer speaking or nobody
	second := func(speaking bool) (packets [3]uint32) {
		for i, s := range streams {
			packets[i] = s.out.packets
		}
		for range 50 {
			now = now.Add(frame)
			ts += frameSamples
			if speaking {
				streams[0].in.jitter.put(ts, g711.A, payload)
			}
			g.tick(now)
			for _, s := range streams {
				s.tick(now)
			}
		}
		for i, s := range streams {
			packets[i] = s.out.packets - packets[i]
		}
		return packets
	}
	second(true)
	second(true)
	for _, c := range []struct {
		name     string
		speaking bool
		want     [3]uint32
	}{
		{"the one who speaks hears nobody, the others hear the one", true, [3]uint32{1, 50, 50}},
		{"the others have heard the last word", false, [3]uint32{1, 5 + ending, 5 + ending}},
		{"nobody speaks", false, [3]uint32{1, 1, 1}},
		{"the one speaks again", true, [3]uint32{1, 50, 50}},
	} {
		if got := second(c.speaking); got != c.want {
			t.Errorf("%s: sent %v, not %v", c.name, got, c.want)
		}
	}
}
