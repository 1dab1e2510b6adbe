package consult

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/graph"
	"teamsbridge/sso"
)

// Experts is what the engine needs of the directory; *graph.Experts has it.
type Experts interface {
	Confirm(ctx context.Context, tenant graph.TenantID, id graph.UserID) (graph.Confirmation, error)
	ByNumber(tenant graph.TenantID, number string) (graph.Expert, bool)
}

// Gate is what the engine needs of single sign-on; *sso.Gate has it.
type Gate interface {
	Allow(p sso.Principal) error
}

// Deps are what the Engine works with.
type Deps struct {
	Store      Store
	Switch     Switch
	Experts    Experts
	Gate       Gate
	Agents     *sso.Agents
	Logger     *slog.Logger
	Registerer prometheus.Registerer
}

// Engine owns every live interaction of this process.
type Engine struct {
	cfg     Config // its lists are those of the start; lists has the present ones
	lists   atomic.Pointer[lists]
	listing sync.Mutex // one change of lists at a time
	deps    Deps
	log     *slog.Logger
	metrics *metrics
	viewer  viewer

	mu    sync.RWMutex
	calls map[InteractionID]*call

	damaged []InteractionID // set apart when the engine was made

	agents  *availability
	waiters waiters
	subs    *subscribers
	flights flights

	lanes    *lanes // events and timers, in order per interaction
	ready    atomic.Bool
	draining atomic.Bool
	atWork   atWork
	// recovered is closed once it is known what is still there, stopped when Run ends.
	recovered, stopped chan struct{}
}

// New reads the journal back; nothing is acted on before Run.
func New(ctx context.Context, cfg Config, deps Deps) (*Engine, error) {
	cfg = cfg.withDefaults()
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	e := &Engine{
		cfg: cfg, deps: deps, log: deps.Logger, metrics: newMetrics(deps.Registerer),
		calls: make(map[InteractionID]*call),
		subs:  newSubscribers(),
		lanes: newLanes(),

		recovered: make(chan struct{}), stopped: make(chan struct{}),
	}
	e.lists.Store(newLists(cfg))
	e.viewer = viewer{lists: &e.lists, gate: deps.Gate}
	states, err := deps.Store.AgentStates(ctx)
	if err != nil {
		return nil, fmt.Errorf("read agent states: %w", err)
	}
	e.agents = newAvailability(states)
	live, err := deps.Store.Live(ctx)
	if err != nil {
		return nil, fmt.Errorf("read live interactions: %w", err)
	}
	for _, stored := range live {
		s, err := stored.Decode()
		if err != nil {
			// One damaged interaction is set apart, never a reason not to start.
			e.damaged = append(e.damaged, stored.Interaction)
			e.metrics.damaged.Inc()
			e.log.ErrorContext(ctx, "interaction damaged, set apart", "interaction", stored.Interaction, "error", err)
			continue
		}
		e.calls[s.ID] = e.newCall(s)
		e.metrics.in(s.Phase).Inc()
		e.involve(nil, s)
		e.waiters.note(s)
	}
	return e, nil
}

// Run asks the switch what is still there, then follows its events and the
// timers until ctx ends.
func (e *Engine) Run(ctx context.Context) error {
	defer close(e.stopped)
	ctx, stop := context.WithCancel(ctx)
	e.lanes.begin(ctx)
	defer e.lanes.end()
	defer stop()
	if err := e.recover(ctx); err != nil {
		return err
	}
	close(e.recovered)
	e.offerAll() // in their order, now that it is known who is still there
	e.ready.Store(true)
	defer e.ready.Store(false)
	e.follow(ctx)
	return nil
}

// Ready reports whether Run has finished recovery and follows the switch.
func (e *Engine) Ready() bool { return e.ready.Load() }

// RefuseConsults refuses new consults, cold transfers and reservations from now
// on; repeats of earlier ones get their answers, and everything else goes on.
func (e *Engine) RefuseConsults() { e.draining.Store(true) }

// Drain does what RefuseConsults does and waits until no command is pending or
// ctx ends.
func (e *Engine) Drain(ctx context.Context) error {
	e.RefuseConsults()
	return e.atWork.wait(ctx)
}

// find gives a live interaction.
func (e *Engine) find(id InteractionID) (*call, bool) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	c, ok := e.calls[id]
	return c, ok
}
