package graph

import "math/bits"

// bitset is a set of ordinals.
type bitset []uint64

// blocks is how many words of 64 ordinals n people take.
func blocks(n int) int { return (n + 63) / 64 }

func newBitset(n int) bitset { return make(bitset, blocks(n)) }

func (b bitset) add(o uint32)      { b[o/64] |= 1 << (o % 64) }
func (b bitset) has(o uint32) bool { return b != nil && b[o/64]&(1<<(o%64)) != 0 }

func (b bitset) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// fill adds the ordinals below n.
func (b bitset) fill(n int) {
	for i := range b {
		b[i] = ^uint64(0)
	}
	if n%64 != 0 {
		b[n/64] = 1<<(n%64) - 1
	}
}

// and keeps what is in other, too, and tells whether anything is left.
func (b bitset) and(other bitset) bool {
	left := uint64(0)
	other = other[:len(b)]
	for i := range b {
		b[i] &= other[i]
		left |= b[i]
	}
	return left != 0
}

// andNot takes out what is in other; a nil other is empty.
func (b bitset) andNot(other bitset) {
	for i, w := range other {
		b[i] &^= w
	}
}
