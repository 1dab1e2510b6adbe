package media

import (
	"math/rand/v2"
	"time"

	"teamsbridge/consult/sip/g711"
)

// line is the one row of packets that a far end sees, whoever speaks in it: one
// SSRC, sequence numbers without gaps and timestamps that go on, over every
// change of source.
type line struct {
	ssrc uint32
	seq  uint16 // of the last packet
	ts   uint32 // of the last packet
	span uint32 // samples it covers
	at   time.Time
	on   bool // something was sent

	// early is by how many samples the far end has been given more than time
	// went by, since each change of source sends the next packet a little
	// before its time. A change that would make it a frame or more waits. A
	// packet that is late by up to a frame (less than zero) is no pause: that
	// much the far end evens out anyway.
	early int

	seqBy  uint16 // what is added to a passed packet's numbers
	tsBy   uint32
	passed int // packets passed since the change, up to maxMisorder
}

// newLine begins anywhere, but in the lower half of sequence numbers, so that
// SRTP cannot guess its roll-over wrongly (RFC 3711, section 3.3.1).
func newLine() line {
	return line{ssrc: rand.Uint32(), seq: uint16(rand.Uint32N(1 << 15)), ts: rand.Uint32()}
}

// change finds the timestamp for the first packet of a new source. It is false
// if that packet would be a whole frame too early and is to be left out.
func (l *line) change(now time.Time) (ts uint32, ok bool) {
	if !l.on {
		return l.ts, true
	}
	due := int(l.span)
	passed := int(now.Sub(l.at) * g711.Rate / time.Second)
	early := l.early + due - passed
	if early >= frameSamples {
		return 0, false
	}
	if early < -frameSamples { // a pause, which the timestamps show
		due -= early + frameSamples
		early = -frameSamples
	}
	l.early = early
	return l.ts + uint32(due), true
}

// sent notes a packet, with the samples it covers.
func (l *line) sent(seq uint16, ts, span uint32, now time.Time) {
	l.seq, l.ts, l.span, l.at, l.on = seq, ts, span, now, true
}

// rebase lines a source up whose first packet has these numbers, so that it
// comes next at the timestamp at.
func (l *line) rebase(seq uint16, ts, at uint32) {
	l.seqBy, l.tsBy, l.passed = l.seq+1-seq, at-ts, 0
}

// Where a source's numbers jump by more than this, it is lined up anew.
const maxTimestampJump = 10 * g711.Rate

// jumps reports whether a source's numbers no longer go on from the last packet.
func (l *line) jumps(seq uint16, ts uint32) bool {
	ahead, later := int16(seq+l.seqBy-l.seq), int32(ts+l.tsBy-l.ts)
	return max(ahead, -ahead) > maxMisorder || max(later, -later) > maxTimestampJump
}

// pass gives a passed packet its numbers. It is false for one from before the
// change: its place in the row is taken. Behind the change order is the far
// end's to restore, as it would be without us.
func (l *line) pass(seq uint16, ts uint32, span uint32, now time.Time) (outSeq uint16, outTS uint32, ok bool) {
	outSeq, outTS = seq+l.seqBy, ts+l.tsBy
	ahead := int(int16(outSeq - l.seq))
	if ahead <= -l.passed {
		return 0, 0, false
	}
	l.passed = min(l.passed+1, maxMisorder)
	if ahead > 0 {
		l.sent(outSeq, outTS, span, now)
	}
	return outSeq, outTS, true
}
