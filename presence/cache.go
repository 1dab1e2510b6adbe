package presence

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/graph"
)

const (
	refreshPause = time.Second            // between two refreshes of one person
	retryPause   = time.Second            // Fetch does not ask again for what just failed
	hurry        = 250 * time.Millisecond // Fetch waits no longer for a Graph that has not been answering
	suspectPause = 5 * time.Minute        // polling leaves out an id that made a batch fail
	forgetAfter  = 20                     // times Config.StaleAfter, when nobody watches
	forgetEvery  = time.Minute            // look for what can be forgotten
)

// Deps are what the Cache works with.
type Deps struct {
	Source Source
	// Spare tells how many requests polling may send now without taking what
	// others need more; nil: any number. See budget.Budget.Spare.
	Spare      func(graph.TenantID) int
	Logger     *slog.Logger          // nil: none
	Registerer prometheus.Registerer // nil: no metrics
}

// Cache holds what is known, for all organisations of this process.
type Cache struct {
	cfg     Config
	clock   clock
	source  Source
	spare   func(graph.TenantID) int
	logger  *slog.Logger
	metrics *metrics

	mu      sync.RWMutex
	tenants map[graph.TenantID]*tenant
}

// NewCache makes an empty cache.
func NewCache(cfg Config, deps Deps) (*Cache, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if deps.Source == nil {
		return nil, errors.New("presence: no source to ask")
	}
	m, err := newMetrics(deps.Registerer)
	if err != nil {
		return nil, fmt.Errorf("presence: metrics: %w", err)
	}
	logger := deps.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	spare := deps.Spare
	if spare == nil {
		spare = func(graph.TenantID) int { return math.MaxInt }
	}
	return &Cache{
		cfg: cfg.WithDefaults(), clock: newClock(), source: deps.Source, spare: spare, logger: logger, metrics: m,
		tenants: map[graph.TenantID]*tenant{},
	}, nil
}

// Run polls what is watched until ctx ends; then it returns nil. The other
// methods work without it.
func (c *Cache) Run(ctx context.Context) error {
	ticks := time.NewTicker(max(c.cfg.PollInterval/pollTicks, 1))
	defer ticks.Stop()
	forget := time.NewTicker(forgetEvery)
	defer forget.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticks.C:
			for _, t := range c.all() {
				t.poll()
			}
		case <-forget.C:
			for _, t := range c.all() {
				t.forget()
			}
		}
	}
}

// Read answers from memory at once, one Presence per id in the order asked.
func (c *Cache) Read(tenant graph.TenantID, ids []graph.UserID) []Presence {
	now := c.clock.now()
	presences := make([]Presence, len(ids))
	t := c.known(tenant)
	if t == nil {
		for i, id := range ids {
			presences[i] = (*entry)(nil).presence(id, c, now)
		}
		return presences
	}
	t.mu.RLock()
	t.read(ids, presences, now)
	t.mu.RUnlock()
	c.metrics.ages.observe(presences)
	return presences
}

// Fetch answers like Read after asking Graph for those that are not known or
// stale, one shared request for all who wait. It never fails and takes at most
// Config.FetchTimeout, a quarter of a second while Graph is not answering: what
// could not be learnt is Unknown (or keeps its age) with the reason.
func (c *Cache) Fetch(ctx context.Context, tenant graph.TenantID, ids []graph.UserID) []Presence {
	t := c.tenant(tenant)
	calls := t.ask(ids, forFetch)
	late := map[graph.UserID]bool{}
	if len(calls) > 0 {
		// A request that hangs is waited for once, not by every search anew.
		patience := t.patience()
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		for _, w := range calls {
			if w.began != 0 && c.clock.now().sub(w.began) > patience {
				late[w.call.entry.id] = !w.isDone()
			} else if !w.wait(ctx) {
				late[w.call.entry.id] = true
			}
		}
	}
	presences := c.Read(tenant, ids)
	for i := range presences {
		if p := &presences[i]; late[p.ID] {
			switch p.Reason {
			case "", ReasonNotFetched, ReasonNotKnown: // all that is known is from before
				p.Reason = ReasonUnavailable
			}
		}
	}
	return presences
}

// Refresh never answers from the cache: each presence was observed by a
// request that began after the call did. A person refreshed less than a second
// ago is asked for when that second is over. An id that is given twice is
// answered once. Who has no answer when ctx ends is a Failure.
func (c *Cache) Refresh(ctx context.Context, tenant graph.TenantID, ids []graph.UserID) ([]Presence, []Failure) {
	var (
		seen   []graph.UserID
		failed []Failure
	)
	for _, w := range c.tenant(tenant).ask(ids, forRefresh) {
		switch {
		case !w.wait(ctx):
			failed = append(failed, Failure{w.call.entry.id, ReasonUnavailable})
		case w.call.reason != "":
			failed = append(failed, Failure{w.call.entry.id, w.call.reason})
		default:
			seen = append(seen, w.call.entry.id)
		}
	}
	return c.Read(tenant, seen), failed
}

func (c *Cache) known(id graph.TenantID) *tenant {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.tenants[id]
}

func (c *Cache) tenant(id graph.TenantID) *tenant {
	if t := c.known(id); t != nil {
		return t
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.tenants[id]
	if t == nil {
		t = newTenant(id, c)
		c.tenants[id] = t
	}
	return t
}

func (c *Cache) all() []*tenant {
	c.mu.RLock()
	defer c.mu.RUnlock()
	tenants := make([]*tenant, 0, len(c.tenants))
	for _, t := range c.tenants {
		tenants = append(tenants, t)
	}
	return tenants
}
