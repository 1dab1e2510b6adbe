package sqlite

import (
	"errors"
	"fmt"
	"slices"

	"github.com/klauspost/compress/s2"
)

const (
	// packFrom is how long a value must be to be compressed: what spares no
	// page of 4 kB spares the disk nothing.
	packFrom = 2048
	// packed is the first byte of a compressed value, S2 in one block. Neither
	// JSON nor a CBOR array begins with it.
	packed = 0x00
	// maxUnpacked bounds what a damaged value may ask for.
	maxUnpacked = 256 << 20
)

// errUnpack: a compressed value is damaged.
var errUnpack = errors.New("sqlite: damaged compressed value")

// pack appends a value to what is in to, compressed where that is worth it. The
// journal's lines are much alike: they take a fourth or less of their room.
func pack(to, plain []byte) []byte {
	if len(plain) < packFrom && (len(plain) == 0 || plain[0] != packed) {
		return append(to, plain...)
	}
	at := len(to) + 1
	to = append(to, packed)
	to = slices.Grow(to, s2.MaxEncodedLen(len(plain)))
	return to[:at+len(s2.Encode(to[at:cap(to)], plain))]
}

// blobs is room for what is written, used again and again.
type blobs struct{ plain, arrived, inputs, entries []byte }

// arrival makes the blob of a commit.
func (b *blobs) arrival(steps []*step) []byte {
	b.plain = appendArrived(b.plain[:0], steps)
	b.arrived = pack(b.arrived[:0], b.plain)
	return b.arrived
}

// lines makes a row of the journal of steps, of which there must be some.
func (b *blobs) lines(steps []*step) (inputs, entries []byte) {
	b.inputs = b.join(b.inputs, steps, func(s *step) []byte { return s.Input })
	b.entries = b.join(b.entries, steps, func(s *step) []byte { return s.Entry })
	return blob(b.inputs), blob(b.entries)
}

// join is [joinLines] without taking memory anew.
func (b *blobs) join(to []byte, steps []*step, of func(*step) []byte) []byte {
	b.plain = b.plain[:0]
	for _, s := range steps {
		b.plain = append(append(b.plain, of(s)...), '\n')
	}
	return pack(to[:0], b.plain[:len(b.plain)-1])
}

// unpack gives what was packed; errUnpack.
func unpack(value []byte) ([]byte, error) {
	if len(value) == 0 || value[0] != packed {
		return value, nil
	}
	n, err := s2.DecodedLen(value[1:])
	if err == nil && n > maxUnpacked {
		err = s2.ErrTooLarge
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnpack, err)
	}
	plain, err := s2.Decode(nil, value[1:])
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnpack, err)
	}
	return plain, nil
}
