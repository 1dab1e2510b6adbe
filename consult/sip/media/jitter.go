package media

import (
	"math"

	"teamsbridge/consult/sip/g711"
)

// jitter evens out when packets arrive: put takes them as they come, next gives
// 20 ms at every tick. It works on samples by their timestamps, so that packets
// of any length fit, duplicates overwrite themselves and order restores itself.
//
// The delay adapts: where nothing has arrived in time it grows by the frame that
// is then made up, and where more lay ready than needed for a second it shrinks
// by ten milliseconds. Never more than 120 ms lie ready.
type jitter struct {
	ring    [ringSize]int16
	read    uint32 // timestamp that is given next
	end     uint32 // timestamp after the last sample that was put
	started bool

	last    [frameSamples]int16 // the last frame given, to go on with where one is missing
	missing int                 // frames made up since

	ticks, spare int // since the last look at the delay: ticks, and the least that lay ready after each

	concealed, skipped, late uint64 // samples made up, left out, and come too late
}

const (
	ringSize = 4096 // half a second; a power of two
	hole     = math.MinInt16
	shortest = frameSamples              // of the delay
	longest  = 120 * g711.Rate / 1000    // of the delay
	shrinkBy = 10 * g711.Rate / 1000     // samples left out at once
	lookBack = 50                        // ticks between looks at the delay
	patience = 2                         // frames that the rest of one is waited for
	fadeOver = 5                         // frames until what is made up is silent
	restart  = ringSize - longest - 1000 // samples ahead from which the timestamps must have jumped
)

func newJitter() *jitter {
	j := &jitter{}
	j.empty()
	return j
}

func (j *jitter) empty() {
	for i := range j.ring {
		j.ring[i] = hole
	}
	j.started, j.ticks, j.spare = false, 0, math.MaxInt
}

// resume goes on from a frame that was heard before, so that the first gap is
// filled by it.
func (j *jitter) resume(heard []int16) { copy(j.last[:], heard) }

// put takes a packet's samples. Those that are too late are left out.
func (j *jitter) put(timestamp uint32, codec *g711.Codec, payload []byte) {
	if len(payload) > longest {
		payload = payload[:longest] // far beyond any agreed packet
	}
	if ahead := int32(timestamp - j.read); j.started && (ahead >= restart || ahead <= -restart) {
		j.empty()
	}
	if j.started && j.ready() <= 0 && j.missing >= fadeOver && int32(timestamp-j.read) >= 0 {
		j.empty() // after a pause nothing needs to be evened out with what was before
	}
	if !j.started {
		j.started, j.read, j.end = true, timestamp, timestamp
	}
	for i, code := range payload {
		at := timestamp + uint32(i)
		if int32(at-j.read) < 0 {
			j.late++
			continue
		}
		j.ring[at%ringSize] = codec.Sample(code)
	}
	if end := timestamp + uint32(len(payload)); int32(end-j.end) > 0 {
		j.end = end
	}
	// Never farther behind than the longest delay: after a burst the oldest goes.
	if over := j.ready() - longest; over > 0 {
		j.skip(over)
	}
}

// ready is how many samples lie between what is given next and the newest.
func (j *jitter) ready() int { return int(int32(j.end - j.read)) }

func (j *jitter) skip(n int) {
	for range n {
		j.ring[j.read%ringSize] = hole
		j.read++
	}
	j.skipped += uint64(n)
}

// next gives the next 20 ms and reports whether they hold anything that arrived.
func (j *jitter) next(out *[frameSamples]int16) bool {
	if ready := j.ready(); !j.started || ready <= 0 || ready < frameSamples && j.missing < patience {
		// Not there yet: wait for it, which makes the delay longer.
		j.conceal(out)
		j.spare = 0
		return false
	}
	arrived := false
	for i := range out {
		slot := &j.ring[(j.read+uint32(i))%ringSize]
		if out[i] = *slot; out[i] != hole {
			arrived = true
		}
		*slot = hole
	}
	j.read += frameSamples
	if int32(j.end-j.read) < 0 {
		j.end = j.read // a packet shorter than a frame: the rest is lost
	}
	if !arrived {
		j.conceal(out)
	} else {
		j.patch(out)
		j.last, j.missing = *out, 0
	}
	j.adapt()
	return arrived
}

// patch fills the holes of a frame that arrived in part.
func (j *jitter) patch(out *[frameSamples]int16) {
	for i := range out {
		if out[i] == hole {
			out[i] = j.last[i] / 2
			j.concealed++
		}
	}
}

// conceal repeats what was heard last, ever softer.
func (j *jitter) conceal(out *[frameSamples]int16) {
	for i := range out {
		fade := max(fadeOver*frameSamples-j.missing*frameSamples-i, 0)
		out[i] = int16(int(j.last[i]) * fade / (fadeOver * frameSamples))
	}
	j.missing++
	j.concealed += frameSamples
}

// faded reports whether what is made up has become silence.
func (j *jitter) faded() bool { return j.missing > fadeOver }

// adapt shortens the delay where more lay ready than was needed.
func (j *jitter) adapt() {
	j.spare = min(j.spare, j.ready())
	if j.ticks++; j.ticks < lookBack {
		return
	}
	if j.spare >= shortest+shrinkBy {
		j.skip(shrinkBy)
	}
	j.ticks, j.spare = 0, math.MaxInt
}
