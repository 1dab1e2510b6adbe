package graph

import (
	"cmp"
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

	terms    []string
	starts   []uint32 // the ordinals of term t: postings[starts[t]:starts[t+1]]
	postings []uint32

	first   []uint32 // the words of person o: entries[first[o]:first[o+1]]
	entries []uint32 // term<<fieldBits | field

	byID     []uint32 // ordinals in the order of ids
	byNumber []uint32 // ordinals in the order of numbers

	roles, departments   map[string]uint32 // labelKey to the label's number
	roleOf, departmentOf []uint32          // of person o
}

const (
	fieldBits = 2
	fieldMask = 1<<fieldBits - 1
)

// newSegment indexes people, which it takes over and orders. Ids are distinct.
func newSegment(people []Expert) *segment {
	b := builder{terms: map[string]uint32{}, labels: map[string][]uint32{}, keys: map[string]string{}}
	b.order(people)
	s := &segment{
		people: people, roles: map[string]uint32{}, departments: map[string]uint32{},
		roleOf: make([]uint32, len(people)), departmentOf: make([]uint32, len(people)),
	}
	s.first = make([]uint32, 1, len(people)+1)
	for o := range people {
		s.entries = b.addEntries(s.entries, &people[o])
		s.first = append(s.first, uint32(len(s.entries)))
		s.roleOf[o] = b.number(s.roles, people[o].Role)
		s.departmentOf[o] = b.number(s.departments, people[o].Department)
	}
	s.entries = slices.Clip(s.entries)
	b.sortTerms(s)
	s.byID = ordinalsBy(people, func(e *Expert) string { return string(e.ID) })
	s.byNumber = ordinalsBy(people, func(e *Expert) string { return e.Number })
	return s
}

// builder holds what only the building of a segment needs.
type builder struct {
	terms   map[string]uint32   // a term's number in the order of appearance
	labels  map[string][]uint32 // the terms of texts that many people share
	keys    map[string]string   // labelKey of the same texts
	scratch []uint32
}

// order sorts people by name, then by id.
func (b *builder) order(people []Expert) {
	type keyed struct {
		key    string
		expert Expert
	}
	rows := make([]keyed, len(people))
	for i, e := range people {
		rows[i] = keyed{sortKey(e.Name), e}
	}
	slices.SortFunc(rows, func(x, y keyed) int {
		return cmp.Or(cmp.Compare(x.key, y.key), compareNames(&x.expert, &y.expert))
	})
	for i := range rows {
		people[i] = rows[i].expert
	}
}

// compareNames orders people whose names have the same sortKey.
func compareNames(x, y *Expert) int {
	return cmp.Or(strings.Compare(x.Name, y.Name), strings.Compare(string(x.ID), string(y.ID)))
}

// addEntries appends the distinct words of one person, each with its best field.
func (b *builder) addEntries(entries []uint32, e *Expert) []uint32 {
	own := b.scratch[:0]
	add := func(f field) func(string) {
		return func(term string) { own = append(own, b.term(term)<<fieldBits|f) }
	}
	eachTerm(e.Name, add(inName))
	eachTerm(e.GivenName, add(inName))
	eachTerm(e.Surname, add(inName))
	for _, t := range b.label(e.Role) {
		own = append(own, t<<fieldBits|inRole)
	}
	for _, t := range b.label(e.Department) {
		own = append(own, t<<fieldBits|inDepartment)
	}
	b.scratch = own
	slices.Sort(own)
	own = slices.CompactFunc(own, func(x, y uint32) bool { return x>>fieldBits == y>>fieldBits })
	return append(entries, own...)
}

func (b *builder) term(t string) uint32 {
	n, ok := b.terms[t]
	if !ok {
		n = uint32(len(b.terms))
		b.terms[strings.Clone(t)] = n
	}
	return n
}

func (b *builder) label(text string) []uint32 {
	terms, ok := b.labels[text]
	if !ok {
		eachTerm(text, func(t string) { terms = append(terms, b.term(t)) })
		b.labels[text] = terms
	}
	return terms
}

// number gives equal labels the same number.
func (b *builder) number(numbers map[string]uint32, text string) uint32 {
	key, ok := b.keys[text]
	if !ok {
		key = labelKey(text)
		b.keys[text] = key
	}
	n, ok := numbers[key]
	if !ok {
		n = uint32(len(numbers))
		numbers[key] = n
	}
	return n
}

// sortTerms renumbers the terms in the order of their spelling and makes the
// postings.
func (b *builder) sortTerms(s *segment) {
	s.terms = make([]string, 0, len(b.terms))
	for t := range b.terms {
		s.terms = append(s.terms, t)
	}
	slices.Sort(s.terms)
	renumbered := make([]uint32, len(s.terms))
	for i, t := range s.terms {
		renumbered[b.terms[t]] = uint32(i)
	}
	s.starts = make([]uint32, len(s.terms)+1)
	for i, entry := range s.entries {
		t := renumbered[entry>>fieldBits]
		s.entries[i] = t<<fieldBits | entry&fieldMask
		s.starts[t+1]++
	}
	for t := range s.terms {
		s.starts[t+1] += s.starts[t]
	}
	s.postings = make([]uint32, len(s.entries))
	next := slices.Clone(s.starts)
	for o := range s.people {
		for _, entry := range s.entries[s.first[o]:s.first[o+1]] {
			t := entry >> fieldBits
			s.postings[next[t]] = uint32(o)
			next[t]++
		}
	}
}

func ordinalsBy(people []Expert, key func(*Expert) string) []uint32 {
	ordinals := make([]uint32, len(people))
	for o := range people {
		ordinals[o] = uint32(o)
	}
	slices.SortFunc(ordinals, func(x, y uint32) int {
		return cmp.Or(strings.Compare(key(&people[x]), key(&people[y])), cmp.Compare(x, y))
	})
	return ordinals
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

// prefixed returns the range of terms that begin with prefix.
func (s *segment) prefixed(prefix string) span {
	from := sort.SearchStrings(s.terms, prefix)
	rest := s.terms[from:]
	n := sort.Search(len(rest), func(i int) bool { return !strings.HasPrefix(rest[i], prefix) })
	return span{uint32(from), uint32(from + n), n > 0 && rest[0] == prefix}
}

// span is a range of terms; exact says that the first is the word itself.
type span struct {
	from, to uint32
	exact    bool
}
