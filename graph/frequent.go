package graph

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// Prefixes that many people's words begin with - single letters, popular first
// names, roles that half a company has - are answered beforehand: a search takes
// their sets as they are. All others are short lists, read when asked for.
const (
	frequentShare = 32  // a prefix is frequent that has a 32nd as many postings as there are people:
	frequentLeast = 512 // then its set is smaller than its list; in small segments lists are as good
	frequentMost  = 256 // at most so many, the most frequent ones: 96 bytes a person
)

// frequentSpans finds the ranges of terms of frequent prefixes and words.
func (s *segment) frequentSpans() []span {
	least := max(len(s.people)/frequentShare, frequentLeast)
	var found []span
	note := func(r span) bool {
		if len(s.postingsOf(r)) < least {
			return false
		}
		found = append(found, r)
		return true
	}
	// descend looks at the range of terms that share their first depth bytes.
	var descend func(r span, depth int, noted bool)
	descend = func(r span, depth int, noted bool) {
		for at := r.from; at < r.to; {
			term := s.terms[at]
			if len(term) == depth { // the word itself comes first
				note(span{at, at + 1})
				at++
				continue
			}
			end := at + 1
			for end < r.to && s.terms[end][depth] == term[depth] {
				end++
			}
			next := span{at, end}
			same := noted && next == r
			last := s.terms[end-1]
			whole := len(last) == depth+1 || utf8.RuneStart(last[depth+1])
			switch {
			case same || !whole:
				descend(next, depth+1, same)
			case note(next):
				descend(next, depth+1, true)
			}
			at = end
		}
	}
	descend(span{0, uint32(len(s.terms))}, 0, false)
	slices.SortFunc(found, func(a, b span) int {
		return cmp.Or(cmp.Compare(len(s.postingsOf(b)), len(s.postingsOf(a))), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	found = slices.Compact(found)
	return found[:min(len(found), frequentMost)]
}

// prepare makes the sets of the frequent prefixes. Empty ones share one set.
func (s *segment) prepare() {
	s.none = newBitset(len(s.people))
	s.frequent = map[span]places{}
	for _, r := range s.frequentSpans() {
		l := loan{blocks: len(s.none)}
		found := s.placesOf([]span{r}, &l)
		kept := places{slices.Clone(found.all), s.none, s.none}
		if found.role.count() > 0 {
			kept.role = slices.Clone(found.role)
		}
		if found.department.count() > 0 {
			kept.department = slices.Clone(found.department)
		}
		l.giveBack()
		s.frequent[r] = kept
	}
}
