package sso_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"teamsbridge/sso"
	"teamsbridge/sso/ssotest"
	"teamsbridge/sso/tokentest"
)

// TestAnApplicationComesInByEntrasOwnToken: what the simulated Entra issues for
// client credentials is let in when both sides agree, and not before.
func TestAnApplicationComesInByEntrasOwnToken(t *testing.T) {
	w := newWorld(t)
	admit := func(c *sso.Config) {
		c.Entra.Applications = []sso.ApplicationConfig{{ClientID: tokentest.SyncApp, Roles: []sso.Role{sso.RoleAdmin}}}
	}
	w.Entra.AddApp(ssotest.App{ClientID: tokentest.SyncApp, Name: "sync", Secrets: []string{"sync-secret"}})
	w.Entra.Consent(home, tokentest.SyncApp, nil)
	for _, step := range []struct {
		name   string
		config func(*sso.Config)
		given  []string
		in     bool
	}{
		{"neither side agrees", func(*sso.Config) {}, nil, false},
		{"the organisation alone", func(*sso.Config) {}, []string{"Admin"}, false},
		{"the operator alone", admit, nil, false},
		{"both, about different roles", admit, []string{"Supervisor"}, false},
		{"both", admit, []string{"Supervisor", "Admin"}, true},
	} {
		t.Run(step.name, func(t *testing.T) {
			w.Entra.GiveRoles(home, tokentest.SyncApp, serviceID, step.given...)
			w.build(t, step.config)
			p, err := w.Verify(t.Context(), w.ownToken(t, home, tokentest.SyncApp, "sync-secret"))
			if step.in {
				if err != nil || !p.Has(sso.RoleAdmin) || p.Has(sso.RoleSupervisor) {
					t.Errorf("roles %v, %v, want Admin alone", p.Roles(), err)
				}
				return
			}
			if refused, ok := errors.AsType[*sso.TokenError](err); !ok || refused.Reason != sso.ReasonAppOnly {
				t.Errorf("Verify: %v, want it refused as app-only", err)
			}
		})
	}
}

// ownToken asks for an application's own token for this service.
func (w *world) ownToken(t *testing.T, tenant, client, secret string) string {
	t.Helper()
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {client}, "client_secret": {secret}, "scope": {idURI + "/.default"},
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL+"/"+tenant+"/oauth2/v2.0/token", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		AccessToken string `json:"access_token"`
		Description string `json:"error_description"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || answer.AccessToken == "" {
		t.Fatalf("own token: %v %s", err, answer.Description)
	}
	return answer.AccessToken
}
