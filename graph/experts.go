package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nyaruka/phonenumbers"
	"github.com/prometheus/client_golang/prometheus"
)

// Deps are what Experts works with.
type Deps struct {
	Directory  Directory
	Tenants    []Tenant
	Logger     *slog.Logger          // nil: none
	Registerer prometheus.Registerer // nil: no metrics
	// Progress, if set, hears of each page of a first sync and of its end
	// (Status.Ready). It is called by several organisations at once.
	Progress func(TenantID, Status)
}

// Tenant is one organisation to mirror.
type Tenant struct {
	ID      TenantID
	Country string // ISO 3166 region that national spellings in the directory belong to; may be empty
}

// Experts answers who can help, per organisation.
type Experts struct {
	directory      Directory
	confirmTimeout time.Duration
	mirrors        map[TenantID]*mirror // not changed after NewExperts
	metrics        *metrics
	running        atomic.Bool
}

// NewExperts prepares the mirrors; Run fills them.
func NewExperts(cfg Config, deps Deps) (*Experts, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if deps.Directory == nil {
		return nil, errors.New("graph: no directory to read")
	}
	cfg = cfg.WithDefaults()
	logger := deps.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	e := &Experts{directory: deps.Directory, confirmTimeout: cfg.ConfirmTimeout, mirrors: map[TenantID]*mirror{}}
	for _, t := range deps.Tenants {
		if _, twice := e.mirrors[t.ID]; twice {
			return nil, fmt.Errorf("graph: organisation %s is named twice", t.ID)
		}
		if t.Country != "" && phonenumbers.GetCountryCodeForRegion(t.Country) == 0 {
			return nil, fmt.Errorf("graph: organisation %s: %q is no ISO 3166 region in capital letters", t.ID, t.Country)
		}
		e.mirrors[t.ID] = &mirror{
			tenant: t, directory: deps.Directory, interval: cfg.SyncInterval,
			logger: logger, progress: deps.Progress,
			wake: make(chan struct{}, 1), subscribers: map[chan Status]struct{}{},
		}
	}
	var err error
	if e.metrics, err = newMetrics(deps.Registerer, e.mirrors); err != nil {
		return nil, fmt.Errorf("graph: metrics: %w", err)
	}
	for id, m := range e.mirrors {
		m.rounds = func(result string) { e.metrics.rounds.WithLabelValues(string(id), result).Inc() }
	}
	return e, nil
}

// Run keeps every organisation's mirror in step until ctx ends; then it
// returns nil. One organisation's trouble never stops another's mirror.
func (e *Experts) Run(ctx context.Context) error {
	if !e.running.CompareAndSwap(false, true) {
		return errors.New("graph: Experts runs already")
	}
	defer e.running.Store(false)
	var all sync.WaitGroup
	for _, m := range e.mirrors {
		all.Go(func() { m.run(ctx) })
	}
	all.Wait()
	return nil
}

// Search answers from the index. It returns ErrPhoneIncomplete, ErrNotReady
// (of an organisation that is not mirrored, too) and ErrBadCursor.
func (e *Experts) Search(ctx context.Context, tenant TenantID, q Query) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	m, x := e.held(tenant)
	if x == nil {
		return Result{}, ErrNotReady
	}
	began := time.Now()
	p, err := newPlan(tenant, m.tenant.Country, q, x)
	if err != nil {
		return Result{}, err
	}
	page, more, total := x.search(p)
	e.metrics.observe(p, began)
	result := Result{Experts: make([]Expert, len(page)), Total: total}
	for i, r := range page {
		result.Experts[i] = *r.expert
	}
	if more {
		last := page[len(page)-1]
		result.Next = encodeCursor(queryHash(tenant, q), last.rank, last.expert)
	}
	return result, nil
}

// Expert answers from the index. It returns *NotListedError and ErrNotReady.
func (e *Experts) Expert(tenant TenantID, id UserID) (Expert, error) {
	m, x := e.held(tenant)
	if x == nil {
		return Expert{}, ErrNotReady
	}
	if expert, ok := x.expert(id); ok {
		return expert, nil
	}
	if reason, ok := m.reason(id); ok {
		return Expert{}, &NotListedError{Reason: reason}
	}
	return Expert{}, &NotListedError{Reason: ReasonUnknown}
}

// ByNumber finds the listed expert whose number is the E.164 number (or the
// internal one as Expert.Number spells it), from the index; of several who
// share it, the first by name.
func (e *Experts) ByNumber(tenant TenantID, number string) (Expert, bool) {
	_, x := e.held(tenant)
	if x == nil || number == "" {
		return Expert{}, false
	}
	return x.byNumber(number)
}

// Status tells the health of a mirror; zero for an organisation without one.
func (e *Experts) Status(tenant TenantID) Status {
	m := e.mirrors[tenant]
	if m == nil {
		return Status{}
	}
	return m.currentStatus()
}

// Subscribe tells of each change of a mirror's status (a directory event); a
// slow reader gets the newest only. The channel is closed by calling the
// returned function.
func (e *Experts) Subscribe(tenant TenantID) (<-chan Status, func()) {
	m := e.mirrors[tenant]
	if m == nil {
		ch := make(chan Status)
		return ch, sync.OnceFunc(func() { close(ch) })
	}
	return m.subscribe()
}

// SyncNow asks for the next delta round at once, without waiting for it. Graph's
// Retry-After is still kept.
func (e *Experts) SyncNow(tenant TenantID) {
	if m := e.mirrors[tenant]; m != nil {
		select {
		case m.wake <- struct{}{}:
		default: // one is asked for already
		}
	}
}

// held returns an organisation's mirror and its index, nil where there is none yet.
func (e *Experts) held(tenant TenantID) (*mirror, *index) {
	m := e.mirrors[tenant]
	if m == nil {
		return nil, nil
	}
	return m, m.index.Load()
}
