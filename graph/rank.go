package graph

import (
	"math/bits"
	"slices"
	"sort"
)

// A rank says how well a person matches: the sum of what each word of the
// search is worth in the best place where it is found. Lower is better. A word
// that only begins one of the person's outweighs all fields together, so people
// are ordered by how many words are exact, then by where they stand: name
// before role before department.
const (
	onlyBegins uint32 = 1 << rankFieldBits
	fieldsMask        = onlyBegins - 1

	rankFieldBits = 10
	maxWords      = 1<<(rankFieldBits-1) - 1 // as many departments still are no onlyBegins; Entra's texts hold fewer words
)

// ranks are the ranks of 64 people at once, bit by bit: plane i holds bit i of
// the rank of each of them.
type ranks struct{ fields, begins []uint64 }

func newRanks(words int) ranks {
	return ranks{fields: make([]uint64, bits.Len(uint(2*words))), begins: make([]uint64, bits.Len(uint(words)))}
}

// sum adds up the words for the people of a block.
func (r ranks) sum(words []matches, block int) {
	clear(r.fields)
	clear(r.begins)
	for _, w := range words {
		addBits(r.begins, w.begins[block])
		addBits(r.fields, w.role[block])
		addBits(r.fields[1:], w.department[block])
	}
}

// addBits adds one bit to each of 64 numbers.
func addBits(planes []uint64, carry uint64) {
	for i := 0; carry != 0; i++ {
		planes[i], carry = planes[i]^carry, planes[i]&carry
	}
}

// compare tells who of the 64 has a lower rank than the given one, and who has
// the same.
func (r ranks) compare(rank uint32) (lower, same uint64) {
	lower, same = compareBits(r.begins, rank>>rankFieldBits)
	lowerFields, sameFields := compareBits(r.fields, rank&fieldsMask)
	return lower | same&lowerFields, same & sameFields
}

func compareBits(planes []uint64, value uint32) (lower, same uint64) {
	if value>>len(planes) != 0 {
		return ^uint64(0), 0
	}
	same = ^uint64(0)
	for i, plane := range slices.Backward(planes) {
		if value>>i&1 == 0 {
			same &^= plane
			continue
		}
		lower |= same &^ plane
		same &= plane
	}
	return lower, same
}

// of returns the rank of one of the 64.
func (r ranks) of(at int) uint32 {
	rank := uint32(0)
	for i, plane := range r.begins {
		rank += uint32(plane>>at&1) << (rankFieldBits + i)
	}
	for i, plane := range r.fields {
		rank += uint32(plane>>at&1) << i
	}
	return rank
}

// top keeps the best hits after a position, ordered.
type top struct {
	hits  []hit
	size  int
	after *position
	from  int // hits of the position's own rank begin here
}

func newTop(s *segment, p *plan) top {
	t := top{size: p.limit + 1, after: p.after}
	if p.after != nil {
		t.from = sort.Search(len(s.people), func(i int) bool { return p.after.before(&s.people[i]) })
	}
	return t
}

// wanted are those of a block who would be among the best.
func (t *top) wanted(r ranks, block int) uint64 {
	want := ^uint64(0)
	if t.after != nil {
		lower, same := r.compare(t.after.rank)
		want &^= lower
		switch read := t.from - block*64; {
		case read >= 64:
			want &^= same
		case read > 0:
			want &^= same & (1<<read - 1)
		}
	}
	if len(t.hits) == t.size {
		lower, _ := r.compare(t.hits[t.size-1].rank)
		want &= lower
	}
	return want
}

// add expects hits in rising order of ordinals.
func (t *top) add(h hit) {
	if len(t.hits) == t.size {
		if h.rank >= t.hits[t.size-1].rank {
			return
		}
		t.hits = t.hits[:t.size-1]
	}
	at := sort.Search(len(t.hits), func(i int) bool { return t.hits[i].rank > h.rank })
	t.hits = slices.Insert(t.hits, at, h)
}

// settled tells whether nobody who follows can be better: the worst of the best
// has the lowest rank that there can be.
func (t *top) settled(lowest uint32) bool {
	if t.after != nil {
		lowest = max(lowest, t.after.rank)
	}
	return len(t.hits) == t.size && t.hits[t.size-1].rank <= lowest
}
