package budget

import "time"

// State is how one tenant stands with one workload.
type State struct {
	Workload Workload
	// Throttled is whether Graph has asked to wait and that time is not over.
	// Since when it has been asking, with pauses shorter than the limit's
	// window, and until when nothing is sent; both zero when it has not.
	Throttled    bool
	Since, Until time.Time
	Waiting      int     // requests that wait for their turn
	Pace         float64 // share of the usual pace: below 1 after a throttling, until it has recovered
}

// State tells how a tenant stands with a workload now.
func (b *Budget) State(tenant string, w Workload) State {
	p := b.pools[w]
	p.mu.Lock()
	defer p.mu.Unlock()
	s := State{Workload: w, Pace: 1}
	a := p.accounts[tenant]
	if a == nil {
		return s
	}
	now := time.Now()
	a.recover(now)
	for _, waiting := range a.waiting {
		s.Waiting += len(waiting)
	}
	s.Pace = a.limiterShare()
	if now.Before(a.until) {
		s.Throttled, s.Since, s.Until = true, a.since, a.until
	}
	return s
}
