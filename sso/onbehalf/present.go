package onbehalf

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"teamsbridge/graph"
)

// margin is how long before its end a token counts as ended: a request takes
// time, and clocks differ.
const margin = time.Minute

// people are those who are present, by organisation.
type people struct {
	mu      sync.Mutex
	present map[graph.TenantID]map[*presence]struct{}
	refused map[string]time.Time // assertions that Entra refused, until they end
}

// presence is one stay of somebody; they may have several.
type presence struct{ caller graph.Caller }

func newPeople() *people {
	return &people{
		present: make(map[graph.TenantID]map[*presence]struct{}), refused: make(map[string]time.Time),
	}
}

// enter reports whether the organisation had nobody before.
func (p *people) enter(c graph.Caller) (leave func(), first bool) {
	here := &presence{c}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.present[c.Tenant] == nil {
		p.present[c.Tenant] = make(map[*presence]struct{})
	}
	first = len(p.present[c.Tenant]) == 0
	p.present[c.Tenant][here] = struct{}{}
	return func() { p.leave(here) }, first
}

func (p *people) leave(here *presence) {
	p.mu.Lock()
	defer p.mu.Unlock()
	of := p.present[here.caller.Tenant]
	delete(of, here)
	if len(of) == 0 {
		delete(p.present, here.caller.Tenant)
	}
}

// fresh are those of the organisation who can be acted for, the one whose
// sign-in lasts longest first.
func (p *people) fresh(tenant graph.TenantID) []graph.Caller {
	p.mu.Lock()
	defer p.mu.Unlock()
	var callers []graph.Caller
	for here := range p.present[tenant] {
		if _, refused := p.refused[here.caller.Assertion]; !refused && p.good(here.caller) {
			callers = append(callers, here.caller)
		}
	}
	slices.SortFunc(callers, func(a, b graph.Caller) int {
		return cmp.Or(b.Expires.Compare(a.Expires), cmp.Compare(a.Assertion, b.Assertion))
	})
	return slices.Compact(callers)
}

// good tells whether somebody's token is there and lasts a while yet.
func (p *people) good(c graph.Caller) bool {
	return c.Assertion != "" && time.Now().Add(margin).Before(c.Expires)
}

// refuse leaves the token alone from now on.
func (p *people) refuse(c graph.Caller) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	for assertion, until := range p.refused {
		if !now.Before(until) {
			delete(p.refused, assertion)
		}
	}
	p.refused[c.Assertion] = c.Expires
}
