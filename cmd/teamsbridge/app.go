package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"teamsbridge/configs"
	"teamsbridge/consult"
	"teamsbridge/consult/explain"
	"teamsbridge/consult/sip"
	"teamsbridge/graph"
	"teamsbridge/graph/budget"
	"teamsbridge/graph/msgraph"
	"teamsbridge/presence"
	"teamsbridge/sso"
	"teamsbridge/sso/azcred"
	"teamsbridge/web"
)

// app is the service: made by newApp, started once, stopped once.
type app struct {
	cfg           configs.Config
	logger        *slog.Logger
	needMicrosoft bool
	engine        *consult.Engine
	experts       *graph.Experts
	orgs          *sso.Organizations
	calls         *sip.Switch // nil where telephones are simulated
	reviews       func() sso.Reviews
	storeFull     func() bool
	ends          endings
	reloader      *reloader // nil when the configuration is no file
	web           *web.Server
	public        net.Listener
	internal      net.Listener // nil when there is none

	servers    []*http.Server
	background []task
	failed     chan error
	running    sync.WaitGroup
	cancel     context.CancelFunc // ends the background tasks
	ctx        context.Context    // of the background tasks: the service outlives requests
	cleanups   []cleanup          // last in, first out
}

type task struct {
	name string
	run  func(context.Context) error
}

type cleanup struct {
	name string
	run  func() error
}

// appOptions are what a configuration cannot say.
type appOptions struct {
	Logger *slog.Logger
	// Switch, when set, carries the calls; closed by whoever made it, after Stop.
	// Without one the configuration's is made.
	Switch consult.Switch
	// AroundCalls, when set, stands between the engine and the switch of real calls.
	AroundCalls func(*sip.Switch) consult.Switch
	// Public, when set, is served instead of listening on web.listen. Also are
	// further listeners with the same pages.
	Public net.Listener
	Also   []net.Listener
	// Prepare, when set, sees the store before anything reads it.
	Prepare func(context.Context, keeper) error
	// Progress, when set, hears of each page of a directory's first reading.
	Progress func(graph.TenantID, graph.Status)
	// Files, when set, is where the configuration came from: its lists are read
	// anew when it changes. Reload asks for a look before the next regular one.
	Files  *configs.Watcher
	Stdout io.Writer // of audit.stream: stdout
	Reload <-chan struct{}
	// NeedMicrosoft holds readiness back until every directory was read and
	// every organisation checked once. A service does without: calls never
	// wait for Microsoft.
	NeedMicrosoft bool
}

// newApp puts the service together and listens; nothing runs before Start.
// What it began is undone when it fails.
func newApp(ctx context.Context, cfg configs.Config, o appOptions) (_ *app, err error) {
	a := &app{cfg: cfg, logger: o.Logger, needMicrosoft: o.NeedMicrosoft, failed: make(chan error, 1)}
	a.ctx, a.cancel = context.WithCancel(context.WithoutCancel(ctx))
	defer func() {
		if err != nil {
			a.cancel()
			err = errors.Join(err, a.cleanUp())
		}
	}()
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))

	if err := a.listen(ctx, o, registry); err != nil {
		return nil, err
	}
	publicURL := cmp.Or(cfg.Web.PublicURL, addressURL(cfg.Web.TLS, a.public.Addr()))

	store, err := a.openStore(ctx, cfg.Store, o.Logger, registry)
	if err != nil {
		return nil, err
	}
	if o.Prepare != nil {
		if err := o.Prepare(ctx, store); err != nil {
			return nil, fmt.Errorf("prepare store: %w", err)
		}
	}

	recorder, journal := a.openAudit(cfg, store, o, registry) //nolint:contextcheck // records until it is closed, at the end

	client, err := outboundClient(cfg.Outbound)
	if err != nil {
		return nil, err
	}
	a.atEnd("outbound connections", func() error { client.CloseIdleConnections(); return nil })
	clock := watchClock(client, cfg.Credential.Authority, cfg.Graph.BaseURL)
	credentials, err := azcred.New(cfg.Credential, azcred.Deps{HTTPClient: client, Logger: o.Logger, Registerer: registry})
	if err != nil {
		return nil, fmt.Errorf("credential: %w", err)
	}
	a.ends.credentials = credentials
	a.inBackground("credential at Microsoft", credentials.Run)
	access, err := newGraphAccess(cfg, credentials, client)
	if err != nil {
		return nil, err
	}
	limits, err := budget.New(cfg.Graph.Budget, registry)
	if err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	directory, err := msgraph.New(msgraph.Config{BaseURL: cfg.Graph.BaseURL, Cloud: cfg.Cloud}, msgraph.Deps{
		Credential: access.credential, HTTPClient: client, Registerer: registry, Attributes: cfg.Experts.Attributes(), Budget: limits,
	})
	if err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	experts, err := graph.NewExperts(cfg.ExpertsConfig(), graph.Deps{
		Directory: directory, Tenants: cfg.Tenants(), Store: store, Logger: o.Logger, Registerer: registry, Progress: o.Progress,
	})
	if err != nil {
		return nil, fmt.Errorf("experts: %w", err)
	}
	a.experts = experts
	a.inBackground("directory mirror", experts.Run)
	a.inBackground("sizes of the organisations", func(ctx context.Context) error { return tellSizes(ctx, cfg.Tenants(), experts, limits) })
	presences, err := presence.NewCache(cfg.Presence, presence.Deps{
		Source: directory, Logger: o.Logger, Registerer: registry,
		Spare: func(tenant graph.TenantID) int { return limits.Spare(string(tenant), budget.Presence, budget.Poll) },
	})
	if err != nil {
		return nil, fmt.Errorf("presence: %w", err)
	}
	a.inBackground("presence", presences.Run)

	roster, err := sso.NewRoster(ctx, cfg.Agents, store, o.Logger)
	if err != nil {
		return nil, fmt.Errorf("agents: %w", err)
	}
	agents := roster.Agents()
	inspector, err := newInspector(cfg, access, directory.Permissions(), agents, client, limits)
	if err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	organizations, err := sso.NewOrganizations(ctx, organizationsDeps(cfg, store, prober{credentials, directory, access.kind, clock}, o.Logger))
	if err != nil {
		return nil, fmt.Errorf("sso: %w", err)
	}
	a.orgs = organizations
	a.inBackground("organisation checks", organizations.Run)
	a.inBackground("organisation checks on denial", func(ctx context.Context) error {
		return doubtOnDenial(ctx, experts, organizations, cfg.SSO.Entra.Tenants)
	})
	if access.people != nil {
		a.inBackground("organisation checks on arrival", access.checkOnArrival(organizations))
	}
	sealing, err := sessionKeys(cfg)
	if err != nil {
		return nil, err
	}
	if sealing == nil {
		o.Logger.WarnContext(ctx, "web.session_key_file is not set: each restart ends the sessions of those who signed in with Microsoft")
	}
	var assertion sso.ClientAssertion
	cfg.SSO.Entra.ClientSecret, assertion = signInProof(cfg, credentials)
	firstAdmins := sso.NewFirstAdmins(roster, store, o.Logger)
	signOn := sso.Deps{
		Agents: agents, Sessions: store, HTTPClient: client, Logger: o.Logger, Registerer: registry, PublicURL: publicURL, Organizations: organizations,
		Reviewer:        access.reviewer,
		ClientAssertion: assertion,
		FirstAdmins:     firstAdmins,
	}
	if sealing != nil {
		signOn.Sealer = sealing
	}
	verifier, err := sso.NewVerifier(cfg.SSO.Config, signOn)
	if err != nil {
		return nil, fmt.Errorf("sso: %w", err)
	}
	a.reviews = verifier.Reviews
	signIn, err := sso.NewSignIn(cfg.SSO.Config, verifier, signOn)
	if err != nil {
		return nil, fmt.Errorf("sso: %w", err)
	}
	a.inBackground("ended sessions", signIn.Run)
	consent, err := sso.NewConsent(cfg.SSO.Config, organizations, signOn)
	if err != nil {
		return nil, fmt.Errorf("sso: %w", err)
	}
	gate := sso.NewGate(cfg.SSO.Require, organizations)

	network := o.Switch
	if network == nil {
		a.calls, err = a.openCalls(cfg, callsDeps{Agents: agents, Lines: store, Logger: o.Logger, Registerer: registry}) //nolint:contextcheck // carries calls until it is closed, at the end
		if err != nil {
			return nil, err
		}
		network = a.calls
		if o.AroundCalls != nil {
			network = o.AroundCalls(a.calls)
		}
	}
	a.engine, err = consult.New(ctx, cfg.ConsultConfig(), consult.Deps{
		Store: journal, Switch: network, Experts: experts, Gate: gate, Agents: agents, Logger: o.Logger, Registerer: registry,
	})
	if err != nil {
		return nil, fmt.Errorf("consult: %w", err)
	}
	reservations, err := a.openReservations(ctx, cfg, store, recorder, o.Logger, registry)
	if err != nil {
		return nil, err
	}
	if a.calls != nil {
		if err := a.calls.Start(ctx); err != nil {
			return nil, err
		}
	}
	a.inBackground("consults", a.engine.Run)
	changed, stopWatching := roster.Watch() // now: nothing that changes from here on is missed
	a.inBackground("agents", func(ctx context.Context) error {
		defer stopWatching()
		return a.engine.FollowAgents(ctx, changed)
	})

	var refresh func(context.Context)
	if o.Files != nil {
		secrets := secretKeepers{sessions: sealing, credentials: credentials, exchange: access.exchange, verifier: verifier}
		a.reloader = newReloader(o, cfg, func(ctx context.Context, cfg configs.Config) error {
			if err := a.engine.SetLists(cfg.ConsultConfig().Lists()); err != nil {
				return err
			}
			if err := secrets.renew(cfg); err != nil {
				return err
			}
			return roster.SetFile(ctx, cfg.Agents)
		}, registry)
		a.inBackground("configuration", a.reloader.run)
		refresh = a.reloader.Refresh
	}

	webConfig := cfg.WebConfig()
	webConfig.PublicURL = publicURL
	a.web, err = web.New(webConfig, web.Deps{
		Verifier: verifier, SignIn: signIn, Consent: consent, Organizations: organizations, Gate: gate, Roster: roster, FirstAdmins: firstAdmins,
		Experts: experts, Presence: presences, Budget: limits, Favourites: store, Recents: store,
		Engine: a.engine, Reservations: reservations, Audit: recorder, AuditLines: store,
		Present: access.present(), Inspect: inspector.inspect, Logger: o.Logger, Registerer: registry, Gatherer: registry,
		Explain: explain.Deps{
			Agents: agents, Organizations: organizations, Experts: experts, Require: cfg.SSO.Require, Dial: cfg.Dial, Trunk: a.trunk,
		},
		Version: version(), Ready: a.notReady, Notes: a.notes, Refresh: refresh, Credential: a.ends.credential,
	})
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	a.serve("public", a.bounded(), webConfig.PublicServer(a.web.Handler(), a.errorLog()))
	for _, listener := range o.Also {
		a.serve("public", listener, webConfig.PublicServer(a.web.Handler(), a.errorLog()))
	}
	if a.internal != nil {
		a.serve("internal", a.internal, webConfig.InternalServer(a.web.Internal(), a.errorLog()))
	}
	return a, nil
}

// notReady names what readiness waits for beside the engine.
func (a *app) notReady() []string {
	var missing []string
	if a.storeFull() {
		missing = append(missing, "store")
	}
	if a.trunksDown() {
		missing = append(missing, missingTrunks)
	}
	if !a.needMicrosoft {
		return missing
	}
	for _, tenant := range a.cfg.SSO.Entra.Tenants {
		if !a.experts.Status(graph.TenantID(tenant)).Ready {
			missing = append(missing, "directory "+tenant)
		}
		if org, ok := a.orgs.Get(tenant); !ok || org.CheckedAt.IsZero() {
			missing = append(missing, "organization "+tenant)
		}
	}
	return missing
}

// Ready reports whether everything that readiness waits for is there.
func (a *app) Ready() bool { return a.engine.Ready() && len(a.notReady()) == 0 }

// Addr is where the page is served.
func (a *app) Addr() string { return a.public.Addr().String() }

// InternalAddr is where metrics are served; empty when they are not.
func (a *app) InternalAddr() string {
	if a.internal == nil {
		return ""
	}
	return a.internal.Addr().String()
}

// Failed tells when a part of the service ended that should not have.
func (a *app) Failed() <-chan error { return a.failed }
