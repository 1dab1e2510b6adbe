package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWhatLiesBesideTheInterfaceWithstandsAttacks: the page, the ways in and
// out, and health. Nobody is signed in; nothing changes, nothing is echoed, and
// no answer leads to another host.
func TestWhatLiesBesideTheInterfaceWithstandsAttacks(t *testing.T) {
	s := besieged(newWorld(t))
	before := s.standing()
	for _, c := range []struct {
		name, method, target string
		status               int
		slug                 slug // of the problem; empty: it is none
	}{
		{"a file above the page's", "GET", "/assets/..%2f..%2f..%2fgo.mod", 404, slugNotFound},
		{"a file above the page's, unescaped", "GET", "/assets/../../../../etc/passwd.txt", 307, ""},
		{"a file above the page's, escaped twice", "GET", "/assets/%252e%252e%252fgo.mod", 404, slugNotFound},
		{"a file above the page's, by backslashes", "GET", "/assets/..%5c..%5cgo.mod", 404, slugNotFound},
		{"a repository", "GET", "/.git/config.txt", 404, slugNotFound},
		{"a source file", "GET", "/server.go", 404, slugNotFound},
		{"the configuration", "GET", "/teamsbridge.yaml", 404, slugNotFound},
		{"the store", "GET", "/teamsbridge.db", 404, slugNotFound},
		{"a NUL in a file's name", "GET", "/assets/app.js%00.html", 404, slugNotFound},
		{"a folder, which is a page of the desktop and no list", "GET", "/assets/", 200, ""},
		{"metrics, which are inside", "GET", "/metrics.txt", 404, slugNotFound},
		{"profiles, which are inside", "POST", "/debug/pprof/heap", 405, slugMethodNotAllowed},
		{"the simulators' control", "POST", "/_control/keys/rotate", 405, slugMethodNotAllowed},
		{"writing to the page", "PUT", "/index.html", 405, slugMethodNotAllowed},
		{"a page of a problem that is a script", "GET", "/problems/%3Cscript%3E" + planted, 404, slugNotFound},
		{"a page of a problem above", "GET", "/problems/..%2f" + planted, 404, slugNotFound},
		{"a provider that is a script", "GET", "/auth/login?provider=%3Cscript%3E" + planted, 404, slugNotFound},
		{"a header by the provider's name", "GET", "/auth/login?provider=x%0d%0aSet-Cookie:%20" + planted, 404, slugNotFound},
		{"a callback with a state that nobody was given", "GET", "/auth/callback?code=" + planted + "&state=" + planted, 401, slugSignInRequired},
		{"a callback with an error that is a page", "GET", "/auth/callback?state=x&error=%3Cscript%3E" + planted, 401, slugSignInRequired},
		{"a callback with everything twice", "GET", "/auth/callback?state=a&state=" + planted + "&code=a&code=b", 401, slugSignInRequired},
		{"a consent that nobody began", "GET", "/auth/consent?state=" + planted + "&tenant=" + home + "&admin_consent=True", 401, slugSignInRequired},
		{"a consent by a made-up code", "GET", "/auth/consent?code=" + planted, 401, slugSignInRequired},
		{"signing in by POST", "POST", "/auth/login?provider=entra", 405, slugMethodNotAllowed},
		{"below the ways in and out", "GET", "/auth/" + planted, 404, slugNotFound},
		{"webhooks, of which there are none", "GET", "/webhooks/graph/" + planted, 404, slugNotFound},
		{"changing health", "DELETE", "/readyz", 405, slugMethodNotAllowed},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, accept := range []string{"application/json", "text/html"} {
				q := &attempt{method: c.method, target: c.target, header: http.Header{"Accept": {accept}}}
				got := s.send(q)
				if got.status != c.status || accept == "application/json" && got.problem() != string(c.slug) {
					t.Errorf("%d %.300s", got.status, got.body)
				}
				for _, leak := range leaks(q, got) {
					t.Errorf("the answer has %q: %.300s", leak, got.body)
				}
				if to := got.header.Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")) {
					t.Errorf("leads to %s", to)
				}
			}
			if diff := cmp.Diff(before, s.standing()); diff != "" {
				t.Errorf("changed something:\n%s", diff)
			}
		})
	}
}
