package budget

import (
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// turn is a request that waits.
type turn struct {
	class   Class
	units   int
	seq     uint64        // first come, first served
	granted chan struct{} // closed when it may be sent or refused
	refused *LimitError   // read after granted
}

// pool is one workload: the accounts of all tenants and what they share.
type pool struct {
	workload Workload
	limit    limit // of an account whose tenant's size is not known
	bySize   bool  // the limit follows the tenant's size

	mu       sync.Mutex
	accounts map[string]*account
	whole    *rate.Limiter // over all tenants; nil where there is no such limit
	seq      uint64
	timer    *time.Timer // gives turns when the next one is due
}

func newPool(w Workload, l limit, whole *rate.Limiter) *pool {
	return &pool{workload: w, limit: l, whole: whole, accounts: map[string]*account{}}
}

// sized makes the limit follow the tenant's size, or not.
func (p *pool) sized(bySize bool) *pool {
	p.bySize = bySize
	return p
}

// setPeople changes the limit of a tenant whose size is known now.
func (p *pool) setPeople(tenant string, people int) {
	if !p.bySize {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.account(tenant).resize(unitsFor(people), now)
	p.giveTurns(now)
}

// account finds or opens a tenant's; with the lock held.
func (p *pool) account(tenant string) *account {
	a := p.accounts[tenant]
	if a == nil {
		a = newAccount(p.limit)
		p.accounts[tenant] = a
	}
	return a
}

// enter queues a request and gives turns. A request that would not get one by
// the deadline (zero: none) is refused instead, and so is every request while
// Graph has asked to wait.
func (p *pool) enter(tenant string, class Class, units int, deadline time.Time) (*turn, *LimitError) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	a := p.account(tenant)
	wait := a.ready(class, units, a.ahead(class), now)
	if now.Before(a.until) {
		return nil, &LimitError{Workload: p.workload, RetryAfter: wait, Asked: true}
	}
	if !deadline.IsZero() && now.Add(wait).After(deadline) {
		return nil, &LimitError{Workload: p.workload, RetryAfter: wait}
	}
	p.seq++
	t := &turn{class: class, units: units, seq: p.seq, granted: make(chan struct{})}
	a.waiting[class] = append(a.waiting[class], t)
	p.giveTurns(now)
	return t, nil
}

// leave takes a request out of the queue; false when it has had its turn.
func (p *pool) leave(tenant string, t *turn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.account(tenant)
	at := slices.Index(a.waiting[t.class], t)
	if at < 0 {
		return false
	}
	a.waiting[t.class] = slices.Delete(a.waiting[t.class], at, at+1)
	p.giveTurns(time.Now()) // what stood behind it may fit
	return true
}

// giveTurns lets everything go that may, in order, and sets the timer for the
// rest; with the lock held.
func (p *pool) giveTurns(now time.Time) {
	for {
		a, t, wait := p.pick(now)
		if a == nil {
			p.wake(wait)
			return
		}
		a.waiting[t.class] = a.waiting[t.class][1:]
		a.take(t.units, now)
		if p.whole != nil {
			p.whole.ReserveN(now, t.units)
		}
		p.seq++
		a.served = p.seq
		close(t.granted)
	}
}

// pick finds who goes next: of the accounts whose first request may be sent
// now, the one with the higher class, then the one whose last turn is longest
// ago. Without any, wait is when to look again; 0 means not at all.
func (p *pool) pick(now time.Time) (best *account, first *turn, wait time.Duration) {
	for _, a := range p.accounts {
		t := a.next()
		if t == nil {
			continue
		}
		if w := a.ready(t.class, t.units, 0, now); w > 0 {
			wait = earlier(wait, w)
		} else if best == nil || t.class > first.class || t.class == first.class && a.served < best.served {
			best, first = a, t
		}
	}
	if best == nil || p.whole == nil {
		return best, first, wait
	}
	if lacking := float64(first.units) - p.whole.TokensAt(now); lacking > 1e-9 {
		return nil, nil, earlier(wait, max(time.Duration(lacking/float64(p.whole.Limit())*float64(time.Second)), time.Microsecond))
	}
	return best, first, 0
}

// earlier is the smaller wait, where 0 is none.
func earlier(a, b time.Duration) time.Duration {
	if a == 0 {
		return b
	}
	return min(a, b)
}

func (p *pool) wake(after time.Duration) {
	switch {
	case after == 0:
		if p.timer != nil {
			p.timer.Stop()
		}
	case p.timer == nil:
		p.timer = time.AfterFunc(after, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.giveTurns(time.Now())
		})
	default:
		p.timer.Reset(after)
	}
}

// throttled notes that Graph asked a tenant to wait, and tells all who do.
func (p *pool) throttled(tenant string, retryAfter time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	a := p.account(tenant)
	a.throttled(retryAfter, now)
	for c := range a.waiting {
		for _, t := range a.waiting[c] {
			t.refused = &LimitError{Workload: p.workload, RetryAfter: a.until.Sub(now), Asked: true}
			close(t.granted)
		}
		a.waiting[c] = nil
	}
}
