package graph

import (
	"cmp"
	"math/bits"
	"slices"
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
	nothing          bool // a text without letters or digits matches nobody, nor does one with too many words
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
	key    string // sortKey, where segments have to be merged
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
	p.nothing = len(p.words) == 0 && strings.ContainsFunc(q.Text, isVisible) || len(p.words) > maxWords
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
	var found [][]ranked
	for _, part := range x.parts {
		hits, n := part.search(p)
		total += n
		if len(hits) > 0 {
			found = append(found, part.experts(hits))
		}
	}
	page = merge(found)
	if len(page) > p.limit {
		return page[:p.limit], true, total
	}
	return page, false, total
}

// merge joins ordered lists.
func merge(lists [][]ranked) []ranked {
	if len(lists) == 1 {
		return lists[0]
	}
	merged := slices.Concat(lists...)
	for i := range merged {
		merged[i].key = sortKey(merged[i].expert.Name)
	}
	slices.SortFunc(merged, func(a, b ranked) int {
		if c := cmp.Or(cmp.Compare(a.rank, b.rank), strings.Compare(a.key, b.key)); c != 0 {
			return c
		}
		return compareNames(a.expert, b.expert)
	})
	return merged
}

func (s part) experts(hits []hit) []ranked {
	found := make([]ranked, len(hits))
	for i, h := range hits {
		found[i] = ranked{rank: h.rank, expert: &s.people[h.ordinal]}
	}
	return found
}

// search returns the best hits after the plan's position, one more than the
// limit so that the caller sees whether there are more, and how many people
// match at all.
func (s part) search(p *plan) (hits []hit, total int) {
	lookups, ok := s.lookUp(p.words)
	if !ok {
		return nil, 0
	}
	l := &loan{blocks: len(s.none)}
	defer l.giveBack()
	found := s.candidates(p, l)
	words := make([]matches, 0, len(lookups))
	lowest := uint32(0)
	for _, w := range lookups {
		m := s.match(w, l)
		if !found.and(m.all) {
			return nil, 0
		}
		words = append(words, m)
		if len(w.exact) == 0 {
			lowest += onlyBegins
		}
	}
	return s.best(found, words, lowest, p), found.count()
}

// candidates are those who pass whatever the words are.
func (s part) candidates(p *plan, l *loan) bitset {
	found := l.take()
	if len(p.numbers) == 0 {
		found.fill(len(s.people))
	}
	for _, number := range p.numbers {
		exact, _ := s.numbered(number)
		for _, o := range exact {
			found.add(o)
		}
	}
	found.andNot(s.gone)
	narrow := func(key string, in *labels) {
		if key == "" {
			return
		}
		same := l.take()
		for _, o := range in.having(key) {
			same.add(o)
		}
		found.and(same)
	}
	narrow(p.role, &s.roles)
	narrow(p.department, &s.departments)
	return found
}

// best ranks those who were found until nobody better can follow.
func (s part) best(found bitset, words []matches, lowest uint32, p *plan) []hit {
	top, ranks := newTop(s.segment, p), newRanks(len(words))
	for block, people := range found {
		if people == 0 {
			continue
		}
		ranks.sum(words, block)
		for people &= top.wanted(ranks, block); people != 0; people &= people - 1 {
			at := bits.TrailingZeros64(people)
			top.add(hit{ranks.of(at), uint32(block*64 + at)})
		}
		if top.settled(lowest) {
			break
		}
	}
	return top.hits
}
