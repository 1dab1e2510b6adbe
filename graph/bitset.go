package graph

import "math/bits"

// bitset is a set of ordinals.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) add(o uint32)      { b[o/64] |= 1 << (o % 64) }
func (b bitset) has(o uint32) bool { return b != nil && b[o/64]&(1<<(o%64)) != 0 }

func (b bitset) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// each calls yield in rising order until it returns false.
func (b bitset) each(yield func(o uint32) bool) {
	for i, w := range b {
		for ; w != 0; w &= w - 1 {
			if !yield(uint32(i*64 + bits.TrailingZeros64(w))) {
				return
			}
		}
	}
}
