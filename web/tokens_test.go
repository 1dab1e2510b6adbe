package web

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/sso"
	"teamsbridge/sso/tokentest"
)

// TestBadTokensAreAnsweredAndChangeNothing sends every token of the table with a
// command: holding a customer.
func TestBadTokensAreAnsweredAndChangeNothing(t *testing.T) {
	w := newWorld(t)
	path := "/api/v1/interactions/" + w.call("anja")
	before := w.ask(w.token(home, anja), http.MethodGet, path, "")
	shared, believer := w.believer(t)
	for _, attack := range tokentest.Attacks() {
		if attack.Unspeakable {
			continue
		}
		t.Run(attack.Name, func(t *testing.T) {
			a, server := shared, believer
			if attack.Rekeys {
				a, server = w.believer(t)
			}
			answer := send(server, path+"/hold", attack.Token(t, a))
			var p Problem
			if err := json.Unmarshal(answer.Body.Bytes(), &p); err != nil {
				t.Fatalf("%v in %s", err, answer.Body)
			}
			got := tokentest.Answer{Status: answer.Code, Slug: strings.TrimPrefix(p.Type, problemBase), Reason: p.Reason}
			if got != attack.Want || p.Status != attack.Want.Status {
				t.Errorf("%+v, want %+v", got, attack.Want)
			}
			challenge := ""
			if attack.Want.Status == http.StatusUnauthorized {
				challenge = invalidToken
			}
			if got := answer.Header().Get("WWW-Authenticate"); got != challenge {
				t.Errorf("WWW-Authenticate %q, want %q", got, challenge)
			}
			for _, inside := range []string{a.URL, "Anja", tokentest.Anja, tokentest.ServiceID, "go-jose", "sso:", "eyJ"} {
				if strings.Contains(answer.Body.String(), inside) {
					t.Errorf("the answer tells %q: %s", inside, answer.Body)
				}
			}
		})
	}
	if after := w.ask(w.token(home, anja), http.MethodGet, path, ""); after.status != http.StatusOK || after.body != before.body {
		t.Errorf("after the attacks %d %s, before them %s", after.status, after.body, before.body)
	}
	if logs := w.logs.String(); strings.Contains(logs, "eyJ") {
		t.Errorf("a token was logged: %s", logs)
	}
}

// believer is an authority and the world's server, believing all of it.
func (w *world) believer(t *testing.T) (*tokentest.Authority, http.Handler) {
	t.Helper()
	a, deps := tokentest.NewAuthority(t, time.Now), w.deps
	deps.Registerer = prometheus.NewRegistry()
	var err error
	deps.Verifier, err = sso.NewVerifier(a.Config(), sso.Deps{Agents: tokentest.Agents(t), Sessions: w.sessions, Logger: deps.Logger})
	fatal(t, err)
	server, err := New(Config{PublicURL: w.url}, deps)
	fatal(t, err)
	return a, server.Handler()
}

func send(h http.Handler, path, token string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, http.NoBody)
	r.Header.Set("Authorization", "Bearer "+token)
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, r)
	return answer
}

// TestATokenCountsInOnePlaceOnly: where tokens get logged, cached, sent by other
// sites or shown twice, they are not looked for.
func TestATokenCountsInOnePlaceOnly(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, anja)
	for _, c := range []struct {
		name   string
		change func(*http.Request)
		status int
	}{
		{"in the header", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }, 200},
		{"the scheme in lower case", func(r *http.Request) { r.Header.Set("Authorization", "bearer "+token) }, 200},
		{"more than one space", func(r *http.Request) { r.Header.Set("Authorization", "Bearer   "+token) }, 200},
		{"twice", func(r *http.Request) { r.Header["Authorization"] = []string{"Bearer " + token, "Bearer " + token} }, 401},
		{"beside another scheme", func(r *http.Request) { r.Header["Authorization"] = []string{"Basic YTpi", "Bearer " + token} }, 401},
		{"in a list", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token+", Bearer "+token) }, 401},
		{"without a scheme", func(r *http.Request) { r.Header.Set("Authorization", token) }, 401},
		{"as a password", func(r *http.Request) { r.SetBasicAuth("anja", token) }, 401},
		{"under the scheme of a proof of possession", func(r *http.Request) { r.Header.Set("Authorization", "DPoP "+token) }, 401},
		{"for a proxy", func(r *http.Request) { r.Header.Set("Proxy-Authorization", "Bearer "+token) }, 401},
		{"in the address", func(r *http.Request) { r.URL.RawQuery = "access_token=" + token }, 401},
		{"in a cookie", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "access_token", Value: token}) }, 401},
		{"in the session's cookie", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: w.server.cookieName(r), Value: token}) }, 401},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, w.url+"/api/v1/session", http.NoBody)
			c.change(r)
			answer := httptest.NewRecorder()
			w.server.Handler().ServeHTTP(answer, r)
			if answer.Code != c.status {
				t.Errorf("%d %s, want %d", answer.Code, answer.Body, c.status)
			}
		})
	}
}

// TestAnApplicationAdministersAndHasNoCalls: an application that is admitted
// with role Admin does what an administrator without a row may do.
func TestAnApplicationAdministersAndHasNoCalls(t *testing.T) {
	w := newWorld(t)
	a, server := w.believer(t)
	token := a.Sign(t, a.Key(0), a.Application())
	call := w.call("anja")
	for _, c := range []struct {
		name, method, path string
		status             []int
	}{
		{"it says who it is", http.MethodGet, "/session", []int{200}},
		{"it reads the agents", http.MethodGet, "/admin/agents", []int{200}},
		{"it reads the organisation", http.MethodGet, "/admin/organization", []int{200}},
		{"it has no calls", http.MethodGet, "/interactions", []int{200}},
		{"it sees nobody's call", http.MethodGet, "/interactions/" + call, []int{403, 404}},
		{"it holds nobody's call", http.MethodPost, "/interactions/" + call + "/hold", []int{403, 404}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(c.method, apiBase+c.path, http.NoBody)
			r.Header.Set("Authorization", "Bearer "+token)
			answer := httptest.NewRecorder()
			server.ServeHTTP(answer, r)
			if !slices.Contains(c.status, answer.Code) {
				t.Errorf("%d %s, want one of %v", answer.Code, answer.Body, c.status)
			}
		})
	}
}

// TestTheTableOfTokensIsWrittenDown holds docs/token-attacks.md against the table;
// -update writes it.
func TestTheTableOfTokensIsWrittenDown(t *testing.T) {
	var page strings.Builder
	attacks := tokentest.Attacks()
	fmt.Fprintf(&page, "# Attacks on tokens\n\n%d tokens that are refused, and what each is answered, whatever is asked for with it. Rendered from package\n"+
		"`sso/tokentest` by `TestTheTableOfTokensIsWrittenDown`; the tests of `sso` and `web` make every one of them. [tokens.md](tokens.md)\n"+
		"says what is looked at, and in which order.\n\n| no. | token | answer | reason |\n|---|---|---|---|\n", len(attacks))
	for i, a := range attacks {
		fmt.Fprintf(&page, "| %d | %s | %d `%s` | `%s` |\n", i+1, a.Name, a.Want.Status, a.Want.Slug, a.Want.Reason)
	}
	wantWritten(t, "token-attacks.md", page.String())
}

// wantWritten holds a document against what a table gives; -update writes it.
func wantWritten(t *testing.T, name, page string) {
	t.Helper()
	file := filepath.Join("..", "docs", name)
	if update := flag.Lookup("update"); update != nil && update.Value.String() == "true" {
		fatal(t, os.WriteFile(file, []byte(page), 0o644))
	}
	written, err := os.ReadFile(file)
	fatal(t, err)
	if diff := cmp.Diff(string(written), page); diff != "" {
		t.Errorf("%s is not the table (go test ./web -update writes it):\n%s", file, diff)
	}
}
