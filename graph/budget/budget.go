package budget

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// LimitError refuses a request that was not sent.
type LimitError struct {
	Workload   Workload
	RetryAfter time.Duration // until there is room, at the earliest
	Asked      bool          // Graph asked to wait; false: our own budget is used up
}

func (e *LimitError) Error() string {
	why := "the budget is used up"
	if e.Asked {
		why = "Graph asked to wait"
	}
	return fmt.Sprintf("budget: %s: %s, retry after %s", e.Workload, why, e.RetryAfter)
}

// Budget holds the accounts of all tenants. Safe for concurrent use.
type Budget struct {
	pools   [workloads]*pool
	metrics *metrics
}

// New makes a budget with full accounts. A nil Registerer means that nobody looks.
func New(cfg Config, registerer prometheus.Registerer) (*Budget, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	m, err := newMetrics(registerer)
	if err != nil {
		return nil, fmt.Errorf("budget: metrics: %w", err)
	}
	return &Budget{metrics: m, pools: [workloads]*pool{
		Presence:  newPool(Presence, cfg.limitOf(Presence), nil),
		Directory: newPool(Directory, cfg.limitOf(Directory), earning(directoryOfAll)).sized(cfg.DirectoryUnits == 0),
	}}, nil
}

// Wait returns when a request of the context's [Class] may be sent; it has
// then been charged. The error is a *[LimitError], at once where the turn would
// come after the context's deadline, or the context's.
func (b *Budget) Wait(ctx context.Context, tenant string, c Cost) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	class, began := ClassOf(ctx), time.Now()
	deadline, _ := ctx.Deadline()
	t, refused := b.pools[c.Workload].enter(tenant, class, max(c.Units, 1), deadline)
	if refused == nil {
		refused = b.await(ctx, tenant, c.Workload, t)
	}
	b.metrics.waited(c.Workload, class, time.Since(began), refused)
	if refused == nil {
		return nil
	}
	if err := ctx.Err(); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return refused
}

func (b *Budget) await(ctx context.Context, tenant string, w Workload, t *turn) *LimitError {
	select {
	case <-t.granted:
		return t.refused
	case <-ctx.Done():
	}
	if b.pools[w].leave(tenant, t) {
		return &LimitError{Workload: w, RetryAfter: b.soonest(tenant, w, t)}
	}
	<-t.granted
	return t.refused
}

// soonest is when the same request would have its turn.
func (b *Budget) soonest(tenant string, w Workload, t *turn) time.Duration {
	p := b.pools[w]
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.account(tenant)
	return a.ready(t.class, t.units, a.ahead(t.class), time.Now())
}

// Spare tells how many units of the class could be sent now without waiting;
// 0 while Graph has asked to wait. Whoever chooses how much to ask asks this first.
func (b *Budget) Spare(tenant string, w Workload, class Class) int {
	p := b.pools[w]
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	a := p.account(tenant)
	if a.ready(class, 1, a.ahead(class), now) > 0 {
		return 0
	}
	left := a.limiter.TokensAt(now) - class.reserve()*float64(a.limiter.Burst()) - float64(a.ahead(class))
	return max(int(left), 1)
}

// SetPeople tells how many people a tenant has; its directory's limit depends on it.
func (b *Budget) SetPeople(tenant string, people int) { b.pools[Directory].setPeople(tenant, people) }
