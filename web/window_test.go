package web

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"teamsbridge/sso"
)

// handOver signs somebody in in a window and gives the one-time code for their tab.
func (b *browser) handOver(person string) string {
	b.t.Helper()
	b.signIn(person, "/window")
	a, _ := b.visit(http.MethodPost, b.url+apiBase+"/session/hand-over", nil)
	code, _ := a.decode(b.t)["code"].(string)
	if a.status != http.StatusOK || code == "" {
		b.t.Fatalf("hand-over: %d %s", a.status, a.body)
	}
	return code
}

func TestAWindowsSignInReachesTheTabByAOneTimeCode(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	code := b.handOver("anja")

	tab := w.token(home, anja)
	take := func(token, code string) int {
		return w.ask(token, http.MethodPost, apiBase+"/session/take-over", `{"code":"`+code+`"}`).status
	}
	for _, c := range []struct {
		name, code string
		want       int
	}{
		{"a code that was never given", "x", http.StatusNotFound},
		{"none", "", http.StatusUnprocessableEntity},
		{"the right one", code, http.StatusNoContent},
		{"the right one again", code, http.StatusNotFound},
	} {
		if got := take(tab, c.code); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	if a, _ := b.visit(http.MethodGet, w.url+apiBase+"/session", nil); a.status != http.StatusUnauthorized {
		t.Errorf("the window's session goes on: %d", a.status)
	}
}

var cancelLink = regexp.MustCompile(`<a id="cancel" href="([^"]*)"`)

func TestAWindowWhoseSignInWasGivenUpTellsItsTab(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ name, goal, want string }{
		{"a window of a tab", "/window", "/window?refused=cancelled"},
		{"a browser", "/calls", "/auth/callback"},
		{"a page below the window's", "/window/x", "/auth/callback"},
	} {
		b := w.browser()
		page, at := b.visit(http.MethodGet, w.url+"/auth/login?provider=entra&return="+url.QueryEscape(c.goal), nil)
		link := cancelLink.FindStringSubmatch(page.body)
		if link == nil {
			t.Fatalf("nobody can go back from %s: %s", at, page.body)
		}
		to, err := at.Parse(html.UnescapeString(link[1]))
		fatal(t, err)
		_, at = b.visit(http.MethodGet, to.String(), nil)
		if got := at.RequestURI(); got != c.want && at.Path != c.want {
			t.Errorf("%s ended at %s, want %s", c.name, got, c.want)
		}
		if len(b.cookies()) != 0 {
			t.Errorf("%s: cookies are left: %v", c.name, b.cookies())
		}
	}
}

func TestAWindowOfSomebodyElseIsWorthNothing(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	code := b.handOver("ben")
	if got := w.ask(w.token(home, anja), http.MethodPost, apiBase+"/session/take-over", `{"code":"`+code+`"}`).status; got != http.StatusNotFound {
		t.Errorf("%d", got)
	}
}

const wanted = `{"access_token":{"acrs":{"essential":true,"value":"c1"}}}`

func TestAChallengeLeadsToASignInThatAnswersItOnce(t *testing.T) {
	w := newWorld(t)
	p := w.server.problemOf(t.Context(), &sso.ChallengeError{Status: sso.Required(sso.StateSignInRequired).Status, Claims: wanted})
	if p.Status != http.StatusForbidden || p.SSO == nil || p.SSO.State != "sign-in-required" || p.SSO.Claims != wanted || p.SSO.Action == nil {
		t.Fatalf("%+v", p)
	}
	if strings.Contains(*p.SSO.Action, "acrs") {
		t.Error("the challenge stands in the address")
	}
	claims := func(address string) string {
		_, at := w.browser().visit(http.MethodGet, w.url+address, nil)
		return at.Query().Get("claims")
	}
	if got := claims(*p.SSO.Action + "&return=%2Fwindow"); got != wanted {
		t.Errorf("asked for %q", got)
	}
	for name, address := range map[string]string{
		"used":              *p.SSO.Action,
		"unknown":           "/auth/login?provider=entra&challenge=x",
		"text in its place": "/auth/login?provider=entra&claims=" + url.QueryEscape(wanted),
	} {
		if got := claims(address); got != "" {
			t.Errorf("%s: asked for %q", name, got)
		}
	}
}

func TestWhoWasRevokedIsToldWhy(t *testing.T) {
	w := newWorld(t)
	w.reviewer.over.Store(&sso.EndedError{Reason: sso.EndedRevoked})
	got := w.ask(w.token(home, anja), http.MethodGet, apiBase+"/session", "")
	var p Problem
	if err := json.Unmarshal([]byte(got.body), &p); err != nil {
		t.Fatal(err)
	}
	if p.Status != http.StatusUnauthorized || p.Type != problemBase+"sign-in-required" || p.Reason != "revoked" || p.Detail != endedDetails[sso.EndedRevoked] {
		t.Errorf("%s", got.body)
	}
	if challenge := got.header.Get("WWW-Authenticate"); challenge != invalidToken {
		t.Errorf("WWW-Authenticate %q", challenge)
	}
}

func TestWhatMicrosoftWantsMoreIsToldAsItsLibrariesReadIt(t *testing.T) {
	w := newWorld(t)
	p := w.server.problemOf(t.Context(), &sso.EndedError{Reason: sso.EndedInteraction, Claims: wanted})
	const header = `Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlIjoiYzEifX19"`
	if p.Claims != wanted || p.Reason != "interaction-required" || p.header.Get("WWW-Authenticate") != header {
		t.Errorf("%+v", p)
	}
}

func TestEveryEndHasItsWords(t *testing.T) {
	for _, reason := range []sso.EndedReason{sso.EndedRevoked, sso.EndedAccount, sso.EndedUnassigned, sso.EndedInteraction} {
		if endedDetails[reason] == "" {
			t.Errorf("%s has none", reason)
		}
	}
}
