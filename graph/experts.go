package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
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
	Store      Store                 // nil: nothing is kept. Without Config.Persist what it has is deleted
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
	store          Store
	persist        bool
	confirmTimeout time.Duration
	logger         *slog.Logger
	organisations  map[TenantID]*answering // not changed after NewExperts
	metrics        *metrics
	running        atomic.Bool
}

// answering is an organisation with what answers for it.
type answering struct {
	*organisation
	source
}

// NewExperts prepares the mirrors; Run fills them.
func NewExperts(cfg Config, deps Deps) (*Experts, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.WithDefaults()
	if err := able(cfg, deps.Directory); err != nil {
		return nil, err
	}
	if deps.Logger == nil {
		deps.Logger = slog.New(slog.DiscardHandler)
	}
	e := &Experts{
		directory: deps.Directory, store: deps.Store, persist: cfg.Persist && cfg.Mode == ModeIndex,
		confirmTimeout: cfg.ConfirmTimeout, logger: deps.Logger, organisations: map[TenantID]*answering{},
	}
	mirrors := map[TenantID]*mirror{}
	for _, t := range deps.Tenants {
		if _, twice := e.organisations[t.ID]; twice {
			return nil, fmt.Errorf("graph: organisation %s is named twice", t.ID)
		}
		if t.Country != "" && phonenumbers.GetCountryCodeForRegion(t.Country) == 0 {
			return nil, fmt.Errorf("graph: organisation %s: %q is no ISO 3166 region in capital letters", t.ID, t.Country)
		}
		o := newOrganisation(cfg, deps, t)
		if cfg.Mode == ModeLive {
			e.organisations[t.ID] = &answering{o, newLive(o, deps.Directory.(LiveSearcher))}
			continue
		}
		mirrors[t.ID] = newMirror(o, cfg, deps)
		e.organisations[t.ID] = &answering{o, mirrors[t.ID]}
	}
	var err error
	if e.metrics, err = newMetrics(deps.Registerer, e.organisations); err != nil {
		return nil, fmt.Errorf("graph: metrics: %w", err)
	}
	for id, m := range mirrors {
		m.rounds = func(result string) { e.metrics.rounds.WithLabelValues(string(id), result).Inc() }
	}
	return e, nil
}

// able refuses a directory that cannot do what the configuration needs.
func able(cfg Config, d Directory) error {
	if d == nil {
		return errors.New("graph: no directory to read")
	}
	if _, ok := d.(LiveSearcher); !ok && cfg.Mode == ModeLive {
		return errors.New("graph: this directory cannot be searched live")
	}
	if _, ok := d.(GroupReader); !ok && cfg.groups() {
		return errors.New("graph: this directory does not know groups, which a filter names")
	}
	return nil
}

// Run keeps every organisation's mirror in step until ctx ends; then it
// returns nil. One organisation's trouble never stops another's mirror.
func (e *Experts) Run(ctx context.Context) error {
	if !e.running.CompareAndSwap(false, true) {
		return errors.New("graph: Experts runs already")
	}
	defer e.running.Store(false)
	kept := e.checkpoints(ctx)
	var all sync.WaitGroup
	for id, o := range e.organisations {
		all.Go(func() { o.run(ctx, kept[id]) })
	}
	all.Wait()
	<-ctx.Done()
	return nil
}

// checkpoints reads what was kept, and deletes what is of no use any more: all
// of an organisation that is not served any longer, everything where nothing
// is to be kept.
func (e *Experts) checkpoints(ctx context.Context) map[TenantID]Checkpoint {
	if e.store == nil {
		return nil
	}
	kept, err := e.store.Checkpoints(ctx)
	if err != nil {
		e.logger.WarnContext(ctx, "kept directories cannot be read, they are read anew", "error", err)
		return nil
	}
	for _, id := range slices.Collect(maps.Keys(kept)) {
		if _, served := e.organisations[id]; served && e.persist {
			continue
		}
		if err := e.store.ForgetDirectory(ctx, id); err != nil {
			e.logger.WarnContext(ctx, "kept directory not deleted", "tenant", id, "error", err)
			continue
		}
		e.logger.InfoContext(ctx, "kept directory deleted", "tenant", id)
		delete(kept, id)
	}
	prune(ctx, e.store, e.logger)
	return kept
}

// Search answers from the index, or live. It returns ErrPhoneIncomplete,
// ErrNotReady (of an organisation that is not served, too) and ErrBadCursor;
// live, the Directory's errors too.
func (e *Experts) Search(ctx context.Context, tenant TenantID, q Query) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	o := e.organisations[tenant]
	if o == nil {
		return Result{}, ErrNotReady
	}
	began := time.Now()
	result, p, err := o.search(ctx, q)
	if err != nil {
		return Result{}, err
	}
	e.metrics.observe(p, began)
	return result, nil
}

// Expert answers from memory: the index or, live, who was met in the last
// hour. It returns *NotListedError and ErrNotReady.
func (e *Experts) Expert(tenant TenantID, id UserID) (Expert, error) {
	o := e.organisations[tenant]
	if o == nil {
		return Expert{}, ErrNotReady
	}
	return o.expert(id)
}

// Find is Expert that asks Graph where memory is no answer, which it is in
// ModeLive only. The Directory's errors too.
func (e *Experts) Find(ctx context.Context, tenant TenantID, id UserID) (Expert, error) {
	o := e.organisations[tenant]
	if o == nil {
		return Expert{}, ErrNotReady
	}
	return o.find(ctx, id)
}

// ByNumber finds the listed expert whose number is the E.164 number (or the
// internal one as Expert.Number spells it), from memory like Expert; of
// several who share it, the first by name.
func (e *Experts) ByNumber(tenant TenantID, number string) (Expert, bool) {
	o := e.organisations[tenant]
	if o == nil || number == "" {
		return Expert{}, false
	}
	return o.byNumber(number)
}

// Status tells the health of a directory; zero for an organisation that is not served.
func (e *Experts) Status(tenant TenantID) Status {
	o := e.organisations[tenant]
	if o == nil {
		return Status{}
	}
	return o.board.current()
}

// Subscribe tells of each change of a directory's status (a directory event); a
// slow reader gets the newest only. The channel is closed by calling the
// returned function.
func (e *Experts) Subscribe(tenant TenantID) (<-chan Status, func()) {
	o := e.organisations[tenant]
	if o == nil {
		ch := make(chan Status)
		return ch, sync.OnceFunc(func() { close(ch) })
	}
	return o.board.subscribe()
}

// SyncNow asks for the next delta round at once, without waiting for it. Graph's
// Retry-After is still kept.
func (e *Experts) SyncNow(tenant TenantID) {
	if o := e.organisations[tenant]; o != nil {
		o.due()
	}
}
