package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/sso/ssotest"
)

func limited(change func(*LimitsConfig)) worldOption {
	return func(c *Config, _ *world) { change(&c.Limits) }
}

func TestAnAgentWhoAsksTooMuchIsRefusedAlone(t *testing.T) {
	w := newWorld(t, limited(func(l *LimitsConfig) { l.PerAgent = RateConfig{Rate: 0.01, Burst: 3} }))
	now := time.Now()
	w.server.now = func() time.Time { return now }
	anjas, bens := w.token(home, anja), w.token(home, ben)
	for range 3 {
		if a := w.ask(anjas, http.MethodGet, "/api/v1/session", ""); a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	for _, token := range []string{anjas, w.token(home, anja)} { // another token is the same agent
		a := w.ask(token, http.MethodGet, "/api/v1/session", "")
		if a.status != 429 || a.problem() != "too-many-requests" || a.header.Get("Retry-After") != "100" {
			t.Errorf("%d %s, Retry-After %s", a.status, a.body, a.header.Get("Retry-After"))
		}
	}
	if a := w.ask(bens, http.MethodGet, "/api/v1/session", ""); a.status != 200 {
		t.Errorf("somebody else at the same address: %d", a.status)
	}
	if got, want := w.told(home, 0), "refusal GET /api/v1/session refused too-many-requests by anja"; !slices.Contains(got, want) {
		t.Errorf("audit %q, want %q among it", got, want)
	}
}

func TestAnAddressIsLimitedInWhatIsNobodys(t *testing.T) {
	w := newWorld(t, limited(func(l *LimitsConfig) { l.PerAddress = RateConfig{Rate: 0.01, Burst: 5} }))
	token := w.token(home, anja)
	for range 20 { // a signed-in agent costs an address nothing
		if a := w.ask(token, http.MethodGet, "/api/v1/session", ""); a.status != 200 {
			t.Fatalf("signed in: %d %s", a.status, a.body)
		}
	}
	for _, c := range []struct{ name, token, path string }{
		{"a page", "", "/"}, {"a file of the page", "", "/assets/app.js"}, {"nobody", "", "/api/v1/session"},
		{"a token that is none", "x.y.z", "/api/v1/session"}, {"a page with a token", token, "/"},
	} {
		if a := w.ask(c.token, http.MethodGet, c.path, ""); a.status == 429 {
			t.Errorf("%s: too many already", c.name)
		}
	}
	for _, c := range []struct{ name, token, path string }{
		{"a page", "", "/"}, {"a sign-in", "", "/auth/login"}, {"nobody", "", "/api/v1/session"},
		{"a token that is none", "x.y.z", "/api/v1/session"}, {"a good token behind them", token, "/api/v1/session"},
	} {
		a := w.ask(c.token, http.MethodGet, c.path, "")
		if a.status != 429 || a.problem() != "too-many-requests" || a.header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %s", c.name, a.status, a.body)
		}
	}
	for _, path := range []string{"/auth/login", "/apiary"} {
		if a := w.ask("", http.MethodGet, path, "", "Accept", "text/html", "Accept-Language", "de"); a.status != 429 || !strings.Contains(a.body, "Zu viele Anfragen") {
			t.Errorf("for eyes, %s: %d %s", path, a.status, a.body)
		}
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		if a := w.ask("", http.MethodGet, path, ""); a.status == 429 {
			t.Errorf("%s is limited", path)
		}
	}
	rec := httptest.NewRecorder()
	w.server.Internal().ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	if !strings.Contains(rec.Body.String(), `teamsbridge_http_limited_total{limit="address"} 7`) {
		t.Error("the refusals are not counted")
	}
}

func TestBehindAProxyEachClientHasItsOwnLimit(t *testing.T) {
	w := newWorld(t, func(c *Config, _ *world) {
		c.Limits.PerAddress = RateConfig{Rate: 0.01, Burst: 1}
		c.TrustedProxies = []string{"127.0.0.1", "::1"}
	})
	for _, c := range []struct {
		from   string
		status int
	}{{"203.0.113.7", 200}, {"203.0.113.8", 200}, {"203.0.113.7", 429}, {"203.0.113.8, 203.0.113.9", 200}, {"8.8.8.8, 203.0.113.9", 429}} {
		if a := w.ask("", http.MethodGet, "/", "", "X-Forwarded-For", c.from); a.status != c.status {
			t.Errorf("%s: %d, want %d", c.from, a.status, c.status)
		}
	}
}

func TestLimitsAreChecked(t *testing.T) {
	for _, c := range []struct {
		limits LimitsConfig
		want   string
	}{
		{LimitsConfig{PerAgent: RateConfig{Rate: -1, Burst: 1}}, "limits.per_agent.rate: "},
		{LimitsConfig{PerAddress: RateConfig{Rate: 5}}, "limits.per_address.burst: "},
		{LimitsConfig{Connections: -1}, "limits.connections: "},
		{LimitsConfig{PerAgent: RateConfig{Rate: 1e9, Burst: 1}}, "limits.per_agent.rate: "},
		{LimitsConfig{Connections: -1, ConnectionsPerAddress: -1}, "limits.connections: must be 0, which means no limit, or more\nlimits.connections_per_address: "},
	} {
		if err := (Config{Limits: c.limits}).Validate(); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%+v: %v", c.limits, err)
		}
	}
	if err := (LimitsConfig{}).Validate(); err != nil {
		t.Error(err)
	}
}

// routesOf are all patterns that a server answers: those of its description and
// the others.
func routesOf(t *testing.T, s *Server) []string {
	t.Helper()
	text, err := s.spec()
	fatal(t, err)
	document := answered{body: string(text)}.decode(t)
	patterns := []string{"GET " + apiBase + "/openapi.json"}
	paths, _ := document["paths"].(map[string]any)
	for path, item := range paths {
		methods, _ := item.(map[string]any)
		for method := range methods {
			patterns = append(patterns, strings.ToUpper(method)+" "+path)
		}
	}
	for _, route := range s.siteRoutes() {
		patterns = append(patterns, route.pattern)
	}
	if len(patterns) < 40 {
		t.Fatalf("only %d routes found", len(patterns))
	}
	return patterns
}

func TestEveryRouteHasLimits(t *testing.T) {
	s := newWorld(t).server
	for _, pattern := range routesOf(t, s) {
		l := s.cfg.limitsOf(pattern)
		endless := pattern == "GET "+eventsRoute
		if l.body <= 0 || l.body > maxImportBytes || l.read <= 0 || (l.answer == 0) != endless || l.answer > writeTimeout {
			t.Errorf("%s: %+v", pattern, l)
		}
	}
}

// aPath is a path that the pattern answers.
func aPath(pattern string) (method, path string) {
	method, path, _ = strings.Cut(pattern, " ")
	for strings.Contains(path, "{") {
		from, to := strings.Index(path, "{"), strings.Index(path, "}")
		path = path[:from] + "x" + path[to+1:]
	}
	return method, path
}

func TestEveryAnswerHasTheHeadersOfItsKind(t *testing.T) {
	w := newWorld(t, func(c *Config, _ *world) { c.PublicURL = "https://desktop.example.com" })
	token := w.token(home, ada)
	w.server.Drain(t.Context()) // so that the stream of events answers at once
	want := map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
		"Strict-Transport-Security": "max-age=31536000", "Permissions-Policy": permissionsPolicy,
		"Content-Security-Policy": closedPolicy, "Cross-Origin-Resource-Policy": "same-origin",
	}
	check := func(t *testing.T, a answered) {
		t.Helper()
		got := map[string]string{}
		for name := range want {
			got[name] = a.header.Get(name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if a.header.Get("X-Request-Id") == "" || a.header.Get("Server") != "" || a.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%v", a.header)
		}
	}
	for _, pattern := range routesOf(t, w.server) {
		if pattern == "GET /" {
			continue
		}
		for name, bearer := range map[string]string{"signed in": token, "as nobody": ""} {
			t.Run(pattern+" "+name, func(t *testing.T) {
				method, path := aPath(pattern)
				check(t, w.ask(bearer, method, path, ""))
			})
		}
	}
	t.Run("no such path", func(t *testing.T) { check(t, w.ask("", http.MethodGet, "/auth/none", "")) })
	t.Run("no such method", func(t *testing.T) { check(t, w.ask("", "BREW", "/api/v1/session", "")) })
	t.Run("a file of the page may be kept but is asked for again", func(t *testing.T) {
		a := w.ask("", http.MethodGet, "/assets/app.js", "")
		want["Cache-Control"] = "no-cache"
		check(t, a)
	})
}

func TestABodyThatIsTooLargeIsRefusedOnEveryRoute(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, ada)
	w.server.Drain(t.Context())
	for _, pattern := range routesOf(t, w.server) {
		method, path := aPath(pattern)
		if !strings.HasPrefix(path, "/api/") || method == http.MethodGet || strings.HasSuffix(path, "/openapi.json") {
			continue
		}
		t.Run(pattern, func(t *testing.T) {
			limit := w.server.cfg.limitsOf(pattern).body
			large := strings.Repeat("x", int(limit)+1)
			kind := "application/json"
			if strings.HasSuffix(path, "/import") {
				kind = "text/csv"
			}
			if a := w.ask("", method, path, large, "Content-Type", kind); a.status != 401 && a.status != 413 {
				t.Errorf("as nobody: %d", a.status)
			}
			if a := w.ask(token, method, path, large, "Content-Type", kind); a.problem() != "too-large" && a.problem() != "role-required" {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
}

func TestManyAtOnceAreAnsweredOrRefusedButNeverLost(t *testing.T) {
	w := newWorld(t, limited(func(l *LimitsConfig) { l.PerAgent = RateConfig{Rate: 0.001, Burst: 20} }))
	token := w.token(home, anja)
	var mu sync.Mutex
	statuses := map[int]int{}
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			a := w.ask(token, http.MethodGet, "/api/v1/session", "")
			mu.Lock()
			defer mu.Unlock()
			statuses[a.status]++
		})
	}
	all.Wait()
	if diff := cmp.Diff(map[int]int{200: 20, 429: 80}, statuses); diff != "" {
		t.Error(diff)
	}
}

func TestAProviderMayTellOfManySignOutsAtOnce(t *testing.T) {
	r := &raid{}
	r.world = newWorld(t, r.addProvider, limited(func(l *LimitsConfig) { l.PerAddress = RateConfig{Rate: 0.01, Burst: 3} }))
	tell := func(token string) answered {
		form := url.Values{"logout_token": {token}}
		return r.ask("", http.MethodPost, backchannelPath, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	}
	good := func() string { return r.provider.ForgeLogout(ssotest.Forgery{ObjectID: "cc|anja"}) }
	for range 10 {
		if a := tell(good()); a.status != http.StatusOK {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	again := good()
	for _, c := range []struct {
		name, token string
		status      int
	}{
		{"a token that is none", "x.y.z", 400}, {"a good one", again, 200}, {"the same again", again, 400},
		{"one of a stranger", r.provider.ForgeLogout(ssotest.Forgery{ObjectID: "cc|anja", Signing: ssotest.SignStranger}), 400},
		{"another that is none", "x.y.z", 429}, {"a good one behind them", good(), 429},
	} {
		if a := tell(c.token); a.status != c.status {
			t.Errorf("%s: %d %s, want %d", c.name, a.status, a.body, c.status)
		}
	}
}
