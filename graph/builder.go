package graph

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// newSegment indexes people, which it takes over and orders. Ids are distinct.
func newSegment(people []Expert) *segment {
	b := builder{
		terms: map[string]uint32{}, chunks: map[string][]uint32{},
		sortKeys: map[string]string{}, labelKeys: map[string]string{},
	}
	b.order(people)
	s := &segment{people: people}
	var sorted sync.WaitGroup // a second processor, if there is one, need not wait
	sorted.Go(func() {
		s.byID = ordinalsBy(people, func(e *Expert) string { return string(e.ID) })
		s.byNumber = ordinalsBy(people, func(e *Expert) string { return e.Number })
	})
	entries, ends := b.entries(people)
	b.post(s, entries, ends)
	s.roles = b.labels(people, func(e *Expert) string { return e.Role })
	s.departments = b.labels(people, func(e *Expert) string { return e.Department })
	s.prepare()
	sorted.Wait()
	return s
}

// builder holds what only the building of a segment needs. Names, roles and
// departments repeat, so what is read of a text is kept.
type builder struct {
	terms     map[string]uint32   // a term's number in the order of appearance
	chunks    map[string][]uint32 // the terms of a chunk
	sortKeys  map[string]string   // sortKey of chunks of names
	labelKeys map[string]string   // labelKey of roles and departments
	key       []byte              // scratch
}

// order sorts people by name, then by id.
func (b *builder) order(people []Expert) {
	keys := make([]string, len(people))
	for i := range people {
		keys[i] = b.sortKey(people[i].Name)
	}
	ordered := make([]Expert, len(people))
	for i, at := range sorted(keys, func(x, y uint32) int { return compareNames(&people[x], &people[y]) }) {
		ordered[i] = people[at]
	}
	copy(people, ordered)
}

// sortKey is [sortKey], chunk by chunk.
func (b *builder) sortKey(name string) string {
	b.key = b.key[:0]
	for chunk := range eachChunk(name) {
		key, ok := b.sortKeys[chunk]
		if !ok {
			key = sortKey(chunk)
			b.sortKeys[chunk] = key
		}
		if key != "" && len(b.key) > 0 {
			b.key = append(b.key, ' ')
		}
		b.key = append(b.key, key...)
	}
	return string(b.key)
}

// compareNames orders people whose names have the same sortKey.
func compareNames(x, y *Expert) int {
	return cmp.Or(strings.Compare(x.Name, y.Name), strings.Compare(string(x.ID), string(y.ID)))
}

// entries lists the distinct words of each person, each with its best field;
// ends[o] is where those of person o end.
func (b *builder) entries(people []Expert) (entries []uint64, ends []uint32) {
	ends = make([]uint32, len(people))
	var own []uint64
	for o := range people {
		e := &people[o]
		own = own[:0]
		for _, part := range [...]struct {
			text string
			in   field
		}{{e.Name, inName}, {e.GivenName, inName}, {e.Surname, inName}, {e.Role, inRole}, {e.Department, inDepartment}} {
			for chunk := range eachChunk(part.text) {
				for _, t := range b.chunk(chunk) {
					own = append(own, uint64(t)<<fieldBits|uint64(part.in))
				}
			}
		}
		slices.Sort(own)
		entries = append(entries, slices.CompactFunc(own, func(x, y uint64) bool { return x>>fieldBits == y>>fieldBits })...)
		ends[o] = uint32(len(entries))
	}
	return entries, ends
}

// chunk returns the terms of a chunk.
func (b *builder) chunk(chunk string) []uint32 {
	terms, ok := b.chunks[chunk]
	if !ok {
		eachTermOf(chunk, func(t string) { terms = append(terms, b.term(t)) })
		b.chunks[chunk] = terms
	}
	return terms
}

func (b *builder) term(t string) uint32 {
	n, ok := b.terms[t]
	if !ok {
		n = uint32(len(b.terms))
		b.terms[t] = n
	}
	return n
}

// post numbers the terms in the order of their spelling and makes the postings.
func (b *builder) post(s *segment, entries []uint64, ends []uint32) {
	s.terms = make([]string, 0, len(b.terms))
	for t := range b.terms {
		s.terms = append(s.terms, t)
	}
	slices.Sort(s.terms)
	renumbered := make([]uint32, len(s.terms))
	for i, t := range s.terms {
		renumbered[b.terms[t]] = uint32(i)
	}
	inOneText(s.terms)

	s.starts = make([]uint32, len(s.terms)+1)
	for _, entry := range entries {
		s.starts[renumbered[entry>>fieldBits]+1]++
	}
	for t := range s.terms {
		s.starts[t+1] += s.starts[t]
	}
	s.postings = make([]uint32, len(entries))
	next, from := slices.Clone(s.starts), uint32(0)
	for o, end := range ends {
		for _, entry := range entries[from:end] {
			t := renumbered[entry>>fieldBits]
			s.postings[next[t]] = uint32(o)<<fieldBits | uint32(entry&fieldMask)
			next[t]++
		}
		from = end
	}
}

// inOneText lays the terms side by side: less memory, and neighbours in a
// search are neighbours there.
func inOneText(terms []string) {
	text := strings.Join(terms, "")
	for i, t := range terms {
		terms[i], text = text[:len(t)], text[len(t):]
	}
}

// labels sorts people by one of their labels.
func (b *builder) labels(people []Expert, label func(*Expert) string) labels {
	l := labels{numbers: map[string]uint32{}, people: make([]uint32, len(people))}
	numberOf := make([]uint32, len(people))
	for o := range people {
		text := label(&people[o])
		key, ok := b.labelKeys[text]
		if !ok {
			key = labelKey(text)
			b.labelKeys[text] = key
		}
		n, ok := l.numbers[key]
		if !ok {
			n = uint32(len(l.numbers))
			l.numbers[key] = n
		}
		numberOf[o] = n
	}
	l.starts = make([]uint32, len(l.numbers)+1)
	for _, n := range numberOf {
		l.starts[n+1]++
	}
	for n := range len(l.numbers) {
		l.starts[n+1] += l.starts[n]
	}
	next := slices.Clone(l.starts)
	for o, n := range numberOf {
		l.people[next[n]] = uint32(o)
		next[n]++
	}
	return l
}

// ordinalsBy sorts people by a text, then by ordinal.
func ordinalsBy(people []Expert, text func(*Expert) string) []uint32 {
	texts := make([]string, len(people))
	for o := range people {
		texts[o] = text(&people[o])
	}
	return sorted(texts, cmp.Compare[uint32])
}
