package media

import (
	"time"

	"github.com/pion/rtcp"

	"teamsbridge/consult/sip/g711"
)

// reception keeps the figures of what arrives from one source, by RFC 3550,
// appendix A.1, A.3 and A.8.
type reception struct {
	ssrc     uint32
	started  bool
	base     uint32 // first extended sequence number
	highest  uint32 // extended: the upper half counts the wraps
	seen     uint64 // bit n: the packet n before the highest came
	received uint32
	transit  int64
	jitter   float64 // in samples

	expectedBefore, receivedBefore uint32 // at the last report
	lostBefore                     uint64 // of earlier sources

	senderReport   uint32 // middle bits of the NTP time in the last one
	senderReportAt time.Time
}

// Packets that are farther apart than these begin a new count.
const (
	maxDropout  = 3000
	maxMisorder = 100
)

// note counts a packet and reports whether it is news: neither a second copy nor
// one so late that this cannot be told.
func (r *reception) note(ssrc uint32, seq uint16, timestamp uint32, now time.Time) bool {
	fresh := !r.started || ssrc != r.ssrc
	if !fresh {
		ahead := seq - uint16(r.highest)
		fresh = ahead > maxDropout && ahead < -maxMisorder&0xFFFF
	}
	news := true
	if fresh {
		*r = reception{
			ssrc: ssrc, started: true, base: uint32(seq), highest: uint32(seq), seen: 1,
			lostBefore: r.lostBefore + r.lostNow(), jitter: r.jitter,
		}
	} else if ahead := seq - uint16(r.highest); ahead > 0 && ahead < 1<<15 {
		r.highest += uint32(ahead)
		r.seen = r.seen<<ahead | 1
	} else {
		bit := uint64(1) << -ahead // none beyond 63
		news = bit&^r.seen != 0
		r.seen |= bit
	}
	r.received++
	r.noteJitter(timestamp, fresh, now)
	return news
}

func (r *reception) noteJitter(timestamp uint32, fresh bool, now time.Time) {
	transit := now.UnixMicro()/(1e6/g711.Rate) - int64(timestamp)
	if !fresh {
		// Timestamps wrap, so does the difference.
		d := float64(int32(transit - r.transit))
		r.jitter += (max(d, -d) - r.jitter) / 16
	}
	r.transit = transit
}

func (r *reception) expected() uint32 {
	if !r.started {
		return 0
	}
	return r.highest - r.base + 1
}

// lostNow is what the present source lost; duplicates do not make it negative.
func (r *reception) lostNow() uint64 {
	return uint64(max(int64(r.expected())-int64(r.received), 0))
}

func (r *reception) lost() uint64 { return r.lostBefore + r.lostNow() }

// report is the block for RTCP (RFC 3550, section 6.4.1); it begins a new interval.
func (r *reception) report(now time.Time) rtcp.ReceptionReport {
	expected := r.expected() - r.expectedBefore
	lost := int64(expected) - int64(r.received-r.receivedBefore)
	r.expectedBefore, r.receivedBefore = r.expected(), r.received
	block := rtcp.ReceptionReport{
		SSRC:               r.ssrc,
		TotalLost:          uint32(min(r.lostNow(), 1<<23-1)),
		LastSequenceNumber: r.highest,
		Jitter:             uint32(r.jitter),
		LastSenderReport:   r.senderReport,
	}
	if expected > 0 && lost > 0 {
		block.FractionLost = uint8(min(lost<<8/int64(expected), 255))
	}
	if r.senderReport != 0 {
		block.Delay = uint32(now.Sub(r.senderReportAt).Seconds() * 65536)
	}
	return block
}
