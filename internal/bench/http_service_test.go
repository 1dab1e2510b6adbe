package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
	"teamsbridge/graph"
	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
	"teamsbridge/sso/ssotest"
	"teamsbridge/store/sqlite"
	"teamsbridge/web"
)

const (
	tenant       = "11111111-1111-4111-8111-111111111111"
	clientID     = "22222222-2222-4222-8222-222222222222"
	callsPerDesk = 4
)

// service is the product as far as a command goes through it: the real handler
// on loopback TCP, tokens of the simulated Entra, the engine, a telephone
// network in memory, SQLite on disk.
type service struct {
	*clients
	journal *counted
}

func newService(tb testing.TB, agents int) *service {
	tb.Helper()
	var staff []sso.Agent
	for i := range agents {
		staff = append(staff, sso.Agent{
			ID: sso.AgentID(fmt.Sprint("agent-", i)), Tenant: tenant, EntraID: fmt.Sprintf("55555555-5555-4555-8555-%012d", i),
			Name: fmt.Sprint("Agent ", i), Number: fmt.Sprintf("+4930%04d", i), Country: "DE", Roles: []sso.Role{sso.RoleAgent},
		})
	}
	table, err := sso.NewAgents(staff)
	fatal(tb, err)
	verifier, desks := newIdentity(tb, table, staff)

	kept, err := sqlite.Open(tb.Context(), filepath.Join(tb.TempDir(), "teamsbridge.db"))
	fatal(tb, err)
	tb.Cleanup(func() { _ = kept.Close() })
	s := &service{journal: &counted{Store: kept}}
	network, err := memswitch.New(memswitch.Options{Manual: true})
	fatal(tb, err)
	tb.Cleanup(func() { _ = network.Close() })
	registry := prometheus.NewRegistry()
	engine, err := consult.New(tb.Context(), consult.Config{}, consult.Deps{
		Store: s.journal, Switch: network, Experts: nobody{}, Gate: open{}, Agents: table,
		Logger: slog.New(slog.DiscardHandler), Registerer: registry,
	})
	fatal(tb, err)
	tb.Cleanup(running(tb, engine))
	for i, d := range desks {
		for range callsPerDesk {
			id, err := network.Call(tb.Context(), consult.Call{Tenant: tenant, From: "+4915112345678", Agent: string(staff[i].ID)})
			fatal(tb, err)
			d.calls = append(d.calls, string(id))
		}
	}

	server, err := web.New(web.Config{}, web.Deps{Verifier: verifier, Engine: engine, Registerer: registry, Gatherer: registry, Version: "bench"})
	fatal(tb, err)
	listener := httptest.NewServer(server.Handler())
	tb.Cleanup(listener.Close)
	s.clients = newClients(tb, listener.URL, desks)
	return s
}

// newIdentity gives everybody a desk with a token that the verifier knows.
func newIdentity(tb testing.TB, table *sso.Agents, staff []sso.Agent) (*sso.Verifier, []*desk) {
	tb.Helper()
	var entra http.Handler
	authority := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { entra.ServeHTTP(w, r) }))
	tb.Cleanup(authority.Close)
	simulated := ssotest.New(ssotest.Options{Seed: 1, PlainURL: authority.URL})
	entra = simulated.Handler()
	simulated.AddTenant(ssotest.Tenant{ID: tenant, Name: "Example", Domain: "bench.example"})
	uri := "api://127.0.0.1/" + clientID
	simulated.AddApp(ssotest.App{
		ClientID: clientID, Name: "teamsbridge", IDURI: uri, Scopes: []string{"access_as_user"}, Roles: []string{"Agent"}, Secrets: []string{"s"},
	})
	simulated.Consent(tenant, clientID, nil)
	var desks []*desk
	for _, a := range staff {
		simulated.AddAccount(ssotest.Account{
			Tenant: tenant, ObjectID: a.EntraID, Username: string(a.ID) + "@bench.example", Password: "pw", Name: a.Name, Roles: []string{"Agent"},
		})
		desks = append(desks, &desk{token: simulated.AccessToken(tenant, clientID, clientID, a.EntraID)})
	}
	verifier, err := sso.NewVerifier(sso.Config{
		Entra: sso.EntraConfig{Authority: authority.URL, ClientID: clientID, Scope: uri + "/access_as_user", Tenants: []string{tenant}},
	}, sso.Deps{Agents: table, Sessions: &sessiontest.Memory{}, Logger: slog.New(slog.DiscardHandler), HTTPClient: authority.Client()})
	fatal(tb, err)
	return verifier, desks
}

// running runs an engine until the returned function is called.
func running(tb testing.TB, e *consult.Engine) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			tb.Errorf("Run: %v", err)
		}
	}
}

// view is an interaction as the service answers it.
func (s *service) view(tb testing.TB) []byte {
	tb.Helper()
	d := s.desks[0]
	r, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, s.url+"/api/v1/interactions/"+d.calls[0], http.NoBody)
	fatal(tb, err)
	r.Header.Set("Authorization", "Bearer "+d.token)
	answer, err := s.http.Do(r)
	fatal(tb, err)
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	fatal(tb, err)
	if answer.StatusCode != http.StatusOK {
		tb.Fatalf("%d %s", answer.StatusCode, content)
	}
	return content
}

// counted weighs what is appended.
type counted struct {
	consult.Store
	records, bytes atomic.Int64
}

func (c *counted) Append(ctx context.Context, r consult.Record) error {
	c.records.Add(1)
	c.bytes.Add(int64(len(r.Input) + len(r.State) + len(r.Entry)))
	return c.Store.Append(ctx, r)
}

// perRecord is a record's mean size in bytes.
func (c *counted) perRecord() int { return int(c.bytes.Load() / c.records.Load()) }

// open is a gate that lets everybody pass.
type open struct{}

func (open) Allow(sso.Principal) error { return nil }

// nobody is an empty directory.
type nobody struct{}

func (nobody) Confirm(context.Context, graph.TenantID, graph.UserID) (graph.Confirmation, error) {
	return graph.Confirmation{}, graph.ErrNotFound
}

func (nobody) ByNumber(graph.TenantID, string) (graph.Expert, bool) { return graph.Expert{}, false }
