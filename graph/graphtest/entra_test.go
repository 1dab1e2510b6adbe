package graphtest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"teamsbridge/graph/graphtest"
	"teamsbridge/sso/ssotest"
)

const (
	serviceApp = "aaaaaaaa-1111-4111-8111-aaaaaaaaaaaa"
	appSecret  = "not-a-secret-of-anybody"
)

// TestTokensOfTheSimulatedEntraAreChecked holds both simulators together: what
// the one grants and takes back, the other heeds.
func TestTokensOfTheSimulatedEntraAreChecked(t *testing.T) {
	entra := ssotest.New(ssotest.Options{Seed: 1, PlainURL: "http://entra.test", TLSURL: "http://entra.test"})
	entra.AddTenant(ssotest.Tenant{ID: contoso, Name: "Contoso", Domain: "contoso.example"})
	entra.AddApp(ssotest.App{ClientID: serviceApp, Name: "teamsbridge", Secrets: []string{appSecret}, GraphApplication: []string{"User.Read.All", "Presence.Read.All"}})
	server := graphtest.New(graphtest.Options{Authority: entra}, graphtest.Generate(1, contoso, "Contoso", "contoso.example", "DE", 20))

	token := func() string {
		form := url.Values{"grant_type": {"client_credentials"}, "client_id": {serviceApp}, "client_secret": {appSecret}, "scope": {"https://graph.microsoft.com/.default"}}
		r := httptest.NewRequest(http.MethodPost, "http://entra.test/"+contoso+"/oauth2/v2.0/token", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		entra.Handler().ServeHTTP(w, r)
		var answer struct {
			AccessToken string `json:"access_token"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer.AccessToken == "" {
			t.Fatalf("no token: %d %s", w.Code, w.Body)
		}
		return answer.AccessToken
	}
	status := func(token string) int {
		r := httptest.NewRequest(http.MethodGet, "http://graph.test/v1.0/users?$top=1", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		server.Handler().ServeHTTP(w, r)
		return w.Code
	}

	entra.Consent(contoso, serviceApp, []string{"Presence.Read.All"})
	if got := status(token()); got != http.StatusForbidden {
		t.Errorf("without consent for people: %d", got)
	}
	entra.Consent(contoso, serviceApp, []string{"User.Read.All"})
	good := token()
	if got := status(good); got != http.StatusOK {
		t.Errorf("with consent: %d", got)
	}
	if got := status(resigned(good)); got != http.StatusUnauthorized {
		t.Errorf("with another signature: %d", got)
	}
}

// resigned changes the first letter of a token's signature.
func resigned(token string) string {
	at := strings.LastIndexByte(token, '.') + 1
	other := "A"
	if token[at] == 'A' {
		other = "B"
	}
	return token[:at] + other + token[at+1:]
}
