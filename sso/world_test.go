package sso_test

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
	"teamsbridge/sso/ssotest"
)

const password = "Geheim-123"

// world is the service between the simulated Entra and the simulated provider
// of the contact centre, all strict.
type world struct {
	*sso.Verifier
	*sso.SignIn
	Consent       *sso.Consent
	Organizations *sso.Organizations
	Prober        *prober
	Reviewer      sso.Reviewer
	Proof         sso.ClientAssertion
	Sealer        sso.Sealer // nil: what a restart needs is not kept
	Entra         *ssotest.Entra
	Provider      *ssotest.Provider
	Store         *sessiontest.Memory
	Registry      *prometheus.Registry // nil: nothing is counted
	URL           string
}

func newWorld(t testing.TB) *world {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	w := &world{URL: server.URL, Store: new(sessiontest.Memory), Prober: &prober{findings: allWell()}}
	options := ssotest.Options{Seed: 7, PlainURL: server.URL, TLSURL: server.URL}
	w.Entra = simulatedEntra(options)
	w.Provider = ssotest.NewProvider(ssotest.ProviderOptions{
		Options: options, Path: "/contact-centre", ClientID: "teamsbridge", Secret: "cc-secret", Audience: "desktop",
		Redirects: []string{public + "/auth/callback", public + "/"},
		Accounts: []ssotest.ProviderAccount{
			{Subject: "cc|anja", Username: "anja", Password: password, Name: "Anja (CC)"},
			{Subject: "cc|carl", Username: "carl", Password: password, Name: "Carl (CC)", Roles: []string{"Supervisor"}},
			{Subject: "cc|stranger", Username: "stranger", Password: password, Name: "Stranger"},
		},
	})
	mux.Handle("/contact-centre/", w.Provider.Handler())
	mux.Handle("/", w.Entra.Handler())
	w.build(t)
	return w
}

func simulatedEntra(options ssotest.Options) *ssotest.Entra {
	e := ssotest.New(options)
	for tenant, domain := range map[string]string{home: "nordlicht.example", partner: "suedwind.example", stranger: "fremd.example"} {
		e.AddTenant(ssotest.Tenant{ID: tenant, Name: domain, Domain: domain})
	}
	for _, account := range []ssotest.Account{
		{Tenant: home, ObjectID: anja, Username: "anja@nordlicht.example", Name: "Anja Weber", Roles: []string{"Agent"}},
		{Tenant: home, ObjectID: sofia, Username: "sofia@nordlicht.example", Name: "Sofia Sommer", Roles: []string{"Admin"}},
		{Tenant: home, ObjectID: nina, Username: "nina@nordlicht.example", Name: "Nina Nobody"},
		{Tenant: partner, ObjectID: bert, Username: "bert@suedwind.example", Name: "Bert Brand", Roles: []string{"Agent"}},
		{Tenant: stranger, ObjectID: anja, Username: "anja@fremd.example", Name: "Anja Anders", Roles: []string{"Admin"}},
	} {
		account.Password = password
		e.AddAccount(account)
	}
	e.AddApp(service())
	for _, tenant := range []string{home, partner, stranger} {
		e.Consent(tenant, serviceID, []string{"User.Read.All", "Presence.Read.All"})
	}
	return e
}

// service is this service's registration at Entra.
func service() ssotest.App {
	return ssotest.App{
		ClientID: serviceID, Name: "teamsbridge", IDURI: idURI, Scopes: []string{"access_as_user"},
		Roles: []string{"Agent", "Supervisor", "Admin"}, Secrets: []string{"entra-secret"},
		Redirects:        []string{public + "/auth/callback", public + "/auth/consent", public + "/"},
		PreAuthorized:    []string{teamsWeb, teamsDesk},
		GraphApplication: []string{"User.Read.All", "Presence.Read.All"},
	}
}

func (w *world) build(t testing.TB, change ...func(*sso.Config)) {
	t.Helper()
	w.buildAt(t, time.Now, change...)
}

// buildAt is build with a clock of its own.
func (w *world) buildAt(t testing.TB, now func() time.Time, change ...func(*sso.Config)) {
	t.Helper()
	cfg := sso.Config{
		Entra: sso.EntraConfig{
			Authority: w.URL, ClientID: serviceID, ClientSecret: "entra-secret",
			Scope: idURI + "/access_as_user", Tenants: []string{home, partner},
		},
		ContactCentre: []sso.ProviderConfig{{
			Name: "contact-centre", Issuer: w.Provider.Issuer(), Audience: "desktop",
			ClientID: "teamsbridge", ClientSecret: "cc-secret", Tenant: home,
		}},
	}
	for _, c := range change {
		c(&cfg)
	}
	w.Organizations = organizations(t, w.Prober, nil, w.Store)
	deps := sso.Deps{Agents: agents(t), Sessions: w.Store, PublicURL: public, Reviewer: w.Reviewer, Organizations: w.Organizations, Sealer: w.Sealer, ClientAssertion: w.Proof}
	deps = sso.WithClock(deps, now)
	if w.Registry != nil {
		deps.Registerer = w.Registry
	}
	var err error
	if w.Verifier, err = sso.NewVerifier(cfg, deps); err != nil {
		t.Fatal(err)
	}
	if w.SignIn, err = sso.NewSignIn(cfg, w.Verifier, deps); err != nil {
		t.Fatal(err)
	}
	if w.Consent, err = sso.NewConsent(cfg, w.Organizations, deps); err != nil {
		t.Fatal(err)
	}
}

// review has somebody asked whether the tokens that are shown still hold.
func (w *world) review(t testing.TB, r sso.Reviewer) {
	t.Helper()
	w.Reviewer = r
	w.build(t)
}

// token asks for a token by password, as Teams or another client.
func (w *world) token(t testing.TB, endpoint, client, username string) string {
	t.Helper()
	form := url.Values{
		"grant_type": {"password"}, "client_id": {client}, "username": {username}, "password": {password},
		"scope": {idURI + "/access_as_user openid profile"},
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint, strings.NewReader(form.Encode()))
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
		t.Fatalf("token of %s: %v %s", username, err, answer.Description)
	}
	return answer.AccessToken
}

func (w *world) entraToken(t testing.TB, tenant, client, username string) string {
	t.Helper()
	return w.token(t, w.URL+"/"+tenant+"/oauth2/v2.0/token", client, username)
}

// browser follows pages and fills in their forms until it is sent back here.
type browser struct {
	t      testing.TB
	client *http.Client
	fields map[string]string // what the person types or presses
}

func newBrowser(t testing.TB, fields map[string]string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &browser{t: t, client: client, fields: fields}
}

func signingIn(t testing.TB, username string) *browser {
	t.Helper()
	return newBrowser(t, map[string]string{"username": username, "password": password, "decision": "accept"})
}

var (
	formPattern   = regexp.MustCompile(`(?s)<form method="post" action="([^"]*)">(.*?)</form>`)
	hiddenPattern = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
)

// visit opens an address and gives the query with which it came back.
func (b *browser) visit(address string) url.Values {
	b.t.Helper()
	req := b.request(http.MethodGet, address, nil)
	for range 8 {
		resp, err := b.client.Do(req)
		if err != nil {
			b.t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			b.t.Fatal(err)
		}
		here := resp.Request.URL
		if location, err := resp.Location(); err == nil {
			if strings.HasPrefix(location.String(), public) {
				return location.Query()
			}
			req = b.request(http.MethodGet, location.String(), nil)
			continue
		}
		form := formPattern.FindSubmatch(body)
		if form == nil {
			b.t.Fatalf("%s answered %d with no form: %s", here.Path, resp.StatusCode, body)
		}
		action, err := here.Parse(html.UnescapeString(string(form[1])))
		if err != nil {
			b.t.Fatal(err)
		}
		req = b.request(http.MethodPost, action.String(), b.fill(form[2]))
	}
	b.t.Fatalf("%s leads nowhere", address)
	return nil
}

func (b *browser) fill(form []byte) url.Values {
	values := url.Values{}
	for _, hidden := range hiddenPattern.FindAllSubmatch(form, -1) {
		values.Set(html.UnescapeString(string(hidden[1])), html.UnescapeString(string(hidden[2])))
	}
	for name, value := range b.fields {
		if strings.Contains(string(form), `name="`+name+`"`) {
			values.Set(name, value)
		}
	}
	return values
}

func (b *browser) request(method, address string, form url.Values) *http.Request {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return req
}

// problem is what web hands on of a refusal: the code and its description.
func problem(query url.Values) string {
	return strings.TrimSpace(query.Get("error") + " " + query.Get("error_description"))
}
