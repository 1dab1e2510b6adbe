package media

import (
	"testing"
	"time"

	"github.com/pion/rtcp"
)

func TestReceptionCounts(t *testing.T) {
	for _, c := range []struct {
		name      string
		sequence  []uint16
		lost      uint64
		duplicate int
		highest   uint32
	}{
		{"in order", []uint16{1, 2, 3, 4}, 0, 0, 4},
		{"one missing", []uint16{1, 2, 4}, 1, 0, 4},
		{"one late", []uint16{1, 3, 2, 4}, 0, 0, 4},
		{"one twice", []uint16{1, 2, 2, 3}, 0, 1, 3},
		{"a late one twice", []uint16{1, 4, 2, 2}, 0, 1, 4},
		{"over the wrap", []uint16{65534, 65535, 0, 1}, 0, 0, 65537},
		{"a loss at the wrap", []uint16{65534, 1}, 2, 0, 65537},
		{"a late one over the wrap", []uint16{65534, 0, 65535}, 0, 0, 65536},
		{"a jump begins anew", []uint16{1, 2, 20000, 20001}, 0, 0, 20001},
		{"far too late to tell is no news", []uint16{1, 2, 90, 3}, 86, 1, 90},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r reception
			duplicates := 0
			for i, seq := range c.sequence {
				if !r.note(9, seq, uint32(i*160), time.Unix(0, int64(i)*int64(frame))) {
					duplicates++
				}
			}
			if r.lost() != c.lost || duplicates != c.duplicate || r.highest != c.highest {
				t.Errorf("lost %d, duplicates %d, highest %d", r.lost(), duplicates, r.highest)
			}
		})
	}
}

func TestLossesOfEarlierSourcesAreKept(t *testing.T) {
	var r reception
	for _, p := range []struct {
		ssrc uint32
		seq  uint16
	}{{1, 10}, {1, 12}, {2, 500}, {2, 503}} {
		r.note(p.ssrc, p.seq, 0, time.Unix(0, 0))
	}
	if r.lost() != 3 {
		t.Errorf("lost %d", r.lost())
	}
}

func TestReportsSayTheFractionSinceTheLast(t *testing.T) {
	var r reception
	now := time.Unix(1000, 0)
	for seq := uint16(0); seq < 100; seq++ {
		if seq%4 != 3 {
			r.note(9, seq, uint32(seq)*160, now.Add(time.Duration(seq)*frame))
		}
	}
	first := r.report(now)
	if first.FractionLost != 24*256/99 || first.TotalLost != 24 || first.LastSequenceNumber != 98 {
		t.Errorf("%+v", first)
	}
	r.note(9, 99, 99*160, now.Add(99*frame))
	if second := r.report(now); second.FractionLost != 0 || second.TotalLost != 24 {
		t.Errorf("%+v", second)
	}
}

func TestJitterIsMeasuredInSamples(t *testing.T) {
	even, uneven := reception{}, reception{}
	at := time.Unix(1000, 0)
	for i := range 500 {
		even.note(1, uint16(i), uint32(i*160), at)
		uneven.note(1, uint16(i), uint32(i*160), at.Add(time.Duration(i%2)*10*time.Millisecond))
		at = at.Add(frame)
	}
	if even.jitter > 1 {
		t.Errorf("an even stream has %.1f samples of jitter", even.jitter)
	}
	if uneven.jitter < 75 || uneven.jitter > 85 { // each is 10 ms off its neighbour
		t.Errorf("a stream 10 ms uneven has %.1f samples of jitter", uneven.jitter)
	}
}

func TestMorePacketsThanWereSentAreNoLoss(t *testing.T) {
	_, streams := byHand(t, 1)
	s := streams[0]
	for _, c := range []struct{ said, lost uint32 }{{12, 12}, {1<<23 - 1, 1<<23 - 1}, {1 << 23, 0}, {1<<24 - 3, 0}} {
		s.noteView([]rtcp.ReceptionReport{{SSRC: s.out.ssrc(), TotalLost: c.said}}, time.Now())
		if got := s.in.view.lost; got != c.lost {
			t.Errorf("%#x is read as %d lost, not %d", c.said, got, c.lost)
		}
	}
}
