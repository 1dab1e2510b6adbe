package sqlite

import (
	"encoding/binary"
	"math"
)

// What arrives is written by hand: the library's encoder, which works by
// reflection, took a twentieth of a step's processor time. It is what the
// library writes of an arrivedStep and what it reads back; a test compares both.

// CBOR's initial bytes (RFC 8949, section 3): three bits of type, and a number
// below 24 or how many bytes of it follow.
const (
	cborUint     = 0 << 5
	cborNegative = 1 << 5
	cborBytes    = 2 << 5
	cborText     = 3 << 5
	cborArray    = 4 << 5
	cborMap      = 5 << 5

	cborFalse, cborTrue, cborNull = 0xf4, 0xf5, 0xf6

	cborEndless, cborEnd = cborArray | 31, 0xff // an array of indefinite length
)

// appendArrived writes the steps of a commit: an array of indefinite length.
func appendArrived(b []byte, steps []*step) []byte {
	b = append(b, cborEndless)
	for _, s := range steps {
		b = s.appendTo(b)
	}
	return append(b, cborEnd)
}

// appendTo writes what an arrivedStep says, keys in order.
func (s *step) appendTo(b []byte) []byte {
	b = append(b, cborMap|9)
	b = appendText(append(b, 1), s.Tenant)
	b = appendText(append(b, 2), string(s.Interaction))
	b = appendHead(append(b, 3), cborUint, s.Version)
	b = append(b, 4, cborFalse)
	if s.Live {
		b[len(b)-1] = cborTrue
	}
	b = appendInt(append(b, 5), s.At.UnixMilli())
	b = appendTexts(append(b, 6), s.Owners)
	b = appendBytes(append(b, 7), s.Input)
	b = appendBytes(append(b, 8), s.State)
	return appendBytes(append(b, 9), s.Entry)
}

// appendHead writes an initial byte and its number, as short as it can be.
func appendHead(b []byte, kind byte, n uint64) []byte {
	switch {
	case n < 24:
		return append(b, kind|byte(n))
	case n <= math.MaxUint8:
		return append(b, kind|24, byte(n))
	case n <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(b, kind|25), uint16(n))
	case n <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(b, kind|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(b, kind|27), n)
}

func appendInt(b []byte, n int64) []byte {
	if n < 0 {
		return appendHead(b, cborNegative, uint64(-1-n))
	}
	return appendHead(b, cborUint, uint64(n))
}

func appendText(b []byte, s string) []byte {
	return append(appendHead(b, cborText, uint64(len(s))), s...)
}

func appendTexts(b []byte, all []string) []byte {
	if all == nil {
		return append(b, cborNull)
	}
	b = appendHead(b, cborArray, uint64(len(all)))
	for _, s := range all {
		b = appendText(b, s)
	}
	return b
}

func appendBytes(b, s []byte) []byte {
	if s == nil {
		return append(b, cborNull)
	}
	return append(appendHead(b, cborBytes, uint64(len(s))), s...)
}
