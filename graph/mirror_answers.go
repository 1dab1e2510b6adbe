package graph

import "context"

// search answers from the index.
func (m *mirror) search(_ context.Context, q Query) (Result, *plan, error) {
	x := m.index.Load()
	if x == nil {
		return Result{}, nil, ErrNotReady
	}
	return x.answer(m.tenant, q)
}

// answer searches the index and makes a page of it.
func (x *index) answer(t Tenant, q Query) (Result, *plan, error) {
	p, err := newPlan(t.ID, t.Country, q, x)
	if err != nil {
		return Result{}, nil, err
	}
	page, more, total := x.search(p)
	result := Result{Experts: make([]Expert, len(page)), Total: total}
	for i, r := range page {
		result.Experts[i] = *r.expert
	}
	if more {
		last := page[len(page)-1]
		result.Next = encodeCursor(queryHash(t.ID, q), last.rank, last.expert)
	}
	return result, p, nil
}

func (m *mirror) expert(id UserID) (Expert, error) {
	x := m.index.Load()
	if x == nil {
		return Expert{}, ErrNotReady
	}
	if expert, ok := x.expert(id); ok {
		return expert, nil
	}
	if reason, ok := m.others.reason(id); ok {
		return Expert{}, &NotListedError{Reason: reason.forCaller()}
	}
	return Expert{}, &NotListedError{Reason: ReasonUnknown}
}

// find is expert: the index knows everybody.
func (m *mirror) find(_ context.Context, id UserID) (Expert, error) { return m.expert(id) }

func (m *mirror) byNumber(number string) (Expert, bool) {
	x := m.index.Load()
	if x == nil {
		return Expert{}, false
	}
	return x.byNumber(number)
}

// met learns nothing: what Graph says now, the next round says too.
func (m *mirror) met(Expert) {}

// gone has that round come at once.
func (m *mirror) gone(UserID) { m.due() }

func (m *mirror) due() {
	select {
	case m.wake <- struct{}{}:
	default: // one is asked for already
	}
}

// lists tells whether somebody is in the index; a nil index lists nobody.
func (x *index) lists(id UserID) bool {
	if x == nil {
		return false
	}
	_, ok := x.expert(id)
	return ok
}
