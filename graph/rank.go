package graph

import (
	"slices"
	"sort"
	"sync"
)

// A ranker says how well a person matches the words of a search. Each word
// counts with the best place it is found in; people are ordered by how many
// words are only the beginning of what was found, then by the fields: name
// before role before department.
type ranker struct {
	segment *segment
	words   [][]span
}

// The worth of one word: the field, plus onlyPrefix where it is not exact.
const (
	onlyPrefix uint32 = 4
	noMatch    uint32 = 8
)

// rank is false for somebody whom not every word matches.
func (r ranker) rank(o uint32) (rank uint32, ok bool) {
	entries := r.segment.entries[r.segment.first[o]:r.segment.first[o+1]]
	prefixes, fields := uint32(0), uint32(0)
	for _, spans := range r.words {
		best := noMatch
		for _, entry := range entries {
			best = min(best, worth(entry, spans))
		}
		if best == noMatch {
			return 0, false
		}
		prefixes += best / onlyPrefix
		fields += best % onlyPrefix
	}
	return prefixes*(fieldMask*uint32(len(r.words))+1) + fields, true
}

func worth(entry uint32, spans []span) uint32 {
	term, best := entry>>fieldBits, noMatch
	for _, s := range spans {
		switch {
		case term < s.from || term >= s.to:
		case s.exact && term == s.from:
			return entry & fieldMask
		default:
			best = entry&fieldMask + onlyPrefix
		}
	}
	return best
}

// top keeps the best hits after a position, ordered.
type top struct {
	hits  []hit
	size  int
	after *position
	from  uint32 // hits of the position's own rank begin here
}

func newTop(s *segment, p *plan) top {
	t := top{size: p.limit + 1, after: p.after}
	if p.after != nil {
		t.from = uint32(sort.Search(len(s.people), func(i int) bool { return p.after.before(&s.people[i]) }))
	}
	return t
}

// add expects hits in rising order of ordinals.
func (t *top) add(h hit) {
	if t.after != nil && (h.rank < t.after.rank || h.rank == t.after.rank && h.ordinal < t.from) {
		return
	}
	if len(t.hits) == t.size {
		if h.rank >= t.hits[t.size-1].rank {
			return
		}
		t.hits = t.hits[:t.size-1]
	}
	at := sort.Search(len(t.hits), func(i int) bool { return t.hits[i].rank > h.rank })
	t.hits = slices.Insert(t.hits, at, h)
}

// bitsets are lent: a search over a million people needs 125 kB for a moment.
var bitsets = sync.Pool{New: func() any { return new(bitset) }}

func borrowBitset(n int) *bitset {
	b := bitsets.Get().(*bitset)
	if words := (n + 63) / 64; cap(*b) < words {
		*b = newBitset(n)
	} else {
		*b = (*b)[:words]
		clear(*b)
	}
	return b
}

func returnBitset(b *bitset) { bitsets.Put(b) }
