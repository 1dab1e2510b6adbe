package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"teamsbridge/sso"
	"teamsbridge/sso/ssotest"
)

// elsewhere are return paths that would lead away from the desktop, or into a
// loop, if anybody followed them. All lead to "/" instead.
var elsewhere = []string{
	"https://evil.example", "http://evil.example/", "//evil.example", "///evil.example", "////evil.example",
	`\\evil.example`, `/\evil.example`, `\/evil.example`, `/\/evil.example`, `/\\evil.example`,
	"https:evil.example", "https:/evil.example", "https:///evil.example", "HtTpS://evil.example", " https://evil.example",
	"javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x", "blob:x", "about:blank",
	"mailto:a@evil.example", "file:///etc/passwd", "ftp://evil.example",
	"/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "\t//evil.example", "\x00//evil.example", "/\x0b/evil.example",
	"/%09/evil.example", "/%0a/evil.example", "/%0d%0aLocation:%20https://evil.example", "/calls\r\nSet-Cookie: a=b",
	"/%2f/evil.example", "/%2fevil.example", "/%2Fevil.example", "/%252fevil.example", "/%25252fevil.example",
	"/%5cevil.example", "/%5Cevil.example", "/%255cevil.example", "/%00/evil.example",
	"/.//evil.example", "/..//evil.example", "/calls/..//evil.example", "/%2e%2e//evil.example", "/./evil", "/../evil",
	"/calls//evil.example", "//user:password@evil.example", "https://127.0.0.1@evil.example", "//127.0.0.1:1@evil.example", "@evil.example",
	"evil.example", "calls", "?next=x", "#fragment", ".", "..",
	"/\u2028/evil.example", "/\u00a0/evil.example", "\u3000//evil.example", "\uff0f\uff0fevil.example", "/\xff/evil.example",
	"/auth/login", "/auth/login?provider=entra", "/auth/logout", "/auth/callback?state=x&code=y", "/auth/consent", "/AUTH/logout", "/%61uth/logout", "/auth",
	"/api/v1/session", "/api", "/API/v1/events", "/%61pi/v1/session",
	"/" + strings.Repeat("a", 2048),
}

func TestNobodyIsSentElsewhereAfterSigningIn(t *testing.T) {
	if len(elsewhere) < 40 {
		t.Errorf("only %d", len(elsewhere))
	}
	r := newRaid(t)
	for _, path := range elsewhere {
		a := r.goes(r.comesBack(r.victim, "entra", "anja", "&return="+url.QueryEscape(path)).String())
		if to := a.header.Get("Location"); a.status != http.StatusSeeOther || to != "/" {
			t.Errorf("%q: %d to %q", path, a.status, to)
		}
	}
	for _, path := range []string{"/", "/calls", "/calls/7?tab=experts&q=J%C3%BCrgen", "/calls?to=https://evil.example", "/?a=//b#c"} {
		a := r.goes(r.comesBack(r.victim, "entra", "anja", "&return="+url.QueryEscape(path)).String())
		if to := a.header.Get("Location"); to != path {
			t.Errorf("%q became %q", path, to)
		}
	}
	a := r.goes(r.comesBack(r.victim, "entra", "anja", "&return=/calls&return=https://evil.example").String())
	if to := a.header.Get("Location"); to != "/calls" {
		t.Errorf("of two, %q was taken", to)
	}
}

func TestAGuestSignsInWhereTheyAreAGuest(t *testing.T) {
	r := newRaid(t)
	const guestID = "a0000000-0000-4000-8000-000000000009"
	name := "berta@" + partner + ".example"
	r.entra.AddAccount(ssotest.Account{Tenant: home, ObjectID: guestID, Username: name, Name: "Berta (guest)", Guest: true})
	_, err := r.deps.Roster.Put(t.Context(), home, []sso.Agent{{ID: "berta-guest", Tenant: home, EntraID: guestID, Name: "Berta", Number: "+49301009"}}, false)
	fatal(t, err)
	session, _ := r.cookieNames()
	for more, want := range map[string]string{"": "berta", "&tenant=" + home: "berta-guest"} {
		b := r.browser()
		at := r.comesBack(b, "entra", name, more)
		b.step(http.MethodGet, at.String(), nil)
		a := r.as(b.cookies()[session])
		if a.status != http.StatusOK || a.decode(t)["agent"].(map[string]any)["id"] != want {
			t.Errorf("%q: %d %s, want %s", more, a.status, a.body, want)
		}
	}
}

func TestSigningOutHereIsSigningOutAtTheProviderAndTheOtherWayRound(t *testing.T) {
	r := newRaid(t)
	session, _ := r.cookieNames()
	enter := func() string {
		r.victim.step(http.MethodGet, r.comesBack(r.victim, contactCentre, "anja", "").String(), nil)
		return r.victim.cookies()[session]
	}
	secret := enter()
	out := r.victim.step(http.MethodPost, r.url+"/auth/logout", nil, "Sec-Fetch-Site", "same-origin")
	there, _ := out.decode(t)["url"].(string)
	if a := r.as(secret); a.status != http.StatusUnauthorized || there == "" {
		t.Fatalf("after signing out here: %d, and on to %q", a.status, there)
	}
	if a := r.victim.step(http.MethodGet, there, nil); a.header.Get("Location") != r.url+"/" {
		t.Errorf("the provider leads to %q", a.header.Get("Location"))
	}
	secret = enter()
	at, err := url.Parse(there)
	fatal(t, err)
	at.RawQuery = ""
	r.victim.step(http.MethodGet, at.String(), nil) // at the provider, which tells us
	if a := r.as(secret); a.status != http.StatusUnauthorized || r.sessions.Sessions() != 0 {
		t.Errorf("after signing out there: %d with %d sessions", a.status, r.sessions.Sessions())
	}
}
