package web

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/sso/ssotest"
)

func TestSessionSaysWhoWhereAndWhat(t *testing.T) {
	w := newWorld(t)
	a := w.ask(w.token(home, anja), http.MethodGet, "/api/v1/session", "", "Accept-Language", "fr, de-AT;q=0.8")
	if a.status != http.StatusOK {
		t.Fatal(a.body)
	}
	got := a.decode(t)
	delete(got["state"].(map[string]any), "since")
	want := map[string]any{
		"agent":   map[string]any{"id": "anja", "name": "Anja Weber", "number": "+49301001", "tenant": home, "roles": []any{"Agent"}},
		"channel": "browser", "identity": "entra", "locale": "de",
		"sso":     map[string]any{"state": "ready", "detail": "Die einmalige Anmeldung ist eingerichtet: Teams-Fachexperten sind erreichbar.", "actor": nil, "action": nil},
		"state":   map[string]any{"name": got["state"].(map[string]any)["name"], "reason": nil},
		"targets": map[string]any{"agent": true, "queue": true, "organization": true, "entryPoint": true, "dialNumber": true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheChannelIsReadFromTheToken(t *testing.T) {
	w := newWorld(t)
	a := w.ask(w.entra.AccessToken(home, serviceID, teamsWeb, anja), http.MethodGet, "/api/v1/session", "")
	if got := a.decode(t)["channel"]; got != "teams" {
		t.Errorf("channel %v", got)
	}
}

func TestARefusalForWantOfSignOnIsInTheSessionsOwnWords(t *testing.T) {
	w := newWorld(t)
	if _, err := w.deps.Organizations.SetEnabled(t.Context(), home, false); err != nil {
		t.Fatal(err)
	}
	token, path := w.token(home, anja), "/api/v1/interactions/"+w.call("anja")+"/consult"
	body := fmt.Sprintf(`{"target":{"kind":"organization","id":%q}}`, expertID60(1))
	for _, headers := range [][]string{nil, {"Accept-Language", "de"}, {"Accept-Language", "en-GB, de;q=0.5"}} {
		want := w.ask(token, http.MethodGet, "/api/v1/session", "", headers...).decode(t)["sso"]
		a := w.ask(token, http.MethodPost, path, body, headers...)
		if diff := cmp.Diff(want, a.decode(t)["sso"]); a.problem() != "sso-required" || diff != "" {
			t.Errorf("%v: %s\n%s", headers, a.problem(), diff)
		}
	}
}

func TestLocaleIsTheBrowsersElseTheSites(t *testing.T) {
	for _, c := range []struct{ name, accept, country, want string }{
		{"the browser's first choice", "en-GB, de;q=0.5", "DE", "en"},
		{"its second where the first is not spoken", "fr, de;q=0.5", "US", "de"},
		{"the site's without a header", "", "AT", "de"},
		{"English for other sites", "", "US", "en"},
		{"the site's for a garbled header", ";;;", "DE", "de"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := locale(c.accept, c.country); got != c.want {
				t.Errorf("locale %q, want %q", got, c.want)
			}
		})
	}
}

func TestAgentsChooseTheirState(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, anja)
	for _, c := range []struct {
		name, body string
		status     int
	}{
		{"idle with a reason", `{"name":"idle","reason":"Pause"}`, 200},
		{"available", `{"name":"available"}`, 200},
		{"a state nobody can choose", `{"name":"engaged"}`, 422},
		{"another spelling", `{"Name":"idle"}`, 422},
		{"a member nobody knows", `{"name":"idle","until":"12:00"}`, 422},
		{"no body", ``, 422},
		{"half a document", `{"name":`, 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			if a := w.ask(token, http.MethodPut, "/api/v1/session/state", c.body); a.status != c.status {
				t.Errorf("status %d, want %d: %s", a.status, c.status, a.body)
			}
		})
	}
	a := w.ask(token, http.MethodPut, "/api/v1/session/state", `{"name":"idle","reason":"Pause"}`)
	state := a.decode(t)["state"].(map[string]any)
	if state["name"] != "idle" || state["reason"] != "Pause" {
		t.Errorf("state %v", state)
	}
}

func TestWhoIsNotLetIn(t *testing.T) {
	w := newWorld(t)
	forged := func(f ssotest.Forgery) string {
		f.Resource, f.Client = serviceID, serviceID
		return w.entra.Forge(f)
	}
	for _, c := range []struct {
		name, authorization string
		status              int
		problem, reason     string
	}{
		{"nobody", "", 401, "sign-in-required", ""},
		{"another scheme", "Basic YTpi", 401, "sign-in-required", ""},
		{"an empty token", "Bearer ", 401, "sign-in-required", ""},
		{"no token at all", "Bearer x", 401, "sign-in-required", "malformed"},
		{"a stranger's signature", "Bearer " + forged(ssotest.Forgery{Tenant: home, ObjectID: anja, Signing: ssotest.SignStranger}), 401, "sign-in-required", "signature"},
		{"a token without the scope", "Bearer " + forged(ssotest.Forgery{Tenant: home, ObjectID: anja, Claims: map[string]any{"scp": "other"}}), 403, "token-not-allowed", "scope"},
		{"somebody in no table", "Bearer " + w.token(home, nina), 403, "agent-unknown", "the service desk"},
	} {
		t.Run(c.name, func(t *testing.T) {
			headers := []string{}
			if c.authorization != "" {
				headers = append(headers, "Authorization", c.authorization)
			}
			a := w.ask("", http.MethodGet, "/api/v1/session", "", headers...)
			if a.status != c.status || a.problem() != c.problem {
				t.Fatalf("%d %s, want %d %s", a.status, a.body, c.status, c.problem)
			}
			challenge := "Bearer"
			if c.reason != "" {
				challenge = `Bearer error="invalid_token"`
			}
			if got := a.header.Get("Www-Authenticate"); c.status == http.StatusUnauthorized && got != challenge {
				t.Errorf("WWW-Authenticate %q, want %q", got, challenge)
			}
			if got, _ := a.decode(t)["reason"].(string); got != c.reason {
				t.Errorf("reason %q, want %q", got, c.reason)
			}
		})
	}
}

func TestSignInChoicesNeedNoToken(t *testing.T) {
	a := newWorld(t).ask("", http.MethodGet, "/api/v1/sign-in", "")
	want := map[string]any{"providers": []any{map[string]any{"id": "entra", "name": "Microsoft"}}}
	if diff := cmp.Diff(want, a.decode(t)); diff != "" {
		t.Error(diff)
	}
}
