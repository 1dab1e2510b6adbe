package reservetest

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
	"teamsbridge/sso/ssotest"
)

// The organisations.
const (
	Tenant   = "11111111-1111-4111-8111-111111111111"
	Other    = "22222222-2222-4222-8222-222222222222"
	clientID = "33333333-3333-4333-8333-333333333333"
)

// people are agents by name; berta is another organisation's, with the id of anja.
var people = map[string]sso.Agent{
	"anja":  {ID: "anja", Tenant: Tenant, EntraID: "a0000000-0000-4000-8000-000000000001", Name: "Anja Weber"},
	"ben":   {ID: "ben", Tenant: Tenant, EntraID: "a0000000-0000-4000-8000-000000000002", Name: "Ben Brand"},
	"berta": {ID: "anja", Tenant: Other, EntraID: "b0000000-0000-4000-8000-000000000001", Name: "Berta Bauer"},
}

// People are the principals of anja and ben, and of berta, who has anja's id in
// another organisation. They are verified once: tests want people, not sign-ins.
var People = sync.OnceValues(func() (map[string]sso.Principal, error) {
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
		Entra:   sso.EntraConfig{Authority: srv.URL, ClientID: clientID, Scope: uri + "/access_as_user", Tenants: []string{Tenant, Other}},
	}, sso.Deps{Agents: agents, Sessions: &sessiontest.Memory{}, Logger: slog.New(slog.DiscardHandler), HTTPClient: srv.Client()})
	if err != nil {
		return nil, err
	}
	for _, id := range []string{Tenant, Other} {
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
