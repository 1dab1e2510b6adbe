package media

import "time"

// group is three or more parties who talk: each hears the sum of the others. It
// is mixed at every tick.
type group struct {
	shard   *shard
	members []*Stream
	frames  [][frameSamples]int16
	heard   []bool // by member: the frame holds more than silence
	sum     [frameSamples]int32
	out     [frameSamples]int16
}

func newGroup(members []*Stream) *group {
	return &group{shard: members[0].shard, members: members, frames: make([][frameSamples]int16, len(members)), heard: make([]bool, len(members))}
}

// tick takes 20 ms of each and sends to each what the others said, if they did.
func (g *group) tick(now time.Time) {
	clear(g.sum[:])
	for i, s := range g.members {
		g.heard[i] = s.take(g, &g.frames[i])
		for j, sample := range g.frames[i] {
			g.sum[j] += int32(sample)
		}
	}
	for i, s := range g.members {
		if !g.audible(i) {
			continue
		}
		for j := range g.out {
			g.out[j] = clip(g.sum[j] - int32(g.frames[i][j]))
		}
		s.sendMixed(g, &g.out, now)
	}
}

// audible reports whether a member has anybody to hear.
func (g *group) audible(to int) bool {
	for i, heard := range g.heard {
		if heard && i != to {
			return true
		}
	}
	return false
}

// take gives the next 20 ms of what the party says; silence if it left the group.
// It reports whether there is anything to hear.
func (s *Stream) take(g *group, frame *[frameSamples]int16) bool {
	s.in.mu.Lock()
	defer s.in.mu.Unlock()
	if s.in.jitter == nil || s.in.group != g {
		clear(frame[:])
		return false
	}
	return s.in.jitter.next(frame) || !s.in.jitter.faded()
}

// heardSamples is the last packet that was passed on.
func (in *inbound) heardSamples() []int16 {
	if in.codec == nil {
		return nil
	}
	samples := make([]int16, in.heardN)
	in.codec.Decode(samples, in.heard[:in.heardN])
	return samples
}
