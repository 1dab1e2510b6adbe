package ssotest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"teamsbridge/sso/ssotest"
)

const (
	tenantA   = "aaaaaaaa-0000-4000-8000-000000000001"
	tenantB   = "bbbbbbbb-0000-4000-8000-000000000002"
	serviceID = "11111111-0000-4000-8000-00000000000a"
	strangeID = "22222222-0000-4000-8000-00000000000b" // another app, a public client
	secret    = "correct horse battery staple"
	idURI     = "api://127.0.0.1/" + serviceID
	scope     = idURI + "/access_as_user"
	redirect  = "http://127.0.0.1:8080/auth/callback"
	consented = "http://127.0.0.1:8080/auth/consent"

	anjaID  = "a0000000-0000-4000-8000-000000000001"
	adminID = "a0000000-0000-4000-8000-000000000002"
	guestID = "a0000000-0000-4000-8000-000000000003"
	goneID  = "a0000000-0000-4000-8000-000000000004"
	bertaID = "b0000000-0000-4000-8000-000000000001"

	anja  = "anja@nordlicht.example"
	admin = "admin@nordlicht.example"
	gone  = "gone@nordlicht.example"
	berta = "berta@suedwind.example"

	password = "Geheim-123"
	grantOBO = "urn:ietf:params:oauth:grant-type:jwt-bearer"
)

// world is a simulated Entra behind one TLS address.
type world struct {
	*ssotest.Entra
	URL    string
	Client *http.Client // follows no redirects
}

// newWorld starts two organisations that both have the service installed;
// change may alter the service's registration and the options.
func newWorld(t *testing.T, change ...func(*ssotest.App, *ssotest.Options)) world {
	t.Helper()
	var handler http.Handler
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	options := ssotest.Options{Seed: 1, TLSURL: server.URL}
	app := ssotest.App{
		ClientID: serviceID, Name: "teamsbridge", IDURI: idURI,
		Scopes: []string{"access_as_user"}, Roles: []string{"Agent", "Supervisor", "Admin"},
		Secrets: []string{secret}, ExpiredSecrets: []string{"last year's"},
		Redirects:        []string{redirect, consented, "http://127.0.0.1:0/local"},
		PreAuthorized:    []string{ssotest.TeamsWeb, ssotest.TeamsDesktop},
		GraphApplication: []string{"User.Read.All", "Presence.Read.All"},
		GraphDelegated:   []string{"User.Read", "Presence.Read.All"},
	}
	for _, c := range change {
		c(&app, &options)
	}
	e := ssotest.New(options)
	e.AddTenant(ssotest.Tenant{ID: tenantA, Name: "Nordlicht", Domain: "nordlicht.example"})
	e.AddTenant(ssotest.Tenant{ID: tenantB, Name: "Südwind", Domain: "suedwind.example"})
	for _, a := range []ssotest.Account{
		{Tenant: tenantA, ObjectID: anjaID, Username: anja, Name: "Anja Weber", Roles: []string{"Agent"}},
		{Tenant: tenantA, ObjectID: adminID, Username: admin, Name: "Ada Admin", Roles: []string{"Admin", "Elsewhere"}},
		{Tenant: tenantA, ObjectID: goneID, Username: gone, Name: "Gerd Gone", Disabled: true},
		{Tenant: tenantB, ObjectID: bertaID, Username: berta, Name: "Berta Bauer", Roles: []string{"Agent"}},
		{Tenant: tenantA, ObjectID: guestID, Username: berta, Name: "Berta (Gast)", Guest: true},
	} {
		if !a.Guest {
			a.Password = password
		}
		e.AddAccount(a)
	}
	e.AddApp(app)
	e.AddApp(ssotest.App{ClientID: strangeID, Name: "Strange", Public: true, Redirects: []string{redirect}})
	for _, tenant := range []string{tenantA, tenantB} {
		e.Consent(tenant, serviceID, []string{"User.Read.All", "Presence.Read.All", "User.Read"})
	}
	handler = e.Handler()
	client := server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return world{Entra: e, URL: server.URL, Client: client}
}

// reply is an answer of the token endpoint, good or bad.
type reply struct {
	Status        int
	Header        http.Header
	AccessToken   string `json:"access_token"`
	RefreshToken  string `json:"refresh_token"`
	IDToken       string `json:"id_token"`
	Scope         string `json:"scope"`
	TokenType     string `json:"token_type"`
	ExpiresIn     int    `json:"expires_in"`
	ClientInfo    string `json:"client_info"`
	Error         string `json:"error"`
	Description   string `json:"error_description"`
	Codes         []int  `json:"error_codes"`
	TraceID       string `json:"trace_id"`
	CorrelationID string `json:"correlation_id"`
	Suberror      string `json:"suberror"`
}

// ask posts a form, written as key, value, key, value, to a tenant's token endpoint.
func (w world) ask(t *testing.T, tenant string, pairs ...string) reply {
	t.Helper()
	return post(t, w.Client, w.URL+"/"+tenant+"/oauth2/v2.0/token", form(pairs...))
}

func form(pairs ...string) url.Values {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values
}

func post(t *testing.T, client *http.Client, address string, values url.Values) reply {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(values.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	answer := reply{Status: response.StatusCode, Header: response.Header}
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatalf("token endpoint answered %d with no JSON: %s", response.StatusCode, body)
	}
	return answer
}

// tag is a code as descriptions and pages spell it.
func tag(code int) string { return fmt.Sprintf("AADSTS%d:", code) }

// signedIn gets a token for the service the way a test does, by password.
func (w world) signedIn(t *testing.T, tenant, client, username string) reply {
	t.Helper()
	answer := w.ask(t, tenant, "grant_type", "password", "client_id", client, "username", username, "password", password,
		"scope", scope+" openid profile offline_access")
	if answer.Status != http.StatusOK {
		t.Fatalf("password grant: %d %s", answer.Status, answer.Description)
	}
	return answer
}
