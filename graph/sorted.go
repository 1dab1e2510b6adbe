package graph

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
)

// sortHead is the beginning of a text as numbers: most comparisons of a sort
// are decided by it without following a pointer.
type sortHead [2]uint64

func headOf(text string) sortHead {
	var head [16]byte
	copy(head[:], text)
	return sortHead{binary.BigEndian.Uint64(head[:8]), binary.BigEndian.Uint64(head[8:])}
}

// sorted returns the places of the texts in their order; tie orders the places
// of equal ones.
func sorted(texts []string, tie func(x, y uint32) int) []uint32 {
	type row struct {
		head sortHead
		at   uint32
	}
	rows := make([]row, len(texts))
	for i, text := range texts {
		rows[i] = row{headOf(text), uint32(i)}
	}
	slices.SortFunc(rows, func(x, y row) int {
		switch {
		case x.head[0] != y.head[0]:
			return cmp.Compare(x.head[0], y.head[0])
		case x.head[1] != y.head[1]:
			return cmp.Compare(x.head[1], y.head[1])
		}
		if c := strings.Compare(texts[x.at], texts[y.at]); c != 0 {
			return c
		}
		return tie(x.at, y.at)
	})
	places := make([]uint32, len(rows))
	for i, r := range rows {
		places[i] = r.at
	}
	return places
}
