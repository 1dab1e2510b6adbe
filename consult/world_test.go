package consult_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/dial"
	"teamsbridge/consult/memswitch"
	"teamsbridge/graph"
	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
	"teamsbridge/sso/ssotest"
	"teamsbridge/store/storetest"
)

const (
	tenant   = "11111111-1111-4111-8111-111111111111"
	clientID = "22222222-2222-4222-8222-222222222222"
	expertID = "33333333-3333-4333-8333-333333333333"
	expertNo = "+49301234567"
)

// people of the test world: two agents, a supervisor; one agent is known to
// the directory of another organisation only.
var people = []sso.Agent{
	{ID: "anja", Tenant: tenant, EntraID: "44444444-4444-4444-8444-444444444441", Name: "Anja Weber", Number: "+49301001", Country: "DE", Roles: []sso.Role{sso.RoleAgent}},
	{ID: "bernd", Tenant: tenant, EntraID: "44444444-4444-4444-8444-444444444442", Name: "Bernd Kraus", Number: "+49301002", Country: "DE", Roles: []sso.Role{sso.RoleAgent}},
	{ID: "clara", Tenant: tenant, EntraID: "44444444-4444-4444-8444-444444444443", Name: "Clara Yılmaz", Number: "+49301003", Country: "DE", Roles: []sso.Role{sso.RoleAgent}},
	{ID: "sven", Tenant: tenant, EntraID: "44444444-4444-4444-8444-444444444444", Name: "Sven Ott", Roles: []sso.Role{sso.RoleSupervisor}},
}

// directory is the one expert, live or not.
type directory struct {
	reason graph.Reason // refuse the expert for this
	moved  bool         // the expert has another number than the index says
}

func (d *directory) Confirm(_ context.Context, _ graph.TenantID, id graph.UserID) (graph.Confirmation, error) {
	if id != expertID {
		return graph.Confirmation{}, &graph.NotListedError{Reason: graph.ReasonUnknown}
	}
	if d.reason != "" {
		return graph.Confirmation{}, &graph.NotListedError{Reason: d.reason}
	}
	return graph.Confirmation{Live: true, NumberChanged: d.moved, Expert: graph.Expert{ID: expertID, Name: "Jürgen Müller", Number: expertNo}}, nil
}

func (d *directory) ByNumber(_ graph.TenantID, number string) (graph.Expert, bool) {
	if number == expertNo {
		return graph.Expert{ID: expertID, Name: "Jürgen Müller", Number: expertNo}, true
	}
	return graph.Expert{}, false
}

// prober finds everything in place.
type prober struct{}

func (prober) Probe(context.Context, string) (sso.Findings, error) {
	return sso.Findings{ServicePrincipal: "enabled", Consent: []sso.Permission{
		{Name: "User.Read.All", Kind: "application", Granted: true}, {Name: "Presence.Read.All", Kind: "application", Granted: true},
	}}, nil
}

// world is an engine with real neighbours: verified principals, the gate, the
// simulated telephone network and a journal in memory.
type world struct {
	t         *testing.T
	engine    *consult.Engine
	sw        *memswitch.Switch
	network   consult.Switch // what the engine is given: sw, or something around it
	store     *storetest.Memory
	journal   consult.Store // what the engine is given: store, or something around it
	orgs      *sso.Organizations
	agents    *sso.Agents
	gate      *sso.Gate
	directory *directory
	who       map[string]sso.Principal
	cfg       consult.Config
	stop      func()
}

// must gives a value or ends the test; for set-up.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func defaultConfig() consult.Config {
	return consult.Config{
		WrapUp: consult.WrapUpConfig{Reasons: []consult.WrapUpReason{{Code: "done", Label: "Erledigt"}, {Code: "open", Label: "Offen"}}, Default: "done"},
		Dial:   dial.Config{},
		Queues: []consult.QueueConfig{{ID: "tax", Tenant: tenant, Name: "Steuern", Agents: []string{"anja", "bernd", "clara"}}},
	}
}

func newWorld(t *testing.T, change ...func(*consult.Config)) *world {
	t.Helper()
	cfg := defaultConfig()
	for _, c := range change {
		c(&cfg)
	}
	w := &world{t: t, store: &storetest.Memory{}, directory: &directory{}, who: must(principals())(t), cfg: cfg}
	w.sw = must(memswitch.New(memswitch.Options{Manual: true}))(t)
	w.network, w.journal = w.sw, w.store
	t.Cleanup(func() { _ = w.sw.Close() })
	w.agents = must(sso.NewAgents(people))(t)
	w.orgs = must(sso.NewOrganizations(t.Context(), sso.OrganizationsDeps{
		Store: &sessiontest.Memory{}, Prober: prober{}, Tenants: []string{tenant}, Logger: quiet(),
	}))(t)
	must(w.orgs.SetEnabled(t.Context(), tenant, true))(t)
	w.gate = sso.NewGate(sso.RequireAlways, w.orgs)
	w.start()
	t.Cleanup(func() { w.stop() })
	return w
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// principals lets everybody prove who they are to the simulated Entra and the
// real verifier; once, because the tests want people, not sign-ins.
var principals = sync.OnceValues(func() (map[string]sso.Principal, error) { return signedIn(people) })

// signedIn gives everybody's principal, by agent id.
func signedIn(people []sso.Agent) (map[string]sso.Principal, error) {
	var entra *ssotest.Entra
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { entra.Handler().ServeHTTP(rw, r) }))
	defer srv.Close()
	entra = ssotest.New(ssotest.Options{Seed: 1, PlainURL: srv.URL, TLSURL: srv.URL})
	entra.AddTenant(ssotest.Tenant{ID: tenant, Name: "Contoso", Domain: "contoso.example"})
	uri := "api://127.0.0.1/" + clientID
	entra.AddApp(ssotest.App{
		ClientID: clientID, Name: "teamsbridge", IDURI: uri, Scopes: []string{"access_as_user"},
		Roles: []string{"Agent", "Supervisor", "Admin"}, Secrets: []string{"secret"},
	})
	entra.Consent(tenant, clientID, nil)
	agents, err := sso.NewAgents(people)
	if err != nil {
		return nil, err
	}
	verifier, err := sso.NewVerifier(sso.Config{
		Require: sso.RequireAlways,
		Entra:   sso.EntraConfig{Authority: srv.URL, ClientID: clientID, Scope: uri + "/access_as_user", Tenants: []string{tenant}},
	}, sso.Deps{Agents: agents, Sessions: &sessiontest.Memory{}, Logger: quiet(), HTTPClient: srv.Client()})
	if err != nil {
		return nil, err
	}
	who := map[string]sso.Principal{}
	for _, a := range people {
		name := string(a.ID)
		entra.AddAccount(ssotest.Account{Tenant: tenant, ObjectID: a.EntraID, Username: name + "@contoso.example", Password: "pw", Name: a.Name})
		res, err := srv.Client().PostForm(srv.URL+"/"+tenant+"/oauth2/v2.0/token", url.Values{
			"grant_type": {"password"}, "client_id": {clientID}, "scope": {uri + "/access_as_user"},
			"username": {name + "@contoso.example"}, "password": {"pw"},
		})
		if err != nil {
			return nil, err
		}
		var body struct {
			Token string `json:"access_token"`
			Error string `json:"error_description"`
		}
		err = json.NewDecoder(res.Body).Decode(&body)
		_ = res.Body.Close()
		if err != nil || body.Token == "" {
			return nil, fmt.Errorf("token for %s: %w %s", name, err, body.Error)
		}
		if who[name], err = verifier.Verify(context.Background(), body.Token); err != nil {
			return nil, fmt.Errorf("verify %s: %w", name, err)
		}
	}
	return who, nil
}

// start runs an engine over the world's journal and network.
func (w *world) start() {
	w.t.Helper()
	w.engine = must(consult.New(w.t.Context(), w.cfg, consult.Deps{
		Store: w.journal, Switch: w.network, Experts: w.directory, Gate: w.gate, Agents: w.agents, Logger: quiet(),
	}))(w.t)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.engine.Run(ctx) }()
	w.stop = func() {
		cancel()
		if err := <-done; err != nil {
			w.t.Errorf("Run: %v", err)
		}
		w.stop = func() {}
	}
}

// restart ends the engine in mid-air and starts another over the same journal
// and telephone network.
func (w *world) restart() {
	w.t.Helper()
	w.stop()
	w.start()
}

// call makes a customer call anja.
func (w *world) call() consult.InteractionID {
	w.t.Helper()
	return must(w.sw.Call(w.t.Context(), consult.Call{Tenant: tenant, From: "+4915112345678", Agent: "anja"}))(w.t)
}

// do gives a command as somebody.
func (w *world) do(who string, id consult.InteractionID, cmd consult.Command) (consult.View, error) {
	return w.engine.Do(w.t.Context(), w.who[who], id, cmd)
}

// ok gives a command that must be carried out.
func (w *world) ok(who string, id consult.InteractionID, action consult.Action) consult.View {
	w.t.Helper()
	v, err := w.do(who, id, consult.Command{Action: action})
	if err != nil {
		w.t.Fatalf("%s by %s: %v", action, who, err)
	}
	return v
}

// act plays a party's telephone.
func (w *world) act(id consult.InteractionID, party consult.Party, act memswitch.Act) {
	w.t.Helper()
	if err := w.sw.Act(w.t.Context(), id, party, act); err != nil {
		w.t.Fatalf("%s %s: %v", party, act, err)
	}
}

// until waits for a state that somebody sees.
func (w *world) until(who string, id consult.InteractionID, what string, is func(consult.View) bool) consult.View {
	w.t.Helper()
	changes, stop := w.engine.Subscribe(w.who[who])
	defer stop()
	limit := time.NewTimer(2 * time.Minute)
	defer limit.Stop()
	for {
		v, err := w.engine.View(w.t.Context(), w.who[who], id)
		if err == nil && is(v) {
			return v
		}
		select {
		case <-changes:
		case <-limit.C:
			w.t.Fatalf("never %s: phase %s, consult %+v, err %v", what, v.Phase, v.Consult, err)
		}
	}
}

func (w *world) phase(who string, id consult.InteractionID, want consult.Phase) consult.View {
	w.t.Helper()
	return w.until(who, id, string(want), func(v consult.View) bool { return v.Phase == want && v.Pending == nil })
}

var (
	theExpert = consult.TargetRequest{Kind: consult.TargetOrganization, ID: expertID}
	theAgent  = consult.TargetRequest{Kind: consult.TargetAgent, ID: "bernd"}
)

// consulting brings anja, a held customer and the expert together.
func (w *world) consulting(target consult.TargetRequest) consult.InteractionID {
	w.t.Helper()
	id := w.call()
	w.consult(id, consult.ActionConsult, target)
	w.act(id, consult.PartyConsulted, memswitch.ActAnswer)
	w.phase("anja", id, consult.PhaseConsulting)
	return id
}

func (w *world) consult(id consult.InteractionID, action consult.Action, target consult.TargetRequest) consult.View {
	w.t.Helper()
	v, err := w.do("anja", id, consult.Command{Action: action, Target: target})
	if err != nil {
		w.t.Fatalf("%s: %v", action, err)
	}
	return v
}

func as[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
