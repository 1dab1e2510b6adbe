package graph

import "time"

// round collects what one round of delta pages says. People may be repeated,
// in any order; the last word counts.
type round struct {
	start   string // the link it began with; empty for a full read
	link    string // where to read on
	changes map[UserID]change
	experts int // of the changes
	strings map[string]string

	members    string // digest of the membership that people are judged by
	generation int64  // of a full read, in the store
	resumed    bool   // a full read that an earlier process began
	kept       int    // people whom that process read
	unknown    int    // of them those who are not listed; nobody knows who they are
	expected   int    // people of a full read, about; 0: not known

	began, logged time.Time
}

// change is what a round says of one person.
type change struct {
	expert *Expert // nil: not listed
	reason Reason  // why not
}

func newRound(link string) *round {
	now := time.Now()
	return &round{
		start: link, link: link, began: now, logged: now,
		changes: map[UserID]change{}, strings: map[string]string{},
	}
}

func (r *round) full() bool { return r.start == "" }

// people are those read so far.
func (r *round) people() int { return len(r.changes) + r.unknown }

// rate is in people per second, of this process.
func (r *round) rate() float64 {
	elapsed := time.Since(r.began).Seconds()
	if elapsed <= 0 {
		return 0
	}
	return float64(max(r.people()-r.kept, 0)) / elapsed
}

// reading is how far a full read is.
func (r *round) reading() Reading {
	p := Reading{Began: r.began, People: r.people(), Expected: r.expected}
	if rate := r.rate(); rate > 0 && p.Expected > p.People {
		p.Left = time.Duration(float64(p.Expected-p.People) / rate * float64(time.Second)).Round(time.Second)
	}
	return p
}

// take adds a page. It returns what that changes of the experts of the round.
func (r *round) take(people []Person, rules *rules) (put []Expert, gone []UserID) {
	for _, p := range people {
		was := r.changes[p.ID].expert != nil
		if was {
			r.experts--
		}
		expert, reason := rules.list(p)
		if reason != "" {
			r.changes[p.ID] = change{reason: reason}
			if was {
				gone = append(gone, p.ID)
			}
			continue
		}
		r.add(&expert)
		put = append(put, expert)
	}
	return put, gone
}

// add takes an expert in.
func (r *round) add(e *Expert) {
	for _, s := range []*string{&e.GivenName, &e.Surname, &e.Role, &e.Department} {
		*s = r.shared(*s)
	}
	r.experts++
	r.changes[e.ID] = change{expert: e}
}

// shared returns one copy of texts that many people have.
func (r *round) shared(s string) string {
	if known, ok := r.strings[s]; ok {
		return known
	}
	r.strings[s] = s
	return s
}

// applyTo returns the index after the round, and who changed in it; old is nil
// before the first one.
func (r *round) applyTo(old *index) (next *index, changed map[UserID]*Expert) {
	if r.full() {
		experts := make([]Expert, 0, r.experts)
		for _, c := range r.changes {
			if c.expert != nil {
				experts = append(experts, *c.expert)
			}
		}
		return newIndex(experts), nil
	}
	changed = map[UserID]*Expert{}
	for id, c := range r.changes {
		held, ok := old.expert(id)
		if ok != (c.expert != nil) || ok && held != *c.expert {
			changed[id] = c.expert
		}
	}
	if len(changed) == 0 {
		return old, nil // Graph repeats itself
	}
	return old.with(changed), changed
}
