package graph

// A search is arithmetic on bitsets: each holds one bit for each person of a
// segment, so one operation of the processor decides about 64 people.

// places tells who has a word and where it stands best; who is in neither role
// nor department has it in the name. The sets may belong to the segment.
type places struct{ all, role, department bitset }

func (l *loan) places() places { return places{l.take(), l.take(), l.take()} }

// put notes a word of one person, of several the best place.
func (p places) put(o uint32, in field) {
	i, bit := o/64, uint64(1)<<(o%64)
	known := p.all[i]&bit != 0
	switch {
	case in == inName:
		p.role[i] &^= bit
		p.department[i] &^= bit
	case in == inRole && (!known || p.department[i]&bit != 0):
		p.role[i] |= bit
		p.department[i] &^= bit
	case in == inDepartment && !known:
		p.department[i] |= bit
	}
	p.all[i] |= bit
}

// merge adds what other holds, of each person the better place.
func (p places) merge(other places) {
	for i := range p.all {
		all := p.all[i] | other.all[i]
		name := p.all[i]&^p.role[i]&^p.department[i] | other.all[i]&^other.role[i]&^other.department[i]
		role := (p.role[i] | other.role[i]) &^ name
		p.all[i], p.role[i], p.department[i] = all, role, all&^name&^role
	}
}

// matches tells who matches a word of a search: whose own word is that word,
// and whose only begins with it.
type matches struct {
	places
	begins bitset
}

// match finds everybody who has a word that is looked for.
func (s *segment) match(w lookup, l *loan) matches {
	switch {
	case len(w.exact) == 0:
		p := s.placesOf(w.begins, l)
		return matches{p, p.all}
	case len(w.begins) == 0:
		return matches{s.placesOf(w.exact, l), s.none}
	}
	exact, longer := s.placesOf(w.exact, l), s.placesOf(w.begins, l)
	m := matches{l.places(), l.take()}
	for i, x := range exact.all {
		m.all[i] = x | longer.all[i]
		m.begins[i] = longer.all[i] &^ x
		m.role[i] = exact.role[i] | longer.role[i]&^x
		m.department[i] = exact.department[i] | longer.department[i]&^x
	}
	return m
}

// placesOf finds who has one of the terms.
func (s *segment) placesOf(spans []span, l *loan) places {
	if len(spans) == 1 {
		if known, ok := s.frequent[spans[0]]; ok {
			return known
		}
	}
	p := l.places()
	for _, r := range spans {
		if known, ok := s.frequent[r]; ok {
			p.merge(known)
			continue
		}
		for _, posting := range s.postingsOf(r) {
			p.put(posting>>fieldBits, posting&fieldMask)
		}
	}
	return p
}
