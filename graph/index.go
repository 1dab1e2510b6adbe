package graph

import "slices"

// index is an immutable picture of an organisation's experts. A change makes a
// new index; searches that run keep the one they began with, so neither waits
// for the other.
//
// It consists of segments, each several times as large as the next: what
// changes goes into a small one of its own, and neighbours are made one when
// the later has grown. So a change costs little however many people there are,
// and each person is indexed anew only a few times.
type index struct {
	parts   []part // large ones first
	experts int
}

// part is a segment with those of it that no longer count.
type part struct {
	*segment
	gone bitset // removed, or newer in a later part; nil: nobody
	live int    // who still counts
}

const (
	partGrowth = 4  // a part is at least so many times as large as the next
	partLeast  = 64 // fewer people are not worth a part of their own
)

// newIndex indexes experts, which it takes over.
func newIndex(experts []Expert) *index {
	return indexOf([]part{{segment: newSegment(experts), live: len(experts)}})
}

func indexOf(parts []part) *index {
	x := &index{parts: parts}
	for _, p := range parts {
		x.experts += p.live
	}
	return x
}

// with returns the index after changes: the expert as they are now, or nil for
// those who are no longer listed.
func (x *index) with(changes map[UserID]*Expert) *index {
	parts := make([]part, len(x.parts))
	for i, p := range x.parts {
		parts[i] = p.without(changes)
	}
	var fresh []Expert
	for _, e := range changes {
		if e != nil {
			fresh = append(fresh, *e)
		}
	}
	kept := keep(parts, len(fresh))
	for _, p := range parts[kept:] {
		fresh = p.appendLive(fresh)
	}
	parts = parts[:kept]
	if len(fresh) > 0 {
		parts = append(parts, part{segment: newSegment(fresh), live: len(fresh)})
	}
	return indexOf(parts)
}

// keep tells how many of the parts stay as they are when so many people are
// added; the others are to be made one with them.
func keep(parts []part, added int) int {
	kept := len(parts)
	for i, p := range slices.Backward(parts) {
		wasteful := 2*p.live < len(p.people)
		if wasteful || p.live < partGrowth*max(added, partLeast) && added > 0 {
			for _, later := range parts[i:kept] {
				added += later.live
			}
			kept = i
		}
	}
	return kept
}

// without returns the part without those who changed.
func (s part) without(changes map[UserID]*Expert) part {
	shared := true // the set belongs to the index before
	for id := range changes {
		o, ok := s.find(id)
		if !ok || s.gone.has(o) {
			continue
		}
		if shared {
			gone := newBitset(len(s.people))
			copy(gone, s.gone)
			s.gone, shared = gone, false
		}
		s.gone.add(o)
		s.live--
	}
	return s
}

// appendLive adds those who still count.
func (s part) appendLive(people []Expert) []Expert {
	people = slices.Grow(people, s.live)
	for o, e := range s.people {
		if !s.gone.has(uint32(o)) {
			people = append(people, e)
		}
	}
	return people
}

// expert looks somebody up by id.
func (x *index) expert(id UserID) (Expert, bool) {
	for _, part := range x.parts {
		if o, ok := part.find(id); ok && !part.gone.has(o) {
			return part.people[o], true
		}
	}
	return Expert{}, false
}

// byNumber looks somebody up by the number as the index spells it; of several
// who share it, the first by name.
func (x *index) byNumber(number string) (Expert, bool) {
	var found []Expert
	for _, part := range x.parts {
		exact, _ := part.numbered(number)
		for _, o := range exact {
			if !part.gone.has(o) {
				found = append(found, part.people[o])
				break // ordinals are in the order of names
			}
		}
	}
	if len(found) == 0 {
		return Expert{}, false
	}
	return slices.MinFunc(found, compareExperts), true
}

// begins tells whether a listed number goes on after the given one.
func (x *index) begins(number string) bool {
	for _, part := range x.parts {
		_, longer := part.numbered(number)
		if slices.ContainsFunc(longer, func(o uint32) bool { return !part.gone.has(o) }) {
			return true
		}
	}
	return false
}
