package graph

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// span is a range of terms, from inclusive, to exclusive.
type span struct{ from, to uint32 }

// lookup is a word of a search in the terms of one segment.
type lookup struct {
	exact  []span // the terms that are the word
	begins []span // those that begin with it, unless they are all exact; disjoint
	weight uint32 // how many postings have to be read at most
}

// lookUp returns the words in the order of their weight, the lightest first:
// it leaves the least for the others. It is false when a word has no term.
func (s *segment) lookUp(words []queryWord) (lookups []lookup, ok bool) {
	lookups = make([]lookup, len(words))
	for i, w := range words {
		if lookups[i] = s.lookUpWord(w); lookups[i].weight == 0 {
			return nil, false
		}
	}
	slices.SortFunc(lookups, func(a, b lookup) int { return cmp.Compare(a.weight, b.weight) })
	return lookups, true
}

func (s *segment) lookUpWord(w queryWord) lookup {
	var l lookup
	for _, prefix := range w.prefixes {
		r := s.prefixed(prefix)
		if r.from == r.to {
			continue
		}
		if s.terms[r.from] == prefix {
			l.exact = append(l.exact, span{r.from, r.from + 1})
		}
		l.begins = append(l.begins, r)
	}
	if w.whole != "" {
		if r := s.prefixed(w.whole); r.from < r.to && s.terms[r.from] == w.whole {
			l.exact = append(l.exact, span{r.from, r.from + 1})
		}
	}
	l.begins = outermost(l.begins)
	l.begins = slices.DeleteFunc(l.begins, func(r span) bool { return slices.Contains(l.exact, r) })
	for _, r := range slices.Concat(l.begins, l.exact) {
		l.weight += uint32(len(s.postingsOf(r)))
	}
	return l
}

// outermost drops the ranges that lie in another one. Ranges of prefixes lie
// in each other or apart.
func outermost(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	end := uint32(0)
	return slices.DeleteFunc(spans, func(r span) bool {
		if r.to <= end {
			return true
		}
		end = r.to
		return false
	})
}

// prefixed returns the range of terms that begin with prefix.
func (s *segment) prefixed(prefix string) span {
	from := sort.SearchStrings(s.terms, prefix)
	rest := s.terms[from:]
	n := sort.Search(len(rest), func(i int) bool { return !strings.HasPrefix(rest[i], prefix) })
	return span{uint32(from), uint32(from + n)}
}

// postingsOf returns who has the terms, term by term.
func (s *segment) postingsOf(r span) []uint32 { return s.postings[s.starts[r.from]:s.starts[r.to]] }
