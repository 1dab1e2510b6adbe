package interop_test

import (
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
)

const (
	public = "http://127.0.0.1:8080"
	tenant = "aaaaaaaa-0000-4000-8000-000000000001"
)

var (
	actionPattern = regexp.MustCompile(`<form[^>]*action="([^"]*)"`)
	hiddenPattern = regexp.MustCompile(`<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"`)
)

// TestSignInAndOutAtAProviderOfOthers goes the whole way at zitadel/oidc, an
// OpenID provider library that shares no line with this service's simulators.
func TestSignInAndOutAtAProviderOfOthers(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	issuer := "http://" + server.Listener.Addr().String() + "/"
	storage.RegisterClients(storage.WebClient("teamsbridge", "secret", public+"/auth/callback"))
	provider := exampleop.SetupServer(issuer, storage.NewStorage(storage.NewUserStore(issuer)), slog.New(slog.DiscardHandler), false)
	server.Config.Handler = provider
	server.Start()
	defer server.Close()

	agents, err := sso.NewAgents([]sso.Agent{{ID: "anja", Tenant: tenant, Subject: "id1", Name: "Anja"}})
	if err != nil {
		t.Fatal(err)
	}
	cfg := sso.Config{ContactCentre: []sso.ProviderConfig{{
		Name: "zitadel", Issuer: issuer, ClientID: "teamsbridge", ClientSecret: "secret", Tenant: tenant,
	}}}
	store := new(sessiontest.Memory)
	deps := sso.Deps{Agents: agents, Sessions: store, PublicURL: public}
	verifier, err := sso.NewVerifier(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	signIn, err := sso.NewSignIn(cfg, verifier, deps)
	if err != nil {
		t.Fatal(err)
	}

	begun, err := signIn.Begin(t.Context(), sso.Entry{Provider: "zitadel", Return: "/calls"})
	if err != nil {
		t.Fatal(err)
	}
	back := visit(t, begun.URL)
	done, err := signIn.Complete(t.Context(), sso.Callback{
		State: back.Get("state"), Code: back.Get("code"), Issuer: back.Get("iss"), Browser: begun.Browser,
		Error: strings.TrimSpace(back.Get("error") + " " + back.Get("error_description")),
	})
	if err != nil || done.Return != "/calls" {
		t.Fatalf("Complete(%v) = %+v, %v", back, done, err)
	}
	p, err := verifier.FromSession(t.Context(), done.Secret)
	if err != nil || p.Agent().ID != "anja" || p.Identity() != sso.IdentityContactCentre {
		t.Fatalf("FromSession = %+v, %v", p, err)
	}
	out, err := signIn.End(t.Context(), done.Secret)
	if err != nil || !strings.HasPrefix(out, issuer) || store.Sessions() != 0 {
		t.Errorf("End = %q, %v with %d sessions", out, err, store.Sessions())
	}
}

// visit fills in the provider's forms until it leads back here.
func visit(t *testing.T, address string) url.Values {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	method, form := http.MethodGet, url.Values(nil)
	for range 8 {
		r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		if form != nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if to, err := resp.Location(); err == nil {
			if strings.HasPrefix(to.String(), public) {
				return to.Query()
			}
			method, address, form = http.MethodGet, to.String(), nil
			continue
		}
		action := actionPattern.FindSubmatch(body)
		if action == nil {
			t.Fatalf("%s: %d %s", address, resp.StatusCode, body)
		}
		to, err := resp.Request.URL.Parse(html.UnescapeString(string(action[1])))
		if err != nil {
			t.Fatal(err)
		}
		form = url.Values{"username": {"test-user@127.0.0.1"}, "password": {"verysecure"}}
		for _, field := range hiddenPattern.FindAllSubmatch(body, -1) {
			form.Set(html.UnescapeString(string(field[1])), html.UnescapeString(string(field[2])))
		}
		method, address = http.MethodPost, to.String()
	}
	t.Fatal("the provider leads nowhere")
	return nil
}
