package ssotest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"teamsbridge/sso/ssotest"
)

func TestTokensOfOneCloudsGraphAreNoneOfAnothers(t *testing.T) {
	const (
		government = "https://graph.microsoft.us"
		tenant     = "6e93a7a2-2bd4-4a13-8b1e-cf9e6c6c5a11"
		app        = "aaaaaaaa-1111-4111-8111-aaaaaaaaaaaa"
	)
	ask := func(graphURI, scope string) (e *ssotest.Entra, token string, status int) {
		e = ssotest.New(ssotest.Options{Seed: 1, TLSURL: "https://login.test", GraphURI: graphURI})
		e.AddTenant(ssotest.Tenant{ID: tenant, Name: "Contoso", Domain: "contoso.example"})
		e.AddApp(ssotest.App{ClientID: app, Name: "teamsbridge", Secrets: []string{"s"}, GraphApplication: []string{"User.Read.All"}})
		e.Consent(tenant, app, []string{"User.Read.All"})
		form := url.Values{"grant_type": {"client_credentials"}, "client_id": {app}, "client_secret": {"s"}, "scope": {scope + "/.default"}}
		r := httptest.NewRequest(http.MethodPost, "https://login.test/"+tenant+"/oauth2/v2.0/token", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		e.Handler().ServeHTTP(w, r)
		var answer struct {
			AccessToken string `json:"access_token"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatalf("%s: %v", w.Body, err)
		}
		return e, answer.AccessToken, w.Code
	}
	worldwide, _, _ := ask("", ssotest.GraphURI)
	gov, token, status := ask(government, government)
	if status != http.StatusOK {
		t.Fatalf("a token for the cloud's own Graph: %d", status)
	}
	if _, err := gov.CheckGraphToken(token); err != nil {
		t.Errorf("it is refused where it belongs: %v", err)
	}
	if _, err := worldwide.CheckGraphToken(token); err == nil {
		t.Error("it is taken worldwide")
	}
	if _, _, status := ask(government, ssotest.GraphURI); status != http.StatusBadRequest {
		t.Errorf("a token for the worldwide Graph from another cloud: %d", status)
	}
}
