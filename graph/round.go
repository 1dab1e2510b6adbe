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

// rate is in people per second.
func (r *round) rate() float64 {
	elapsed := time.Since(r.began).Seconds()
	if elapsed <= 0 {
		return 0
	}
	return float64(len(r.changes)) / elapsed
}

// take adds a page.
func (r *round) take(people []Person, country string) {
	for _, p := range people {
		if r.changes[p.ID].expert != nil {
			r.experts--
		}
		expert, reason := listing(p, country)
		if reason != "" {
			r.changes[p.ID] = change{reason: reason}
			continue
		}
		for _, s := range []*string{&expert.GivenName, &expert.Surname, &expert.Role, &expert.Department} {
			*s = r.shared(*s)
		}
		r.experts++
		r.changes[p.ID] = change{expert: &expert}
	}
}

// shared returns one copy of texts that many people have.
func (r *round) shared(s string) string {
	if known, ok := r.strings[s]; ok {
		return known
	}
	r.strings[s] = s
	return s
}

// applyTo returns the index after the round; old is nil before the first one.
func (r *round) applyTo(old *index) *index {
	if r.full() {
		experts := make([]Expert, 0, r.experts)
		for _, c := range r.changes {
			if c.expert != nil {
				experts = append(experts, *c.expert)
			}
		}
		return newIndex(experts)
	}
	changes := map[UserID]*Expert{}
	for id, c := range r.changes {
		held, ok := old.expert(id)
		if ok != (c.expert != nil) || ok && held != *c.expert {
			changes[id] = c.expert
		}
	}
	if len(changes) == 0 {
		return old // Graph repeats itself
	}
	return old.with(changes)
}

// unlisted are the people of a full read who are no experts.
func (r *round) unlisted() map[UserID]Reason {
	unlisted := make(map[UserID]Reason, len(r.changes)-r.experts)
	r.updateUnlisted(unlisted)
	return unlisted
}

func (r *round) updateUnlisted(unlisted map[UserID]Reason) {
	for id, c := range r.changes {
		if c.expert != nil || c.reason == ReasonUnknown {
			delete(unlisted, id)
		} else {
			unlisted[id] = c.reason
		}
	}
}
