package graph

import (
	"cmp"
	"strings"
	"unicode"
)

const (
	defaultLimit = 25
	maxLimit     = 200
)

// A plan is a search made ready: what to look for, what to leave out, where to
// go on. It is either a phone search, a word search or, with neither, the list
// of everybody.
type plan struct {
	numbers          []string
	words            []queryWord
	nothing          bool // a text without letters or digits matches nobody
	role, department string
	after            *position // nil: from the start
	limit            int
}

// position is the place of one result in the order of results.
type position struct {
	rank uint32
	key  string // sortKey(name)
	name string
	id   UserID
}

func compareExperts(x, y Expert) int {
	return cmp.Or(strings.Compare(sortKey(x.Name), sortKey(y.Name)), compareNames(&x, &y))
}

// hit is a person of a segment who matches; lower ranks come first.
type hit struct {
	rank    uint32
	ordinal uint32
}

// ranked is a hit of any segment.
type ranked struct {
	rank   uint32
	expert *Expert
}

// newPlan reads the query. It returns ErrPhoneIncomplete and ErrBadCursor.
func newPlan(tenant TenantID, country string, q Query, x *index) (*plan, error) {
	p := &plan{limit: defaultLimit}
	if q.Limit > 0 {
		p.limit = min(q.Limit, maxLimit)
	}
	if q.Role != "" {
		p.role = labelKey(q.Role)
	}
	if q.Department != "" {
		p.department = labelKey(q.Department)
	}
	if q.Cursor != "" {
		after, err := decodeCursor(q.Cursor, queryHash(tenant, q))
		if err != nil {
			return nil, err
		}
		p.after = &after
	}
	if phone, ok := parsePhoneQuery(q.Text, cmp.Or(q.Country, country)); ok {
		p.numbers = phone.keys
		return p, phone.complete(x)
	}
	p.words = queryWords(q.Text)
	p.nothing = len(p.words) == 0 && strings.ContainsFunc(q.Text, isVisible)
	return p, nil
}

// isVisible tells what makes a text more than empty.
func isVisible(r rune) bool {
	return !unicode.In(r, unicode.Z, unicode.Cc, unicode.Cf)
}

// complete returns ErrPhoneIncomplete for a number that nobody has and that
// is too short or the beginning of somebody's.
func (q *phoneQuery) complete(x *index) error {
	begins := false
	for _, key := range q.keys {
		if _, ok := x.byNumber(key); ok {
			return nil
		}
		begins = begins || x.begins(key)
	}
	if q.short || begins {
		return ErrPhoneIncomplete
	}
	return nil
}

// search answers a plan.
func (x *index) search(p *plan) (page []ranked, more bool, total int) {
	if p.nothing {
		return nil, false, 0
	}
	var found [2][]ranked
	for i, part := range x.parts() {
		hits, n := part.search(p)
		total += n
		for _, h := range hits {
			found[i] = append(found[i], ranked{h.rank, &part.people[h.ordinal]})
		}
	}
	page = merge(found[0], found[1])
	if len(page) > p.limit {
		return page[:p.limit], true, total
	}
	return page, false, total
}

// merge joins two ordered lists.
func merge(a, b []ranked) []ranked {
	if len(b) == 0 {
		return a
	}
	merged := make([]ranked, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if cmp.Or(cmp.Compare(a[0].rank, b[0].rank), compareExperts(*a[0].expert, *b[0].expert)) <= 0 {
			merged, a = append(merged, a[0]), a[1:]
		} else {
			merged, b = append(merged, b[0]), b[1:]
		}
	}
	return append(append(merged, a...), b...)
}

// search returns the best hits after the plan's position, one more than the
// limit so that the caller sees whether there are more, and how many people
// match at all.
func (s part) search(p *plan) (hits []hit, total int) {
	keep, ok := s.filter(p)
	if !ok {
		return nil, 0
	}
	top := newTop(s.segment, p)
	if len(p.words) == 0 && len(p.numbers) == 0 {
		if p.role == "" && p.department == "" {
			return s.list(&top), len(s.people) - s.gone.count()
		}
		for o := range uint32(len(s.people)) {
			if keep(o) {
				total++
				top.add(hit{0, o})
			}
		}
		return top.hits, total
	}
	set := borrowBitset(len(s.people))
	defer returnBitset(set)
	rank := func(uint32) (uint32, bool) { return 0, true }
	if len(p.words) > 0 {
		words := s.ranges(p.words)
		if words == nil {
			return nil, 0
		}
		s.gather(words[s.rarest(words)], *set)
		rank = ranker{s.segment, words}.rank
	}
	for _, number := range p.numbers {
		exact, _ := s.numbered(number)
		for _, o := range exact {
			set.add(o)
		}
	}
	for o := range set.each {
		if !keep(o) {
			continue
		}
		if r, ok := rank(o); ok {
			total++
			top.add(hit{r, o})
		}
	}
	return top.hits, total
}

// list collects people by name alone, no more than needed.
func (s part) list(t *top) []hit {
	for o := t.from; int(o) < len(s.people) && len(t.hits) < t.size; o++ {
		if !s.gone.has(o) {
			t.add(hit{0, o})
		}
	}
	return t.hits
}

// filter returns the test that people must pass whatever the text; ok is
// false when nobody can.
func (s part) filter(p *plan) (keep func(uint32) bool, ok bool) {
	role, department := uint32(0), uint32(0)
	if p.role != "" {
		if role, ok = s.roles[p.role]; !ok {
			return nil, false
		}
	}
	if p.department != "" {
		if department, ok = s.departments[p.department]; !ok {
			return nil, false
		}
	}
	return func(o uint32) bool {
		return !s.gone.has(o) &&
			(p.role == "" || s.roleOf[o] == role) &&
			(p.department == "" || s.departmentOf[o] == department)
	}, true
}

// ranges looks the words up; nil when one of them has no match at all.
func (s *segment) ranges(words []queryWord) [][]span {
	ranges := make([][]span, len(words))
	for i, w := range words {
		for _, prefix := range w.prefixes {
			if r := s.prefixed(prefix); r.from < r.to {
				ranges[i] = append(ranges[i], r)
			}
		}
		if w.whole != "" {
			if r := s.prefixed(w.whole); r.exact {
				r.to = r.from + 1
				ranges[i] = append(ranges[i], r)
			}
		}
		if ranges[i] == nil {
			return nil
		}
	}
	return ranges
}

// rarest chooses the word with the fewest postings.
func (s *segment) rarest(ranges [][]span) int {
	best, least := 0, uint32(1<<32-1)
	for i, spans := range ranges {
		n := uint32(0)
		for _, r := range spans {
			n += s.starts[r.to] - s.starts[r.from]
		}
		if n < least {
			best, least = i, n
		}
	}
	return best
}

// gather collects everybody who has a term of the spans.
func (s *segment) gather(spans []span, set bitset) {
	for _, r := range spans {
		for _, o := range s.postings[s.starts[r.from]:s.starts[r.to]] {
			set.add(o)
		}
	}
}
