package graph

import "sync"

// loan lends bitsets for the time of one search: over a million people each
// takes 125 kB.
type loan struct {
	blocks int // of each bitset
	lent   []*bitset
}

var bitsets = sync.Pool{New: func() any { return new(bitset) }}

// take returns an empty bitset.
func (l *loan) take() bitset {
	b := bitsets.Get().(*bitset)
	if cap(*b) < l.blocks {
		*b = make(bitset, l.blocks)
	} else {
		*b = (*b)[:l.blocks]
		clear(*b)
	}
	l.lent = append(l.lent, b)
	return *b
}

// giveBack ends the use of all that was lent.
func (l *loan) giveBack() {
	for _, b := range l.lent {
		bitsets.Put(b)
	}
	l.lent = nil
}
