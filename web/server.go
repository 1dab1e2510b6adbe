package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/audit"
	"teamsbridge/consult"
	"teamsbridge/consult/dial"
	"teamsbridge/consult/explain"
	"teamsbridge/graph"
	"teamsbridge/graph/budget"
	"teamsbridge/presence"
	"teamsbridge/sso"
)

// Deps are what the Server works with.
type Deps struct {
	Verifier      *sso.Verifier
	SignIn        *sso.SignIn
	Consent       *sso.Consent
	Organizations *sso.Organizations
	Gate          *sso.Gate
	Roster        *sso.Roster      // the agent table
	FirstAdmins   *sso.FirstAdmins // made by codes; nil: nobody is
	Experts       *graph.Experts
	Presence      *presence.Cache
	Budget        *budget.Budget // what Graph grants; nil: nobody is told
	Favourites    FavouriteStore
	Recents       RecentStore
	Engine        *consult.Engine
	Reservations  Reservations    // nil: there are no consult numbers
	Audit         *audit.Recorder // nil: nothing is audited
	AuditLines    audit.Lines     // what administrators read; nil: nothing
	// Explain is what an explanation goes by; who is signed in, the server knows.
	Explain explain.Deps
	// Present, when set, hears who reads a stream of events until leave is called,
	// and Graph is asked on behalf of callers; nil: in the service's own name.
	Present func(graph.Caller) (leave func())
	// Inspect looks at the caller's organisation with their own token, when they
	// ask for that; nil: it cannot be done. Its errors are rendered.
	Inspect    func(context.Context, graph.Caller) (sso.Inspection, error)
	Logger     *slog.Logger
	Registerer prometheus.Registerer // nil: no metrics
	Gatherer   prometheus.Gatherer   // nil: /metrics is empty
	Version    string
	// Ready names what is not ready yet; empty means ready. Beside the
	// engine, which the server asks itself.
	Ready func() []string
	// Refresh reads what the lists of targets are made from anew, if it has
	// changed; nil: nothing can change.
	Refresh func(context.Context)
	// Credential tells of the service's own credential at Microsoft; nil: only what
	// the last check found is known.
	Credential func() Credential
	// Notes is what an operator should know although the service is ready.
	Notes func() []string
}

// Server is the HTTP surface. Make one with New.
type Server struct {
	cfg     Config
	deps    Deps
	log     *slog.Logger
	now     func() time.Time
	started time.Time
	// numbers reads a dial number as the caller would dial it.
	numbers func(sso.Principal, string) dial.Check

	crossOrigin *http.CrossOriginProtection
	proxies     proxies
	limits      limits
	metrics     *metrics
	auditor     *auditor
	hub         *hub
	explainer   *explain.Explainer
	searches    *frozenSearches
	providers   outage // of whoever people sign in with
	page        *page
	spec        func() ([]byte, error) // the interface described
	handler     http.Handler
	internal    http.Handler
	draining    atomic.Bool
}

// New builds the routes. It starts nothing and asks nobody.
func New(cfg Config, deps Deps) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	if deps.Logger == nil {
		deps.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		cfg:         cfg.withDefaults(),
		deps:        deps,
		log:         deps.Logger,
		now:         time.Now,
		started:     time.Now(),
		numbers:     deps.Engine.CheckNumber,
		crossOrigin: http.NewCrossOriginProtection(),
		limits:      newLimits(cfg.Limits),
		searches:    newFrozenSearches(),
		auditor:     newAuditor(deps.Audit),
	}
	var err error
	if s.proxies, err = parseProxies(cfg.TrustedProxies); err != nil {
		return nil, fmt.Errorf("web: trusted_proxies: %w", err)
	}
	if s.metrics, err = newMetrics(deps.Registerer); err != nil {
		return nil, fmt.Errorf("web: metrics: %w", err)
	}
	if s.page, err = loadPage(); err != nil {
		return nil, fmt.Errorf("web: page: %w", err)
	}
	s.hub = newHub(hubDeps{
		subscribe: s.followCaller,
		watch:     func(tenant graph.TenantID) watcher { return deps.Presence.Watch(tenant) },
		open:      s.metrics.streams,
	})

	if deps.Verifier != nil {
		deps.Verifier.WhenSessionEnds(s.hub.endSession)
		deps.Verifier.WhenTaken(s.auditTaken)
	}
	if deps.FirstAdmins != nil {
		deps.FirstAdmins.BeforeMade(s.auditFirstAdmin)
	}
	s.explainer = s.newExplainer()

	s.handler = s.outermost(s.inTime(s.limitAddresses(s.bySection(s.routeAPI(), s.routeSite()))))
	s.internal = s.routeInternal()
	return s, nil
}

// Handler serves the public listener.
func (s *Server) Handler() http.Handler { return s.handler }

// Internal serves the internal listener: /metrics, /debug/pprof.
func (s *Server) Internal() http.Handler { return s.internal }

// Drain makes /readyz answer 503 and new consults 503 draining, ends the event
// streams, and waits until they are gone or ctx ends.
func (s *Server) Drain(ctx context.Context) {
	s.draining.Store(true)
	s.deps.Engine.RefuseConsults()
	s.hub.drain(ctx)
}
