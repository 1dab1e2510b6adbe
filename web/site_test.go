package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// siteOf is a server without domains, and what it answers.
func siteOf(t *testing.T, cfg Config) func(method, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	s, err := New(cfg, Deps{Version: "1.2.3"})
	fatal(t, err)
	return func(method, path string, headers ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		return w
	}
}

func TestWhichPathsThereAre(t *testing.T) {
	ask := siteOf(t, Config{})
	for _, c := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/", 200, ""},
		{"GET", "/admin", 200, ""},
		{"GET", "/calls/some-interaction", 200, ""},
		{"HEAD", "/", 200, ""},
		{"POST", "/", 405, "GET, HEAD"},
		{"GET", "/assets/none.js", 404, ""},
		{"GET", "/favicon.ico.none", 404, ""},
		{"GET", "/api", 404, ""},
		{"GET", "/api/v1/none", 404, ""},
		{"GET", "/api/v2/session", 404, ""},
		{"DELETE", "/api/v1/session", 405, "GET, HEAD"},
		{"GET", "/api/v1/interactions/x/hold", 405, "POST"},
		{"GET", "/api/v1/targets/friends", 404, ""},
		{"GET", "/auth/none", 404, ""},
		{"GET", "/problems", 404, ""},
		{"GET", "/problems/none", 404, ""},
		{"GET", "/problems/wrong-phase", 200, ""},
		{"GET", "/webhooks/graph/x", 404, ""},
		{"GET", "/metrics", 404, ""},
		{"GET", "/debug/pprof/heap", 404, ""},
		{"GET", "/healthz", 200, ""},
		{"GET", "/auth/logout", 303, ""},
	} {
		t.Run(c.method+" "+c.path, func(t *testing.T) {
			w := ask(c.method, c.path)
			if w.Code != c.status || w.Header().Get("Allow") != c.allow {
				t.Errorf("%d, Allow %q: %s", w.Code, w.Header().Get("Allow"), w.Body)
			}
			if c.status >= 400 && w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("Content-Type %q", w.Header().Get("Content-Type"))
			}
			if w.Header().Get("X-Request-Id") == "" {
				t.Error("no X-Request-Id")
			}
		})
	}
}

func TestProfilesAndMetricsAreNotPublic(t *testing.T) {
	ask := siteOf(t, Config{})
	for _, path := range []string{"/debug/pprof/", "/debug/pprof/cmdline", "/debug/pprof/heap?debug=1", "/debug/vars", "/metrics", "/.git/config", "/teamsbridge.yaml"} {
		w := ask("GET", path)
		body := w.Body.String()
		for _, inside := range []string{"goroutine", "heap profile", "cmdline", "teamsbridge_", "memstats", "repositoryformatversion", "client_secret"} {
			if strings.Contains(body, inside) {
				t.Errorf("%s: %d, and tells %q", path, w.Code, inside)
			}
		}
	}
}

func TestEveryAnswerHasItsHeaders(t *testing.T) {
	ask := siteOf(t, Config{PublicURL: "https://desktop.example.com"})
	for _, path := range []string{"/", "/api/v1/session", "/api/v1/openapi.json", "/problems/not-found", "/healthz"} {
		h := ask("GET", path).Header()
		want := map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cache-Control": "no-store", "Strict-Transport-Security": "max-age=31536000",
		}
		for name, value := range want {
			if got := h.Get(name); got != value {
				t.Errorf("%s: %s is %q, want %q", path, name, got, value)
			}
		}
		if policy := h.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; ") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if h.Get("Cross-Origin-Opener-Policy") != "" {
			t.Errorf("%s: the opener of the consent window is cut", path)
		}
	}
	if h := siteOf(t, Config{})("GET", "/").Header(); h.Get("Strict-Transport-Security") != "" {
		t.Error("plain http is told to use https")
	}
}

func TestThePageGetsANonceOfItsOwn(t *testing.T) {
	ask := siteOf(t, Config{})
	inPolicy := regexp.MustCompile(`style-src 'self' 'nonce-([A-Z0-9]+)'`)
	seen := map[string]bool{}
	for range 3 {
		w := ask("GET", "/")
		policy := w.Header().Get("Content-Security-Policy")
		found := inPolicy.FindStringSubmatch(policy)
		if found == nil {
			t.Fatalf("policy %q", policy)
		}
		if !strings.Contains(w.Body.String(), `content="`+found[1]+`"`) || strings.Contains(w.Body.String(), noncePlaceholder) {
			t.Errorf("the page does not hold the nonce %s: %s", found[1], w.Body)
		}
		if !strings.Contains(policy, "script-src 'self';") || !strings.Contains(policy, "https://teams.microsoft.com") {
			t.Errorf("policy %q", policy)
		}
		seen[found[1]] = true
	}
	if len(seen) != 3 {
		t.Error("a nonce came twice")
	}
}

func TestFilesOfThePageAreRevalidatedAndZipped(t *testing.T) {
	content := bytes.Repeat([]byte("console.log('hello');\n"), 100)
	file, err := newPageFile("assets/app.js", content)
	fatal(t, err)
	s, err := New(Config{}, Deps{})
	fatal(t, err)
	s.page = &page{index: []byte("<!doctype html>"), files: map[string]*pageFile{"/assets/app.js": file}}
	ask := func(headers ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/assets/app.js", nil)
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		return w
	}
	plain, zipped := ask(), ask("Accept-Encoding", "gzip, br")
	if !bytes.Equal(plain.Body.Bytes(), content) || plain.Header().Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("plain: %s", plain.Header())
	}
	z, err := gzip.NewReader(zipped.Body)
	fatal(t, err)
	if unzipped, err := io.ReadAll(z); err != nil || !bytes.Equal(unzipped, content) || zipped.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("zipped: %v %s", err, zipped.Header())
	}
	if plain.Header().Get("ETag") == zipped.Header().Get("ETag") {
		t.Error("both forms have one ETag")
	}
	if w := ask("If-None-Match", plain.Header().Get("ETag")); w.Code != http.StatusNotModified {
		t.Errorf("revalidated: %d", w.Code)
	}
	if got := plain.Header().Get("Cache-Control"); got != "no-cache" {
		t.Errorf("Cache-Control %q", got)
	}
}

func TestAPanicIsAnInternalErrorThatSaysNothing(t *testing.T) {
	w := newWorld(t)
	h := w.server.outermost(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(marker) }))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	if rec.Code != 500 || strings.Contains(rec.Body.String(), marker) || !strings.Contains(rec.Body.String(), "/problems/internal") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	if n := strings.Count(w.logs.String(), marker); n != 1 {
		t.Errorf("logged %d times", n)
	}
}

func TestHealthAndReadiness(t *testing.T) {
	missing, notes := []string{"directory"}, []string(nil)
	w := newWorld(t, func(_ *Config, w *world) {
		w.deps.Ready = func() []string { return missing }
		w.deps.Notes = func() []string { return notes }
	})
	if got := w.ask("", http.MethodGet, "/healthz", "").decode(t); !cmp.Equal(got, map[string]any{"status": "ok", "version": "test"}) {
		t.Errorf("health %v", got)
	}
	ready := func() (int, map[string]any) {
		a := w.ask("", http.MethodGet, "/readyz", "")
		return a.status, a.decode(t)
	}
	if status, got := ready(); status != 503 || !cmp.Equal(got, map[string]any{"ready": false, "missing": []any{"directory"}}) {
		t.Errorf("not ready: %d %v", status, got)
	}
	missing = nil
	if status, got := ready(); status != 200 || !cmp.Equal(got, map[string]any{"ready": true, "missing": []any{}}) {
		t.Errorf("ready: %d %v", status, got)
	}
	notes = []string{"damaged interactions set apart: 1"}
	if status, got := ready(); status != 200 || !cmp.Equal(got, map[string]any{"ready": true, "missing": []any{}, "notes": []any{notes[0]}}) {
		t.Errorf("ready with a note: %d %v", status, got)
	}
}

func TestWhileTheServiceStopsNothingNewBeginsAndRepeatsAreAnswered(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, anja)
	id, other := w.call("anja"), w.call("anja")
	consulting := `{"target":{"kind":"agent","id":"ben"}}`
	begun := w.ask(token, http.MethodPost, "/api/v1/interactions/"+other+"/consult", consulting, "Idempotency-Key", "k")
	reserved := w.reserve(token, bodies["reserve"], "Idempotency-Key", "k")
	w.server.Drain(t.Context())
	if a := w.ask("", http.MethodGet, "/readyz", ""); a.status != 503 {
		t.Errorf("ready while draining: %d %s", a.status, a.body)
	}
	for _, path := range []string{"/consult", "/transfer"} {
		if a := w.ask(token, http.MethodPost, "/api/v1/interactions/"+id+path, consulting); a.problem() != "draining" {
			t.Errorf("%s while draining: %d %s", path, a.status, a.body)
		}
	}
	if a := w.reserve(token, bodies["reserve"]); a.problem() != "draining" {
		t.Errorf("a reservation while draining: %d %s", a.status, a.body)
	}
	if a := w.ask(token, http.MethodPost, "/api/v1/interactions/"+other+"/consult", consulting, "Idempotency-Key", "k"); a.status != 200 || a.body != begun.body {
		t.Errorf("a repeat while draining: %d %s, want %s", a.status, a.body, begun.body)
	}
	if a := w.reserve(token, bodies["reserve"], "Idempotency-Key", "k"); a.status != 201 || a.body != reserved.body {
		t.Errorf("a repeated reservation while draining: %d %s, want %s", a.status, a.body, reserved.body)
	}
	if a := w.ask(token, http.MethodPost, "/api/v1/interactions/"+id+"/hold", ""); a.status != 200 {
		t.Errorf("hold while draining: %d %s", a.status, a.body)
	}
	if a := w.ask(token, http.MethodGet, "/api/v1/events", ""); a.problem() != "draining" {
		t.Errorf("events while draining: %d %s", a.status, a.body)
	}
}

func TestRequestsAreCountedByRouteAndNothingElse(t *testing.T) {
	w := newWorld(t)
	w.ask(w.token(home, anja), http.MethodGet, "/api/v1/interactions/one", "")
	w.ask("", http.MethodGet, "/api/v1/none", "")
	w.ask("", "BREW", "/api/v1/session", "")
	rec := httptest.NewRecorder()
	w.server.Internal().ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	for _, line := range []string{
		`teamsbridge_http_requests_total{method="GET",route="/api/v1/interactions/{id}",status="404"} 1`,
		`teamsbridge_http_requests_total{method="GET",route="unmatched",status="404"} 1`,
		`teamsbridge_http_requests_total{method="other",route="unmatched",status="405"} 1`,
		`teamsbridge_http_request_duration_seconds_count{method="GET",route="/api/v1/interactions/{id}"} 1`,
		`teamsbridge_http_event_streams 0`,
	} {
		if !strings.Contains(rec.Body.String(), line) {
			t.Errorf("no %s in\n%s", line, rec.Body)
		}
	}
}

func TestBodiesAreLimitedAndTyped(t *testing.T) {
	w := newWorld(t, func(c *Config, _ *world) { c.MaxBody = 100 })
	token := w.token(home, anja)
	body := func(n int) string { return `{"input":"` + strings.Repeat("1", n-len(`{"input":""}`)) + `"}` }
	for _, c := range []struct {
		name, body  string
		contentType string
		status      int
		problem     string
	}{
		{"just what is allowed", body(100), "application/json", 200, ""},
		{"one byte more", body(101), "application/json", 413, "too-large"},
		{"a form", "input=1", "application/x-www-form-urlencoded", 415, "unsupported-media-type"},
		{"text", `{"input":"1"}`, "text/plain", 415, "unsupported-media-type"},
		{"with a character set", `{"input":"1"}`, "application/json; charset=utf-8", 200, ""},
		{"two documents", `{"input":"1"}{}`, "application/json", 400, "malformed"},
		{"a number", `7`, "application/json", 422, "request-invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := w.ask(token, http.MethodPost, "/api/v1/dial-number/check", c.body, "Content-Type", c.contentType)
			if a.status != c.status || a.problem() != c.problem {
				t.Errorf("%d %s, want %d %s", a.status, a.body, c.status, c.problem)
			}
		})
	}
}

func TestRefusalsDoNotEchoTheRequest(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, anja)
	for _, c := range []struct{ name, method, path, body string }{
		{"a value of the wrong type", "POST", "/api/v1/dial-number/check", `{"input":{"` + marker + `":1}}`},
		{"an unknown member", "POST", "/api/v1/dial-number/check", `{"` + marker + `":1}`},
		{"an unknown member inside", "POST", "/api/v1/interactions/x/consult", `{"target":{"kind":"agent","` + marker + `":1}}`},
		{"a value outside the list", "PUT", "/api/v1/session/state", `{"name":"` + marker + `"}`},
		{"garbled JSON", "PUT", "/api/v1/session/state", `{"name":` + marker},
		{"a query value", "GET", "/api/v1/experts?limit=" + marker, ""},
		{"a path", "GET", "/api/v1/interactions/" + marker, ""},
		{"an unknown path", "GET", "/api/v1/" + marker, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := w.ask(token, c.method, c.path, c.body)
			if a.status < 400 || strings.Contains(a.body, marker) {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
}
