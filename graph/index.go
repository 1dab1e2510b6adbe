package graph

import "slices"

// index is an immutable picture of an organisation's experts: a large base
// and a small segment of what changed since the base was built. A change makes
// a new index and costs what the small segment costs; searches that run keep
// the one they began with, so neither waits for the other.
type index struct {
	base    *segment
	recent  *segment
	gone    bitset // of base: removed, or newer in recent
	experts int
}

// recentShare bounds the small segment: a 16th of the base, but some people
// always fit, so that a small organisation is not rebuilt at each change.
const (
	recentShare = 16
	recentLeast = 512
)

// newIndex indexes experts, which it takes over.
func newIndex(experts []Expert) *index {
	return &index{base: newSegment(experts), recent: newSegment(nil), experts: len(experts)}
}

// with returns the index after changes: the expert as they are now, or nil for
// those who are no longer listed.
func (x *index) with(changes map[UserID]*Expert) *index {
	gone := newBitset(len(x.base.people))
	copy(gone, x.gone)
	recent := make([]Expert, 0, len(x.recent.people)+len(changes))
	for _, e := range x.recent.people {
		if _, changed := changes[e.ID]; !changed {
			recent = append(recent, e)
		}
	}
	for id, e := range changes {
		if o, ok := x.base.find(id); ok {
			gone.add(o)
		}
		if e != nil {
			recent = append(recent, *e)
		}
	}
	if len(recent) > max(recentLeast, len(x.base.people)/recentShare) {
		return newIndex(append(x.base.without(gone), recent...))
	}
	next := &index{base: x.base, recent: newSegment(recent), gone: gone}
	next.experts = len(x.base.people) - gone.count() + len(recent)
	return next
}

// without returns the people of the segment but those gone.
func (s *segment) without(gone bitset) []Expert {
	people := make([]Expert, 0, len(s.people))
	for o, e := range s.people {
		if !gone.has(uint32(o)) {
			people = append(people, e)
		}
	}
	return people
}

// expert looks somebody up by id.
func (x *index) expert(id UserID) (Expert, bool) {
	if o, ok := x.recent.find(id); ok {
		return x.recent.people[o], true
	}
	if o, ok := x.base.find(id); ok && !x.gone.has(o) {
		return x.base.people[o], true
	}
	return Expert{}, false
}

// byNumber looks somebody up by the number as the index spells it; of several
// who share it, the first by name.
func (x *index) byNumber(number string) (Expert, bool) {
	var found []Expert
	for _, part := range x.parts() {
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
	for _, part := range x.parts() {
		_, longer := part.numbered(number)
		if slices.ContainsFunc(longer, func(o uint32) bool { return !part.gone.has(o) }) {
			return true
		}
	}
	return false
}

// part is a segment with those of it that no longer count.
type part struct {
	*segment
	gone bitset
}

func (x *index) parts() [2]part { return [2]part{{x.base, x.gone}, {x.recent, nil}} }
