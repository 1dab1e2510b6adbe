package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
	"teamsbridge/graph/budget"
	"teamsbridge/sso"
)

func TestAdministrationNeedsItsRole(t *testing.T) {
	w := newWorld(t)
	for _, route := range []string{"GET /organization", "POST /organization/check", "PUT /organization/sso", "POST /consent"} {
		method, path, _ := strings.Cut(route, " ")
		for name, token := range map[string]string{"agent": w.token(home, anja), "supervisor": w.token(home, sofia)} {
			a := w.ask(token, method, "/api/v1/admin"+path, `{"nonsense":1}`)
			if a.status != 403 || a.problem() != "role-required" || a.decode(t)["role"] != "Admin" {
				t.Errorf("%s as %s: %d %s", route, name, a.status, a.body)
			}
		}
	}
}

func TestAnAdminSeesHowTheOrganizationStands(t *testing.T) {
	w := newWorld(t)
	agent := w.token(home, anja)
	next := w.listen(agent)
	stream := next("hello").decode(t)["stream"].(string)
	watched := time.Now()
	w.ask(agent, http.MethodPut, "/api/v1/events/"+stream+"/watch", fmt.Sprintf(`{"ids":[%q]}`, expertID60(1)))
	next("presence")

	got := w.ask(w.token(home, ada), http.MethodPost, "/api/v1/admin/organization/check", "").decode(t)
	directory := got["directory"].(map[string]any)
	if got["checkedAt"] == nil || directory["syncedAt"] == nil {
		t.Errorf("checkedAt %v, syncedAt %v", got["checkedAt"], directory["syncedAt"])
	}
	presence := got["presence"].(map[string]any)
	if age, known := presence["oldestAgeSeconds"].(float64); !known || age > time.Since(watched).Seconds() {
		t.Errorf("presence is %v seconds old", presence["oldestAgeSeconds"])
	}
	delete(presence, "oldestAgeSeconds")
	delete(got, "checkedAt")
	delete(directory, "syncedAt")
	delete(directory, "rate")
	delete(directory, "nextAt") // null while the directory is read
	delete(got, "sso")
	delete(got, "checks") // TestAnAdminReadsWhatToDoInTheirLanguage
	want := map[string]any{
		"tenant": home, "enabled": true, "servicePrincipal": "enabled",
		"consent": []any{
			map[string]any{"permission": "User.Read.All", "kind": "application", "granted": true},
			map[string]any{"permission": "Presence.Read.All", "kind": "application", "granted": true},
		},
		"credential": map[string]any{"expiresAt": nil, "kind": nil, "daysLeft": nil, "warning": nil, "problem": nil},
		"directory":  map[string]any{"mode": "index", "ready": true, "people": 60.0, "experts": 60.0, "reading": nil, "error": nil, "since": nil, "retryAfterSeconds": nil, "requestId": nil},
		"presence":   map[string]any{"watched": 1.0, "error": nil, "since": nil, "retryAfterSeconds": nil, "budget": nil},
		"lastError":  nil, "missing": []any{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnAdminSeesWhatMicrosoftGrantsForPresence(t *testing.T) {
	limits, err := budget.New(budget.Config{}, nil)
	fatal(t, err)
	w := newWorld(t, func(_ *Config, w *world) { w.deps.Budget = limits })
	pace := func() any {
		got := w.ask(w.token(home, ada), http.MethodGet, "/api/v1/admin/organization", "").decode(t)["presence"].(map[string]any)
		return got["budget"].(map[string]any)["pace"]
	}
	if got := pace(); got != 1.0 {
		t.Errorf("pace %v, want all of it", got)
	}
	limits.Learn(home, budget.Cost{Workload: budget.Presence, Units: 1}, http.StatusTooManyRequests, http.Header{"Retry-After": {"60"}})
	if got := pace().(float64); got >= 1 {
		t.Errorf("pace %v after a throttling", got)
	}
}

func TestAnAdminSeesThatMicrosoftThrottlesPresence(t *testing.T) {
	w := newWorld(t)
	w.presence.mu.Lock()
	w.presence.away = &graph.ThrottledError{RetryAfter: time.Minute}
	w.presence.mu.Unlock()
	w.ask(w.token(home, anja), http.MethodPost, "/api/v1/experts/presence/refresh", fmt.Sprintf(`{"ids":[%q]}`, expertID60(1)))

	got := w.ask(w.token(home, ada), http.MethodGet, "/api/v1/admin/organization", "").decode(t)["presence"].(map[string]any)
	left, _ := got["retryAfterSeconds"].(float64)
	if got["error"] != "throttled" || got["since"] == nil || left < 1 || left > 60 {
		t.Errorf("%v, want throttled, since when, and asked again within the minute", got)
	}
}

func TestAnAdminReadsWhatToDoInTheirLanguage(t *testing.T) {
	w := newWorld(t)
	w.prober.set(true)
	for language, want := range map[string]struct{ title, detail, status string }{
		"de": {"Berechtigung Presence.Read.All", "Nicht erteilt. Eine Administratorin oder ein Administrator der Organisation muss zustimmen.",
			"Die Administration muss den Berechtigungen dieser Anwendung bei Microsoft zustimmen."},
		"fr, en;q=0.5": {"Permission Presence.Read.All", "Not granted. An administrator of the organisation has to consent.",
			"An administrator has to consent to this application's permissions at Microsoft."},
	} {
		got := w.ask(w.token(home, ada), http.MethodPost, "/api/v1/admin/organization/check", "", "Accept-Language", language).decode(t)
		if detail := got["sso"].(map[string]any)["detail"]; detail != want.status {
			t.Errorf("%s: sso %v", language, detail)
		}
		results := map[string]any{}
		for _, c := range got["checks"].([]any) {
			check := c.(map[string]any)
			results[check["name"].(string)] = check["result"]
			if check["permission"] != "Presence.Read.All" {
				continue
			}
			delete(check, "requestId")
			if diff := cmp.Diff(map[string]any{
				"name": "permission", "result": "failed", "permission": "Presence.Read.All", "kind": "application", "title": want.title, "detail": want.detail,
				"actor": "admin", "action": "/api/v1/admin/consent", "link": nil, "code": nil,
			}, check); diff != "" {
				t.Errorf("%s: %s", language, diff)
			}
		}
		if diff := cmp.Diff(map[string]any{
			"switch": "ok", "reachable": "ok", "clock": "unknown", "credential": "unknown", "app-known": "ok", "app-enabled": "ok",
			"assignment": "ok", "permission": "failed",
		}, results); diff != "" {
			t.Errorf("%s: %s", language, diff)
		}
	}
}

func TestSingleSignOnIsNotSwitchedOnWhileSomethingIsMissing(t *testing.T) {
	w := newWorld(t)
	admin := w.token(home, ada)
	put := func(body string) answered {
		return w.ask(admin, http.MethodPut, "/api/v1/admin/organization/sso", body)
	}
	if a := put(`{"enabled":false}`); a.status != 200 || a.decode(t)["enabled"] != false {
		t.Fatalf("off: %d %s", a.status, a.body)
	}
	w.prober.set(true)
	a := put(`{"enabled":true}`)
	if a.status != 409 || a.problem() != "sso-incomplete" {
		t.Fatalf("on: %d %s", a.status, a.body)
	}
	if diff := cmp.Diff([]any{"consent:Presence.Read.All"}, a.decode(t)["missing"]); diff != "" {
		t.Error(diff)
	}
	for _, body := range []string{`{}`, `{"enabled":"yes"}`, `{"enabled":true,"force":true}`} {
		if a := put(body); a.problem() != "request-invalid" {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
}

func TestConsentIsAOneTimeAddressOfThisHost(t *testing.T) {
	w := newWorld(t)
	a := w.ask(w.token(home, ada), http.MethodPost, "/api/v1/admin/consent", "")
	if a.status != 200 {
		t.Fatal(a.body)
	}
	url, ok := a.decode(t)["url"].(string)
	path, found := strings.CutPrefix(url, w.url)
	if !ok || !found || !strings.HasPrefix(path, "/auth/consent?code=") {
		t.Fatalf("url %q", url)
	}
	if look := w.ask("", http.MethodHead, path, ""); look.status != 405 || look.header.Get("Allow") != "GET" {
		t.Errorf("a look: %d, Allow %q", look.status, look.header.Get("Allow"))
	}
	first := w.ask("", http.MethodGet, path, "")
	if to := first.header.Get("Location"); first.status != 303 || !strings.Contains(to, "adminconsent") {
		t.Errorf("first: %d to %q", first.status, to)
	}
	if again := w.ask("", http.MethodGet, path, ""); again.status != 401 {
		t.Errorf("again: %d %s", again.status, again.body)
	}
	if page := w.ask("", http.MethodGet, path, "", "Accept", "text/html"); page.status != 401 || !strings.Contains(page.body, "<h1>Sign-in required</h1>") {
		t.Errorf("as a page: %d %s", page.status, page.body)
	}
}

func TestThatMicrosoftThrottlesIsToldToWhoSearchesAndToTheAdmin(t *testing.T) {
	w := newWorld(t)
	changes, stop := w.deps.Experts.Subscribe(home)
	defer stop()
	w.people.mu.Lock()
	w.people.away = &graph.ThrottledError{RetryAfter: 7 * time.Second}
	w.people.mu.Unlock()
	w.deps.Experts.SyncNow(home)
	for status := range changes {
		if status.LastError != "" {
			break
		}
	}
	found := w.ask(w.token(home, anja), http.MethodGet, "/api/v1/experts?q=muster07", "").decode(t)
	if len(found["experts"].([]any)) != 1 || found["directory"].(map[string]any)["error"] != "throttled" {
		t.Errorf("search %v", found)
	}
	health := w.ask(w.token(home, ada), http.MethodGet, "/api/v1/admin/organization", "").decode(t)["directory"].(map[string]any)
	if health["error"] != "throttled" || health["retryAfterSeconds"] != 7.0 || health["since"] == nil || health["ready"] != true {
		t.Errorf("directory %v", health)
	}
}

func TestAReadingUnderWaySaysWhatIsKnownOfIt(t *testing.T) {
	began := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name    string
		reading graph.Reading
		want    string
	}{
		{"none", graph.Reading{}, `null`},
		{"begun, nothing known yet", graph.Reading{Began: began}, `{"since":"2026-11-22T08:00:00.000Z","people":0,"expected":null,"secondsLeft":null}`},
		{"half way", graph.Reading{Began: began, People: 500, Expected: 1000, Left: 90 * time.Second},
			`{"since":"2026-11-22T08:00:00.000Z","people":500,"expected":1000,"secondsLeft":90}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := json.Marshal(readingOf(c.reading))
			if err != nil || string(got) != c.want {
				t.Errorf("%s, %v; want %s", got, err, c.want)
			}
		})
	}
}

func TestADeeperLookIsTheAdminsOwnAndOnlyOnDemand(t *testing.T) {
	asked := make(chan graph.Caller, 4)
	found := sso.Inspection{Outcome: sso.InspectionConsent, Code: "AADSTS65001"}
	var fails error
	w := newWorld(t, func(_ *Config, w *world) {
		w.deps.Inspect = func(_ context.Context, c graph.Caller) (sso.Inspection, error) {
			asked <- c
			return found, fails
		}
	})
	const deep = "/api/v1/admin/organization/check?deep=true"
	for name, token := range map[string]string{"agent": w.token(home, anja), "supervisor": w.token(home, sofia), "nobody": ""} {
		want := map[bool]int{true: 401, false: 403}[token == ""]
		if a := w.ask(token, http.MethodPost, deep, ""); a.status != want {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	admin := w.token(home, ada)
	for _, path := range []string{"/api/v1/admin/organization/check", "/api/v1/admin/organization/check?deep=false"} {
		if got := w.ask(admin, http.MethodPost, path, ""); got.status != 200 || strings.Contains(got.body, `"inspection"`) {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	if a := w.ask(admin, http.MethodPost, "/api/v1/admin/organization/check?deep=perhaps", ""); a.problem() != "request-invalid" {
		t.Errorf("a switch that is neither on nor off: %d %s", a.status, a.body)
	}
	if len(asked) != 0 {
		t.Fatal("Microsoft was asked for somebody who may not, or did not want")
	}
	last := func() map[string]any {
		checks := w.ask(admin, http.MethodPost, deep, "", "Accept-Language", "en").decode(t)["checks"].([]any)
		return checks[len(checks)-1].(map[string]any)
	}
	if c := last(); c["name"] != "inspection" || c["result"] != "warning" || c["action"] != "/api/v1/admin/consent?deep=true" || c["code"] != "AADSTS65001" {
		t.Errorf("without consent: %v", c)
	}
	if c := <-asked; c.Tenant != home || c.ID != ada || c.Assertion != admin {
		t.Error("asked with somebody else's token")
	}
	found = sso.Inspection{Outcome: sso.InspectionUnavailable}
	if c := last(); c["result"] != "unknown" {
		t.Errorf("Microsoft away: %v", c)
	}
	if got := w.ask(admin, http.MethodGet, "/api/v1/admin/organization", ""); strings.Contains(got.body, `"inspection"`) {
		t.Error("what the admin's own token showed is kept")
	}
	fails = &sso.RequiredError{Status: sso.Required(sso.StateSignInRequired).Status}
	if a := w.ask(admin, http.MethodPost, deep, ""); a.status != 403 || a.problem() != "sso-required" {
		t.Errorf("a token that is not enough: %d %s", a.status, a.body)
	}
}

func TestConsentToADeeperLookIsAskedForAlone(t *testing.T) {
	w := newWorld(t)
	for query, scope := range map[string]string{"": ".default", "?deep=true": "Application.Read.All"} {
		url := w.ask(w.token(home, ada), http.MethodPost, "/api/v1/admin/consent"+query, "").decode(t)["url"].(string)
		there := w.ask("", http.MethodGet, strings.TrimPrefix(url, w.url), "").header.Get("Location")
		if !strings.Contains(there, "scope=https%3A%2F%2Fgraph.microsoft.com%2F"+scope+"&") {
			t.Errorf("%q leads to %s", query, there)
		}
	}
}
