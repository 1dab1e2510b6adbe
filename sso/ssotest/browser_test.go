package ssotest_test

import (
	"context"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// browser walks through pages the way a person does: it keeps cookies, fills in
// forms and stops where it would leave the provider.
type browser struct {
	t        *testing.T
	client   *http.Client
	origin   string
	language string
}

// page is where a browser has arrived.
type page struct {
	Status int
	Header http.Header
	Body   string
	At     *url.URL // of the page, or of the application it is sent to
	Left   bool     // sent to the application
}

func newBrowser(t *testing.T, client *http.Client, origin string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	own := *client
	own.Jar = jar
	return &browser{t: t, client: &own, origin: origin, language: "en"}
}

func (w world) browser(t *testing.T) *browser { return newBrowser(t, w.Client, w.URL) }

// open goes to an address and follows redirects within the provider.
func (b *browser) open(address string) page {
	b.t.Helper()
	return b.follow(b.request(http.MethodGet, address, nil))
}

func (b *browser) request(method, address string, body url.Values) *http.Request {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), method, address, strings.NewReader(body.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header.Set("Accept-Language", b.language)
	if body != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", b.origin)
		request.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	return request
}

func (b *browser) follow(request *http.Request) page {
	b.t.Helper()
	for range 10 {
		response, err := b.client.Do(request)
		if err != nil {
			b.t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			b.t.Fatal(err)
		}
		if response.StatusCode < 300 || response.StatusCode > 399 {
			return page{Status: response.StatusCode, Header: response.Header, Body: string(body), At: request.URL}
		}
		next, err := response.Location()
		if err != nil {
			b.t.Fatal(err)
		}
		if next.Scheme+"://"+next.Host != b.origin {
			return page{Status: response.StatusCode, Header: response.Header, At: next, Left: true}
		}
		request = b.request(http.MethodGet, next.String(), nil)
	}
	b.t.Fatal("redirected for ever")
	return page{}
}

var (
	formAction = regexp.MustCompile(`<form method="post" action="([^"]*)"`)
	hidden     = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
	link       = regexp.MustCompile(`id="([a-z]+)" href="([^"]*)"`)
)

// submit sends the page's form with what a person adds to it.
func (b *browser) submit(p page, pairs ...string) page {
	b.t.Helper()
	action := formAction.FindStringSubmatch(p.Body)
	if action == nil {
		b.t.Fatalf("no form on the page (%d):\n%s", p.Status, p.Body)
	}
	values := form(pairs...)
	for _, field := range hidden.FindAllStringSubmatch(p.Body, -1) {
		values.Set(field[1], html.UnescapeString(field[2]))
	}
	target, err := p.At.Parse(html.UnescapeString(action[1]))
	if err != nil {
		b.t.Fatal(err)
	}
	return b.follow(b.request(http.MethodPost, target.String(), values))
}

// click follows the link with the id.
func (b *browser) click(p page, id string) page {
	b.t.Helper()
	for _, l := range link.FindAllStringSubmatch(p.Body, -1) {
		if l[1] == id {
			target, err := p.At.Parse(html.UnescapeString(l[2]))
			if err != nil {
				b.t.Fatal(err)
			}
			return b.open(target.String())
		}
	}
	b.t.Fatalf("no link %q on the page:\n%s", id, p.Body)
	return page{}
}

// signIn fills in the login form.
func (b *browser) signIn(p page, username string) page {
	b.t.Helper()
	return b.submit(p, "username", username, "password", password)
}

// application is what signs people in: an x/oauth2 client with go-oidc.
type application struct {
	config   oauth2.Config
	ctx      context.Context
	verifier *oidc.IDTokenVerifier
}

func (w world) application(t *testing.T, realm string) application {
	t.Helper()
	ctx := oidc.ClientContext(t.Context(), w.Client)
	return application{
		ctx: ctx,
		config: oauth2.Config{
			ClientID: serviceID, ClientSecret: secret, RedirectURL: redirect,
			Scopes: []string{"openid", "profile", "email", "offline_access", scope},
			Endpoint: oauth2.Endpoint{
				AuthURL:  w.URL + "/" + realm + "/oauth2/v2.0/authorize",
				TokenURL: w.URL + "/" + realm + "/oauth2/v2.0/token", AuthStyle: oauth2.AuthStyleInParams,
			},
		},
		verifier: oidc.NewVerifier(w.URL+"/"+tenantA+"/v2.0",
			oidc.NewRemoteKeySet(ctx, w.URL+"/common/discovery/v2.0/keys"), &oidc.Config{ClientID: serviceID}),
	}
}

const codeVerifier = "a-verifier-of-the-forty-three-characters-at-least"

// start is the address at which a sign-in begins.
func (a application) start(options ...oauth2.AuthCodeOption) string {
	return a.config.AuthCodeURL("the-state", append([]oauth2.AuthCodeOption{
		oauth2.S256ChallengeOption(codeVerifier), oidc.Nonce("the-nonce")}, options...)...)
}

// wantCode checks that the browser came back with one.
func wantCode(t *testing.T, p page) string {
	t.Helper()
	query := p.At.Query()
	if !p.Left || !strings.HasPrefix(p.At.String(), redirect+"?") || query.Get("code") == "" || query.Get("state") != "the-state" {
		t.Fatalf("arrived at %s (%d), want the application with a code\n%s", p.At, p.Status, p.Body)
	}
	return query.Get("code")
}

// wantErrorAtApplication checks that the application hears of an error.
func wantErrorAtApplication(t *testing.T, p page, name string, code int) {
	t.Helper()
	query := p.At.Query()
	if !p.Left || query.Get("error") != name || query.Get("state") != "the-state" || query.Get("code") != "" {
		t.Fatalf("arrived at %s (%d), want the application with %s\n%s", p.At, p.Status, name, p.Body)
	}
	if want := tag(code); !strings.Contains(query.Get("error_description"), want) {
		t.Errorf("description %q, want %s", query.Get("error_description"), want)
	}
}
