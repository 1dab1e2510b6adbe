package graph

import "sync"

// others are the people of a directory who are no experts: the reasons of those
// whom this process has met, and how many more an earlier one met.
type others struct {
	mu      sync.Mutex
	reasons map[UserID]Reason
	unknown int
}

// reason tells why somebody is not listed; ok is false for somebody not met.
func (o *others) reason(id UserID) (reason Reason, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	reason, ok = o.reasons[id]
	return reason, ok
}

// apply takes a complete round in; old is the index before it. It returns how
// many there are.
func (o *others) apply(r *round, old *index) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	if r.full() {
		o.reasons, o.unknown = make(map[UserID]Reason, len(r.changes)-r.experts), r.unknown
	}
	for id, c := range r.changes {
		_, met := o.reasons[id]
		// Most changes are of people who were there already: somebody not met is
		// taken for one of the unknown ones.
		if !r.full() && !met && c.expert == nil && o.unknown > 0 && !old.lists(id) {
			o.unknown--
		}
		if c.expert != nil || c.reason == ReasonUnknown {
			delete(o.reasons, id)
		} else {
			o.reasons[id] = c.reason
		}
	}
	return len(o.reasons) + o.unknown
}

// restore notes how many others an earlier process met.
func (o *others) restore(unknown int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.reasons, o.unknown = map[UserID]Reason{}, max(unknown, 0)
}
