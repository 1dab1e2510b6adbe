package reserve_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
	"teamsbridge/sso/ssotest"
	"teamsbridge/store/storetest"
)

const (
	tenant   = "11111111-1111-4111-8111-111111111111"
	other    = "22222222-2222-4222-8222-222222222222"
	clientID = "33333333-3333-4333-8333-333333333333"
)

// people are agents by name; berta is another organisation's.
var people = map[string]sso.Agent{
	"anja":  {ID: "anja", Tenant: tenant, EntraID: "a0000000-0000-4000-8000-000000000001", Name: "Anja Weber"},
	"ben":   {ID: "ben", Tenant: tenant, EntraID: "a0000000-0000-4000-8000-000000000002", Name: "Ben Brand"},
	"berta": {ID: "anja", Tenant: other, EntraID: "b0000000-0000-4000-8000-000000000001", Name: "Berta Bauer"},
}

// principals are verified once: the tests want people, not sign-ins.
var principals = sync.OnceValues(func() (map[string]sso.Principal, error) {
	var entra *ssotest.Entra
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { entra.Handler().ServeHTTP(w, r) }))
	defer srv.Close()
	entra = ssotest.New(ssotest.Options{Seed: 1, PlainURL: srv.URL, TLSURL: srv.URL})
	uri := "api://127.0.0.1/" + clientID
	entra.AddApp(ssotest.App{ClientID: clientID, Name: "teamsbridge", IDURI: uri, Scopes: []string{"access_as_user"}, Roles: []string{"Agent"}})
	var table []sso.Agent
	for _, a := range people {
		table = append(table, a)
	}
	agents, err := sso.NewAgents(table)
	if err != nil {
		return nil, err
	}
	verifier, err := sso.NewVerifier(sso.Config{
		Require: sso.RequireAlways,
		Entra:   sso.EntraConfig{Authority: srv.URL, ClientID: clientID, Scope: uri + "/access_as_user", Tenants: []string{tenant, other}},
	}, sso.Deps{Agents: agents, Sessions: &sessiontest.Memory{}, Logger: slog.New(slog.DiscardHandler), HTTPClient: srv.Client()})
	if err != nil {
		return nil, err
	}
	for _, id := range []string{tenant, other} {
		entra.AddTenant(ssotest.Tenant{ID: id, Name: id, Domain: id + ".example"})
		entra.Consent(id, clientID, nil)
	}
	who := map[string]sso.Principal{}
	for name, a := range people {
		entra.AddAccount(ssotest.Account{Tenant: a.Tenant, ObjectID: a.EntraID, Username: name + "@" + a.Tenant + ".example", Name: a.Name, Roles: []string{"Agent"}})
		if who[name], err = verifier.Verify(context.Background(), entra.AccessToken(a.Tenant, clientID, clientID, a.EntraID)); err != nil {
			return nil, err
		}
	}
	return who, nil
})

// targets is an engine that reaches one expert.
type targets struct {
	refusal error
	reach   consult.Reach
	asked   int
}

func (t *targets) Reach(context.Context, sso.Principal, consult.TargetRequest) (consult.Reach, error) {
	t.asked++
	return t.reach, t.refusal
}

// world is a book, with its store and its engine.
type world struct {
	t       *testing.T
	who     map[string]sso.Principal
	store   *storetest.Memory
	targets *targets
	book    *reserve.Book
	numbers []string
}

func newWorld(t *testing.T, numbers ...string) *world {
	t.Helper()
	who, err := principals()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, who: who, store: &storetest.Memory{}, numbers: numbers, targets: &targets{reach: consult.Reach{
		Target:     consult.Target{Kind: consult.TargetOrganization, ID: "e-7", Name: "Jürgen Müller", Number: "+49301234567", Expert: "e-7"},
		Acceptance: true, RingTimeout: 15 * time.Second, AcceptTimeout: 25 * time.Second,
	}}}
	w.restart()
	return w
}

// restart makes a new book of what is stored.
func (w *world) restart() {
	w.t.Helper()
	book, err := reserve.New(w.t.Context(), reserve.Config{}, reserve.Deps{Store: w.store, Targets: w.targets, Numbers: w.numbers})
	if err != nil {
		w.t.Fatal(err)
	}
	w.book = book
}

// run runs the book until the test ends.
func (w *world) run() {
	ctx, stop := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.book.Run(ctx) }()
	w.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			w.t.Errorf("Run: %v", err)
		}
	})
}

func (w *world) reserve(who string) reserve.Reservation {
	w.t.Helper()
	r, err := w.book.Reserve(w.t.Context(), w.who[who], reserve.Request{})
	if err != nil {
		w.t.Fatalf("Reserve: %v", err)
	}
	return r
}

func (w *world) claim(r reserve.Reservation) *reserve.Call {
	w.t.Helper()
	call, err := w.book.Claim(w.t.Context(), r.Dial, r.Code)
	if err != nil {
		w.t.Fatalf("Claim: %v", err)
	}
	return call
}

// want reads a reservation back, as the maker does and as the store has it.
func (w *world) want(r reserve.Reservation, state reserve.State, reason consult.FailureReason) {
	w.t.Helper()
	stored, err := w.store.Reservation(w.t.Context(), r.Tenant, r.ID)
	if err != nil || stored.State != state || stored.Reason != reason {
		w.t.Errorf("stored %s %q, %v; want %s %q", stored.State, stored.Reason, err, state, reason)
	}
	seen, err := w.book.View(w.t.Context(), w.who[string(r.Agent)], r.ID)
	if err != nil || seen.State != state || seen.Reason != reason {
		w.t.Errorf("seen %s %q, %v; want %s %q", seen.State, seen.Reason, err, state, reason)
	}
}
