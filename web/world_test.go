package web

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/audit"
	"teamsbridge/audit/calls"
	"teamsbridge/consult"
	"teamsbridge/consult/explain"
	"teamsbridge/consult/memswitch"
	"teamsbridge/consult/reserve"
	"teamsbridge/graph"
	"teamsbridge/internal/logtest"
	"teamsbridge/internal/seal"
	"teamsbridge/presence"
	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
	"teamsbridge/sso/ssotest"
	"teamsbridge/store/storetest"
)

// The people of the tests' world.
const (
	home      = "aaaaaaaa-0000-4000-8000-000000000001"
	partner   = "bbbbbbbb-0000-4000-8000-000000000002"
	serviceID = "11111111-0000-4000-8000-00000000000a"
	teamsWeb  = "5e3ce6c0-2b1f-4285-8d4b-75ee78787346"

	anja  = "a0000000-0000-4000-8000-000000000001" // agent
	ben   = "a0000000-0000-4000-8000-000000000002" // agent
	sofia = "a0000000-0000-4000-8000-000000000003" // supervisor
	ada   = "a0000000-0000-4000-8000-000000000004" // admin
	nina  = "a0000000-0000-4000-8000-000000000005" // in no table
	berta = "b0000000-0000-4000-8000-000000000001" // agent of the partner
)

// patience is how long the world waits for what is answered in memory: no machine
// is so slow that it is taken for one that does not answer.
const patience = time.Minute

// world is the server with real domains over stores, a directory, presences and
// a telephone network in memory. Tokens come from the simulated Entra.
type world struct {
	t        testing.TB
	entra    *ssotest.Entra
	people   *directory
	presence *presences
	prober   *prober
	network  *memswitch.Switch
	book     *reserve.Book
	store    *storetest.Memory
	trail    *storetest.Memory // holds the audit, apart: what an attack leaves there is wanted
	audit    *audit.Recorder
	registry *prometheus.Registry
	sessions *sessiontest.Memory
	sealer   *seal.Keys
	logs     *logtest.Buffer
	deps     Deps
	reviewer reviewer
	identity identity
	server   *Server
	url      string
}

type worldOption func(*Config, *world)

func newWorld(t testing.TB, options ...worldOption) *world {
	t.Helper()
	w := &world{
		t: t, people: newDirectory(), presence: &presences{of: map[graph.UserID]string{}}, prober: &prober{},
		registry: prometheus.NewRegistry(), sessions: &sessiontest.Memory{}, store: &storetest.Memory{}, trail: &storetest.Memory{}, logs: &logtest.Buffer{},
	}
	logger := slog.New(slog.NewTextHandler(w.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var handler http.Handler
	listener := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { handler.ServeHTTP(rw, r) }))
	t.Cleanup(listener.Close)
	w.url = listener.URL

	w.identity = w.addIdentity(logger)
	w.addDirectory(logger)
	w.audit = audit.New(w.trail, audit.Options{Logger: logger})
	t.Cleanup(func() { fatal(t, w.audit.Close()) })
	w.addEngine(logger)

	cfg := Config{PublicURL: w.url}
	w.deps.Logger, w.deps.Version = logger, "test"
	w.deps.Favourites, w.deps.Recents = w.store, w.store
	w.deps.Audit, w.deps.AuditLines = w.audit, w.trail
	w.deps.Explain = explain.Deps{
		Agents: w.deps.Roster.Agents(), Organizations: w.deps.Organizations, Experts: w.deps.Experts, Require: sso.RequireAlways,
		Trunk: func(context.Context) explain.Trunk {
			return explain.Trunk{Known: true, Ready: w.deps.Engine.Ready(), Simulated: true}
		},
	}
	w.deps.Registerer, w.deps.Gatherer = w.registry, w.registry
	w.addConsent(w.identity)
	for _, o := range options {
		o(&cfg, w)
	}
	server, err := New(cfg, w.deps)
	if err != nil {
		t.Fatal(err)
	}
	w.server, handler = server, server.Handler()
	t.Cleanup(func() {
		server.Drain(context.Background())
	})
	return w
}

type identity struct {
	cfg  sso.Config
	deps sso.Deps
}

func (w *world) addIdentity(logger *slog.Logger) identity {
	t := w.t
	t.Helper()
	var entra http.Handler
	authority := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { entra.ServeHTTP(rw, r) }))
	t.Cleanup(authority.Close)
	w.entra = ssotest.New(ssotest.Options{Seed: 1, PlainURL: authority.URL})
	for _, id := range []string{home, partner} {
		w.entra.AddTenant(ssotest.Tenant{ID: id, Name: id, Domain: id + ".example"})
	}
	account := func(tenant, id, name string, roles ...string) {
		w.entra.AddAccount(ssotest.Account{Tenant: tenant, ObjectID: id, Username: name + "@" + tenant + ".example", Password: "secret", Name: name, Roles: roles})
	}
	account(home, anja, "anja", "Agent")
	account(home, ben, "ben", "Agent")
	account(home, sofia, "sofia", "Supervisor")
	account(home, ada, "ada", "Admin")
	account(home, nina, "nina")
	account(partner, berta, "berta", "Agent")
	w.entra.AddApp(ssotest.App{
		ClientID: serviceID, Name: "teamsbridge", IDURI: "api://127.0.0.1/" + serviceID,
		Scopes: []string{"access_as_user"}, Roles: []string{"Agent", "Supervisor", "Admin"}, Secrets: []string{"s"},
		Redirects: []string{w.url + "/auth/callback", w.url + "/auth/consent"}, PreAuthorized: []string{teamsWeb},
		GraphApplication: []string{"User.Read.All", "Presence.Read.All"},
	})
	for _, id := range []string{home, partner} {
		w.entra.Consent(id, serviceID, []string{"User.Read.All", "Presence.Read.All"})
	}
	entra = w.entra.Handler()

	var err error
	w.sealer, err = seal.Parse(seal.NewKey())
	fatal(t, err)
	roster, err := sso.NewRoster(t.Context(), []sso.Agent{
		{ID: "anja", Tenant: home, EntraID: anja, Name: "Anja Weber", Number: "+49301001", Country: "DE"},
		{ID: "ben", Tenant: home, EntraID: ben, Name: "Ben Brand", Number: "+49301002", Country: "DE"},
		{ID: "berta", Tenant: partner, EntraID: berta, Name: "Berta Bauer", Number: "+49301003", Country: "DE"},
	}, w.sessions, logger)
	fatal(t, err)
	id := identity{
		cfg: sso.Config{Contact: "the service desk", Entra: sso.EntraConfig{
			Authority: authority.URL, ClientID: serviceID, ClientSecret: "s",
			Scope: "api://127.0.0.1/" + serviceID + "/access_as_user", Tenants: []string{home, partner},
		}},
		deps: sso.Deps{Agents: roster.Agents(), Sessions: w.sessions, Logger: logger, PublicURL: w.url, Sealer: w.sealer, Patience: time.Minute},
	}
	w.deps.Roster = roster
	w.deps.FirstAdmins = sso.NewFirstAdmins(roster, w.sessions, logger)
	id.deps.FirstAdmins = w.deps.FirstAdmins
	id.deps.Reviewer = &w.reviewer
	w.deps.Verifier, err = sso.NewVerifier(id.cfg, id.deps)
	fatal(t, err)
	w.deps.SignIn, err = sso.NewSignIn(id.cfg, w.deps.Verifier, id.deps)
	fatal(t, err)
	w.deps.Organizations, err = sso.NewOrganizations(t.Context(), sso.OrganizationsDeps{
		Store: w.sessions, Prober: w.prober, Tenants: []string{home, partner}, Logger: logger,
	})
	fatal(t, err)
	_, err = w.deps.Organizations.SetEnabled(t.Context(), home, true)
	fatal(t, err)
	w.deps.Gate = sso.NewGate(sso.RequireAlways, w.deps.Organizations)
	return id
}

func (w *world) addConsent(id identity) {
	var err error
	w.deps.Consent, err = sso.NewConsent(id.cfg, w.deps.Organizations, id.deps)
	fatal(w.t, err)
}

func (w *world) addDirectory(logger *slog.Logger) {
	t := w.t
	var err error
	w.deps.Experts, err = graph.NewExperts(graph.Config{ConfirmTimeout: patience}, graph.Deps{
		Directory: w.people, Tenants: []graph.Tenant{{ID: home, Country: "DE"}, {ID: partner, Country: "DE"}}, Logger: logger,
	})
	fatal(t, err)
	changes, stop := w.deps.Experts.Subscribe(home)
	defer stop()
	w.run(w.deps.Experts.Run)
	for status := range changes {
		if status.Ready {
			break
		}
	}
	w.deps.Presence, err = presence.NewCache(presence.Config{FetchTimeout: patience, RequestTimeout: patience}, presence.Deps{Source: w.presence, Logger: logger})
	fatal(t, err)
}

func (w *world) addEngine(logger *slog.Logger) {
	t := w.t
	var err error
	w.network, err = memswitch.New(memswitch.Options{Manual: true})
	fatal(t, err)
	w.deps.Engine, err = consult.New(t.Context(), consult.Config{
		RingTimeout: patience, AcceptTimeout: patience, SwitchTimeout: patience,
		WrapUp:      consult.WrapUpConfig{Reasons: []consult.WrapUpReason{{Code: "done", Label: "Erledigt"}}, Default: "done"},
		Queues:      []consult.QueueConfig{{ID: "q1", Tenant: home, Name: "Steuern", Agents: []string{"anja", "ben"}}},
		EntryPoints: []consult.NumberConfig{{ID: "e1", Tenant: home, Name: "Zentrale", Number: "+4930500"}},
		DialNumbers: []consult.NumberConfig{{ID: "d1", Tenant: home, Name: "Pforte", Number: "+4930501"}},
	}, consult.Deps{
		Store: calls.New(w.store, w.trail, w.audit, logger), Switch: w.network, Experts: w.deps.Experts, Gate: w.deps.Gate, Agents: w.deps.Roster.Agents(),
		Logger: logger, Registerer: w.registry,
	})
	fatal(t, err)
	// None expires while a long table of attacks looks for what changed.
	w.book, err = reserve.New(t.Context(), reserve.Config{Expire: time.Hour}, reserve.Deps{
		Store: w.store, Targets: w.deps.Engine, Numbers: []string{"+49305551", "+49305552", "+49305553"}, Audit: w.audit, Logger: logger, Registerer: w.registry,
	})
	fatal(t, err)
	w.deps.Reservations = w.book
	w.run(w.book.Run)
	w.run(w.deps.Engine.Run)
	changed, stop := w.deps.Roster.Watch()
	w.run(func(ctx context.Context) error {
		defer stop()
		return w.deps.Engine.FollowAgents(ctx, changed)
	})
}

// run runs a part of the service until the test ends.
func (w *world) run(part func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- part(ctx) }()
	w.t.Cleanup(func() {
		cancel()
		<-done
	})
}

// token is an access token as the browser's sign-in gives it.
func (w *world) token(tenant, person string) string {
	return w.entra.AccessToken(tenant, serviceID, serviceID, person)
}

// call connects a customer with an agent and gives the interaction's id.
func (w *world) call(agent string) string {
	w.t.Helper()
	id, err := w.network.Call(w.t.Context(), consult.Call{Tenant: home, From: "+4915112345", Agent: agent})
	fatal(w.t, err)
	return string(id)
}

// answered is an answer, read.
type answered struct {
	status int
	header http.Header
	body   string
}

// decode reads the answer's JSON.
func (a answered) decode(t testing.TB) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
	return v
}

// problem is the slug of the answer's problem, or "" for an answer that is none.
func (a answered) problem() string {
	var p Problem
	if json.Unmarshal([]byte(a.body), &p) != nil {
		return ""
	}
	return strings.TrimPrefix(p.Type, problemBase)
}

// ask sends a request with a token; headers are pairs.
func (w *world) ask(token, method, path, body string, headers ...string) answered {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, strings.NewReader(body))
	fatal(w.t, err)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	fatal(w.t, err)
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	fatal(w.t, err)
	return answered{status: resp.StatusCode, header: resp.Header, body: string(content)}
}

func fatal(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// directory is Microsoft's directory in memory.
type directory struct {
	mu     sync.Mutex
	people map[graph.TenantID][]graph.Person
	away   error
}

func newDirectory() *directory {
	d := &directory{people: map[graph.TenantID][]graph.Person{}}
	for i := range 60 {
		d.people[home] = append(d.people[home], graph.Person{
			ID: expertID60(i), Name: fmt.Sprintf("Erika Muster%02d", i), GivenName: "Erika", Surname: fmt.Sprintf("Muster%02d", i),
			Role: "Steuerberaterin", Department: "Finanzen", Phones: []string{fmt.Sprintf("+49 30 12345%02d", i)}, Enabled: true, Type: "Member",
		})
	}
	d.people[partner] = []graph.Person{{ID: "e1000000-0000-4000-8000-000000000000", Name: "Paul Partner", Phones: []string{"+49 40 1234567"}, Enabled: true}}
	return d
}

// expertID60 is the id of the nth expert of home, 0 to 59.
func expertID60(n int) graph.UserID {
	return graph.UserID(fmt.Sprintf("e0000000-0000-4000-8000-0000000000%02d", n))
}

func (d *directory) DeltaPage(_ context.Context, tenant graph.TenantID, link string) (graph.DeltaPage, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.away != nil {
		return graph.DeltaPage{}, d.away
	}
	if link != "" {
		return graph.DeltaPage{Delta: "again"}, nil
	}
	return graph.DeltaPage{People: d.people[tenant], Delta: "again"}, nil
}

func (d *directory) Person(_ context.Context, tenant graph.TenantID, id graph.UserID) (graph.Person, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range d.people[tenant] {
		if p.ID == id {
			return p, nil
		}
	}
	return graph.Person{}, graph.ErrNotFound
}

func (d *directory) FindPeople(_ context.Context, tenant graph.TenantID, _ string, limit int) ([]graph.Person, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.away != nil {
		return nil, d.away
	}
	people := append([]graph.Person{{ID: "f0000000-0000-4000-8000-000000000001", Name: "Otto Ohne", Enabled: true}}, d.people[tenant]...)
	return people[:min(limit, len(people))], nil
}

// SignInName makes a name of the person's that a link has to escape.
func (d *directory) SignInName(_ context.Context, tenant graph.TenantID, id graph.UserID) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range d.people[tenant] {
		if d.away == nil && p.ID == id {
			return p.GivenName + "+" + p.Surname + "@kanzlei.example", nil
		}
	}
	return "", cmp.Or(d.away, graph.ErrNotFound)
}

// presences is what Graph says of people; who is not named is offline.
type presences struct {
	mu   sync.Mutex
	of   map[graph.UserID]string
	away error
}

func (p *presences) set(id graph.UserID, availability string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.of[id] = availability
}

func (p *presences) Presences(_ context.Context, _ graph.TenantID, ids []graph.UserID) ([]presence.Observation, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.away != nil {
		return nil, p.away
	}
	var out []presence.Observation
	for _, id := range ids {
		availability := p.of[id]
		switch availability {
		case "":
			availability = "offline"
		case "not-told":
			continue
		}
		out = append(out, presence.Observation{ID: id, Availability: availability, Activity: availability})
	}
	return out, nil
}

// prober finds everything in place, unless told otherwise.
type prober struct {
	mu      sync.Mutex
	missing bool
}

func (p *prober) set(missing bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.missing = missing
}

func (p *prober) Probe(context.Context, string) (sso.Findings, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return sso.Findings{ServicePrincipal: "enabled", Consent: []sso.Permission{
		{Name: "User.Read.All", Kind: "application", Granted: true},
		{Name: "Presence.Read.All", Kind: "application", Granted: !p.missing},
	}}, nil
}
