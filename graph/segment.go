package graph

import (
	"slices"
	"sort"
	"strings"
)

// field is where a word stands; the order is the order of results.
type field = uint32

const (
	inName field = iota
	inRole
	inDepartment
)

// A segment is an immutable, searchable set of experts. People are numbered in
// the order of their names, so an ordinal is also a sort key, and words in the
// order of their spelling, so a prefix is a range of words and of postings.
//
// Everything is a flat slice: searches walk memory in order, and the garbage
// collector has little to look at.
type segment struct {
	people []Expert

	terms    []string // parts of one text
	starts   []uint32 // who has term t: postings[starts[t]:starts[t+1]]
	postings []uint32 // ordinal<<fieldBits | field, of each term in rising order

	frequent map[span]places
	none     bitset // the empty set

	byID     []uint32 // ordinals in the order of ids
	byNumber []uint32 // ordinals in the order of numbers

	roles, departments labels
}

const (
	fieldBits = 2
	fieldMask = 1<<fieldBits - 1
)

// labels tells who has which label: a whole role or department, by labelKey.
type labels struct {
	numbers map[string]uint32
	starts  []uint32 // who has label n: people[starts[n]:starts[n+1]]
	people  []uint32
}

// having returns the ordinals of those who have the label, in rising order.
func (l *labels) having(key string) []uint32 {
	n, ok := l.numbers[key]
	if !ok {
		return nil
	}
	return l.people[l.starts[n]:l.starts[n+1]]
}

// find returns the ordinal of a person.
func (s *segment) find(id UserID) (ordinal uint32, ok bool) {
	i, ok := slices.BinarySearchFunc(s.byID, id, func(o uint32, id UserID) int {
		return strings.Compare(string(s.people[o].ID), string(id))
	})
	if !ok {
		return 0, false
	}
	return s.byID[i], true
}

// numbered returns the ordinals of those who have the number, and of those
// whose number goes on after it.
func (s *segment) numbered(number string) (exact, longer []uint32) {
	from := sort.Search(len(s.byNumber), func(i int) bool { return s.people[s.byNumber[i]].Number >= number })
	rest := s.byNumber[from:]
	same := sort.Search(len(rest), func(i int) bool { return s.people[rest[i]].Number > number })
	begins := sort.Search(len(rest), func(i int) bool { return !strings.HasPrefix(s.people[rest[i]].Number, number) })
	return rest[:same], rest[same:begins]
}
