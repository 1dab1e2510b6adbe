package media

import (
	"testing"
	"time"

	"teamsbridge/consult/sip/sdp"
)

// TestWhatIsLeftOutIsNoGap leaves packets of a party out for a moment: the far end
// sees one row, in which the next packet is marked, and counts nothing as lost.
func TestWhatIsLeftOutIsNoGap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		begin  func(*testing.T, *Stream) (end func())
		marked bool
	}{
		{"nothing", func(*testing.T, *Stream) func() { return func() {} }, false},
		{"during a prompt that is stopped at once", func(_ *testing.T, s *Stream) func() {
			return s.Play(NewSound(make([]int16, 8000))).Stop
		}, true},
		{"while the far end holds", func(t *testing.T, s *Stream) func() {
			agreeOn(t, s, "127.0.0.1:9", sdp.Inactive)
			return func() { agree(t, s, "127.0.0.1:9") }
		}, true},
		{"between two pictures", func(_ *testing.T, s *Stream) func() {
			before := part{hears: s.out.hears}
			s.follow(part{hears: voice{kind: music}})
			return func() { s.follow(before) }
		}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, streams := byHand(t, 1)
			s, other, now := streams[0], &speech{}, time.Now()
			s.follow(part{hears: voice{kind: passed}})
			say := func() {
				now = now.Add(frame)
				other.say(s, now)
			}
			say()
			say()
			before := s.out.header
			end := c.begin(t, s)
			for range 5 {
				say()
			}
			end()
			say()
			// A frame of lateness is the far end's to even out, and no pause.
			packets, frames := uint16(1), uint32(5)
			if !c.marked {
				packets, frames = 6, 6
			}
			after := s.out.header
			if got := after.SequenceNumber - before.SequenceNumber; got != packets {
				t.Errorf("the sequence number went on by %d, not %d", got, packets)
			}
			if got := after.Timestamp - before.Timestamp; got != frames*frameSamples {
				t.Errorf("the timestamp went on by %d, not by %d frames", got, frames)
			}
			if after.Marker != c.marked {
				t.Errorf("the packet is marked: %v, want %v", after.Marker, c.marked)
			}
		})
	}
}
