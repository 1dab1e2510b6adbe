package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"teamsbridge/sso"
)

// signInAttacks are attacks on the browser's sign-in, its callback and its
// cookies, through the real handler. Each says what it is answered with; that no
// session is opened or changed, and nothing of a secret is told, goes for all.
var signInAttacks = []struct {
	name   string
	do     func(*raid) answered
	status int
	slug   string
	reason string
}{
	// Callbacks altered.
	{"a callback without a state", back("entra", "state", ""), 401, "sign-in-required", ""},
	{"a made-up state", back("entra", "state", planted), 401, "sign-in-required", ""},
	{"a state in small letters", alteredState(strings.ToLower), 401, "sign-in-required", ""},
	{"a state cut short", alteredState(func(s string) string { return s[:len(s)-1] }), 401, "sign-in-required", ""},
	{"a state with a blank behind", alteredState(func(s string) string { return s + " " }), 401, "sign-in-required", ""},
	{"a state with a zero behind", alteredState(func(s string) string { return s + "\x00" }), 401, "sign-in-required", ""},
	{"a state of ten thousand characters", back("entra", "state", strings.Repeat("A", 10_000)), 401, "sign-in-required", ""},
	{"the digest of the state", alteredState(sha), 401, "sign-in-required", ""},
	{"two states, the wrong one first", func(r *raid) answered {
		at := r.comesBack(r.victim, "entra", "anja", "")
		return r.goes(r.url + "/auth/callback?state=" + planted + "&" + at.RawQuery)
	}, 401, "sign-in-required", ""},
	{"no code", back("entra", "code", ""), 401, "sign-in-required", "rejected"},
	{"a made-up code", back("entra", "code", planted), 401, "sign-in-required", "rejected"},
	{"a made-up code at the contact centre", back(contactCentre, "code", planted), 401, "sign-in-required", "rejected"},
	{"the attacker's code under the victim's state", func(r *raid) answered {
		evil := r.comesBack(r.evil, "entra", "ben", "")
		return r.goes(changed(r.comesBack(r.victim, "entra", "anja", ""), "code", evil.Query().Get("code")))
	}, 401, "sign-in-required", "rejected"},
	{"the attacker's code under the victim's state at the contact centre", func(r *raid) answered {
		evil := r.comesBack(r.evil, contactCentre, "anja", "")
		return r.goes(changed(r.comesBack(r.victim, contactCentre, "anja", ""), "code", evil.Query().Get("code")))
	}, 401, "sign-in-required", "rejected"},
	{"the victim's code under the attacker's state", func(r *raid) answered {
		stolen := r.comesBack(r.victim, "entra", "anja", "")
		at := r.comesBack(r.evil, "entra", "ben", "")
		return r.evil.step(http.MethodGet, changed(at, "code", stolen.Query().Get("code")), nil)
	}, 401, "sign-in-required", "rejected"},
	{"an error beside a good code", back("entra", "error", "access_denied"), 401, "sign-in-required", "cancelled"},
	{"an error nobody has heard of", back("entra", "error", "<script>"+planted), 401, "sign-in-required", "rejected"},
	{"an error that asks for the person", back("entra", "error", "login_required"), 401, "sign-in-required", "interaction-required"},
	{"an error that says the provider is away", back("entra", "error", "server_error"), 503, "identity-provider-unavailable", ""},
	{"a description with a script", back("entra", "error", "access_denied", "error_description", "<script>"+planted), 401, "sign-in-required", "cancelled"},
	{"another method", func(r *raid) answered {
		return r.victim.step(http.MethodPost, r.comesBack(r.victim, "entra", "anja", "").String(), url.Values{"a": {"b"}})
	}, 405, "method-not-allowed", ""},
	{"the consent's return with a sign-in's state", func(r *raid) answered {
		at := *r.comesBack(r.victim, "entra", "anja", "")
		at.Path = "/auth/consent"
		return r.goes(changed(&at, "code", ""))
	}, 401, "sign-in-required", ""},

	// Callbacks mixed up (RFC 9207).
	{"Entra's answer in the other provider's name", func(r *raid) answered {
		return r.goes(changed(r.comesBack(r.victim, "entra", "anja", ""), "iss", r.provider.Issuer()))
	}, 401, "sign-in-required", "rejected"},
	{"Entra's answer in the name of nobody known", back("entra", "iss", "https://evil.example"), 401, "sign-in-required", "rejected"},
	{"a provider's answer without its name, which it promised", back(contactCentre, "iss", ""), 401, "sign-in-required", "rejected"},
	{"a provider's answer in another name", back(contactCentre, "iss", "https://evil.example"), 401, "sign-in-required", "rejected"},
	{"a provider's name with a slash behind", func(r *raid) answered {
		return r.goes(changed(r.comesBack(r.victim, contactCentre, "anja", ""), "iss", r.provider.Issuer()+"/"))
	}, 401, "sign-in-required", "rejected"},
	{"the other provider's code under Entra's state", func(r *raid) answered {
		other := r.comesBack(r.evil, contactCentre, "anja", "")
		return r.goes(changed(r.comesBack(r.victim, "entra", "anja", ""), "code", other.Query().Get("code")))
	}, 401, "sign-in-required", "rejected"},
	{"Entra's code under the other provider's state", func(r *raid) answered {
		other := r.comesBack(r.evil, "entra", "ben", "")
		return r.goes(changed(r.comesBack(r.victim, contactCentre, "anja", ""), "code", other.Query().Get("code"), "iss", ""))
	}, 401, "sign-in-required", "rejected"},
	{"a refusal in the other provider's name", func(r *raid) answered {
		return r.goes(changed(r.comesBack(r.victim, "entra", "anja", ""), "error", "access_denied", "iss", r.provider.Issuer()))
	}, 401, "sign-in-required", "rejected"},

	// Callbacks repeated and late.
	{"a callback a second time", func(r *raid) answered {
		at := r.comesBack(r.victim, "entra", "anja", "")
		_, transaction := r.cookieNames()
		secret := r.victim.cookies()[transaction]
		r.goes(at.String())
		r.victim.plant(transaction, secret)
		r.out(r.victim)
		return r.goes(at.String())
	}, 401, "sign-in-required", ""},
	{"a callback after the person refused", func(r *raid) answered {
		at := r.comesBack(r.victim, "entra", "anja", "")
		r.replay(changed(at, "error", "access_denied", "code", ""))
		return r.goes(at.String())
	}, 401, "sign-in-required", ""},
	{"a callback after an attacker tried it", func(r *raid) answered {
		at := r.comesBack(r.victim, "entra", "anja", "")
		r.evil.step(http.MethodGet, at.String(), nil, "Cookie", r.transactionCookie("stolen"))
		return r.goes(at.String())
	}, 401, "sign-in-required", ""},
	{"a callback ten minutes late", func(r *raid) answered {
		at := r.comesBack(r.victim, "entra", "anja", "")
		r.late(at)
		return r.goes(at.String())
	}, 401, "sign-in-required", ""},
	{"a callback of the sign-in before this one", func(r *raid) answered {
		at := r.comesBack(r.victim, "entra", "anja", "")
		r.comesBack(r.victim, "entra", "anja", "")
		return r.goes(at.String())
	}, 401, "sign-in-required", ""},

	// Callbacks from another browser.
	{"the victim's callback in the attacker's browser", func(r *raid) answered {
		return r.evil.step(http.MethodGet, r.comesBack(r.victim, "entra", "anja", "").String(), nil)
	}, 401, "sign-in-required", ""},
	{"the attacker's callback in the victim's browser", func(r *raid) answered {
		return r.goes(r.comesBack(r.evil, "entra", "ben", "").String())
	}, 401, "sign-in-required", ""},
	{"the attacker's callback while the victim signs in", func(r *raid) answered {
		evil := r.comesBack(r.evil, "entra", "ben", "")
		r.comesBack(r.victim, "entra", "anja", "")
		return r.goes(evil.String())
	}, 401, "sign-in-required", ""},
	{"the state as the transaction's cookie", withTransaction(func(at *url.URL) string { return at.Query().Get("state") }), 401, "sign-in-required", ""},
	{"the state's digest as the transaction's cookie", withTransaction(func(at *url.URL) string { return sha(at.Query().Get("state")) }), 401, "sign-in-required", ""},
	{"an empty cookie of the transaction", withTransaction(func(*url.URL) string { return "" }), 401, "sign-in-required", ""},
	{"a made-up cookie of the transaction", withTransaction(func(*url.URL) string { return planted }), 401, "sign-in-required", ""},
	{"the transaction's cookie under https' name", func(r *raid) answered {
		at := r.comesBack(r.victim, "entra", "anja", "")
		_, transaction := r.cookieNames()
		secret := r.victim.cookies()[transaction]
		return r.evil.step(http.MethodGet, at.String(), nil, "Cookie", "__Host-teamsbridge-sign-in="+secret)
	}, 401, "sign-in-required", ""},

	// Where to sign in.
	{"a provider nobody has heard of", login("provider=" + planted), 404, "not-found", ""},
	{"a provider by its issuer", func(r *raid) answered { return login("provider=" + url.QueryEscape(r.provider.Issuer()))(r) }, 404, "not-found", ""},
	{"an organisation that is not admitted", login("tenant=" + outside), 403, "organization-not-admitted", "not-on-the-list"},
	{"an organisation that is no id", login("tenant=common"), 403, "organization-not-admitted", "not-on-the-list"},
	{"an organisation with a path behind", login("tenant=" + home + "%2F..%2F" + outside), 403, "organization-not-admitted", "not-on-the-list"},
	{"another organisation at the contact centre's provider", login("provider=" + contactCentre + "&tenant=" + partner), 403, "organization-not-admitted", "not-on-the-list"},
	{"a code of another organisation than was asked for", func(r *raid) answered {
		a := r.victim.step(http.MethodGet, r.url+"/auth/login?tenant="+partner, nil)
		at, err := url.Parse(a.header.Get("Location"))
		fatal(r.t, err)
		elsewhere := r.comesBack(r.evil, "entra", "anja", "&tenant="+home)
		return r.goes(r.url + "/auth/callback?state=" + at.Query().Get("state") + "&code=" + url.QueryEscape(elsewhere.Query().Get("code")))
	}, 401, "sign-in-required", "rejected"},
	{"a domain that is none", login("domain_hint=https:%2F%2F" + planted), 422, "request-invalid", ""},
	{"a user name with a line break", login("login_hint=a%0d%0a" + planted), 422, "request-invalid", ""},
	{"a user name of a kilobyte", login("login_hint=" + strings.Repeat("a", 1024)), 422, "request-invalid", ""},
	{"a sign-in that is posted", func(r *raid) answered {
		return r.victim.step(http.MethodPost, r.url+"/auth/login", url.Values{"provider": {"entra"}})
	}, 405, "method-not-allowed", ""},

	// Sessions' cookies fixed and stolen.
	{"a cookie that the attacker made up before the sign-in", func(r *raid) answered {
		session, _ := r.cookieNames()
		r.victim.plant(session, "fixed")
		r.signedIn(r.victim, "anja")
		a := r.as("fixed")
		r.out(r.victim)
		return a
	}, 401, "sign-in-required", ""},
	{"the attacker's own session planted before the sign-in", func(r *raid) answered {
		session, _ := r.cookieNames()
		own := r.signedIn(r.evil, "ben")
		r.victim.plant(session, own)
		r.signedIn(r.victim, "anja")
		a := r.as(own)
		r.out(r.victim)
		return a
	}, 401, "sign-in-required", ""},
	{"a cookie from before a new sign-in", func(r *raid) answered {
		old := r.signedIn(r.victim, "anja")
		r.signedIn(r.victim, "anja")
		a := r.as(old)
		r.out(r.victim)
		return a
	}, 401, "sign-in-required", ""},
	{"a cookie after sign-out", func(r *raid) answered {
		old := r.signedIn(r.victim, "anja")
		r.out(r.victim)
		return r.as(old)
	}, 401, "sign-in-required", ""},
	{"a cookie after its session was ended elsewhere", func(r *raid) answered {
		stolen := r.signedIn(r.victim, "anja")
		here := r.browser()
		r.signedIn(here, "anja")
		here.api(http.MethodDelete, "/session/sessions")
		r.out(here)
		return r.as(stolen)
	}, 401, "sign-in-required", ""},
	{"a cookie an hour after its last use", func(r *raid) answered {
		secret := r.signedIn(r.victim, "anja")
		r.aged(secret, func(s *sso.Session) { s.SeenAt = time.Now().Add(-time.Hour) })
		return r.as(secret)
	}, 401, "sign-in-required", ""},
	{"a cookie past the session's limit", func(r *raid) answered {
		secret := r.signedIn(r.victim, "anja")
		r.aged(secret, func(s *sso.Session) { s.ExpiresAt = time.Now() })
		return r.as(secret)
	}, 401, "sign-in-required", ""},
	{"the digest of a cookie", cookie(sha), 401, "sign-in-required", ""},
	{"the session's public id", cookie(func(s string) string { return sha(s)[:32] }), 401, "sign-in-required", ""},
	{"a cookie in small letters", cookie(strings.ToLower), 401, "sign-in-required", ""},
	{"a cookie with a character more", cookie(func(s string) string { return s + "A" }), 401, "sign-in-required", ""},
	{"an empty cookie", cookie(func(string) string { return "" }), 401, "sign-in-required", ""},
	{"a cookie of eight thousand characters", cookie(func(string) string { return strings.Repeat("A", 8000) }), 401, "sign-in-required", ""},
	{"the transaction's secret as the session's cookie", func(r *raid) answered {
		r.comesBack(r.victim, "entra", "anja", "")
		_, transaction := r.cookieNames()
		return r.as(r.victim.cookies()[transaction])
	}, 401, "sign-in-required", ""},
	{"a bad token beside a good cookie", func(r *raid) answered {
		secret := r.signedIn(r.victim, "anja")
		a := r.as(secret, "Authorization", "Bearer a.b.c")
		r.out(r.victim)
		return a
	}, 401, "sign-in-required", "malformed"},

	// Cross-site.
	{"a write from another site", written("Sec-Fetch-Site", "cross-site"), 403, "token-not-allowed", "cross-origin"},
	{"a write from a sister site", written("Sec-Fetch-Site", "same-site"), 403, "token-not-allowed", "cross-origin"},
	{"a write of another origin", written("Origin", "https://evil.example"), 403, "token-not-allowed", "cross-origin"},
	{"a write of an origin without a name", written("Origin", "null"), 403, "token-not-allowed", "cross-origin"},
	{"a write of the same host's other port", written("Origin", "http://127.0.0.1:1"), 403, "token-not-allowed", "cross-origin"},
	{"a write of another origin that says it is ours", written("Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"), 403, "token-not-allowed", "cross-origin"},
	{"a sign-out from another site", fromElsewhere(http.MethodPost, "/auth/logout"), 403, "token-not-allowed", "cross-origin"},
	{"ending sessions from another site", fromElsewhere(http.MethodDelete, apiBase+"/session/sessions"), 403, "token-not-allowed", "cross-origin"},
	{"a write as a form", func(r *raid) answered {
		r.signedIn(r.victim, "anja")
		a := r.victim.step(http.MethodPut, r.url+apiBase+"/session/state", url.Values{`{"name":"idle"}`: {""}}, "Sec-Fetch-Site", "same-origin")
		r.out(r.victim)
		return a
	}, 415, "unsupported-media-type", ""},
	{"a sign-out by a link", func(r *raid) answered {
		secret := r.signedIn(r.victim, "anja")
		a := r.victim.step(http.MethodGet, r.url+"/auth/logout", nil)
		if still := r.as(secret); still.status != 200 {
			r.t.Errorf("the link ended the session: %d", still.status)
		}
		r.out(r.victim)
		return a
	}, 303, "", ""},

	// The back channel.
	{"a logout without a token", told("application/x-www-form-urlencoded", "a=b"), 400, "malformed", ""},
	{"a logout with two tokens", told("application/x-www-form-urlencoded", "logout_token=a&logout_token=b"), 400, "malformed", ""},
	{"a logout with a token in the address", func(r *raid) answered {
		return r.ask("", http.MethodPost, "/auth/backchannel-logout?logout_token=a", "a=b", "Content-Type", "application/x-www-form-urlencoded")
	}, 400, "malformed", ""},
	{"a logout as JSON", told("application/json", `{"logout_token":"a"}`), 415, "unsupported-media-type", ""},
	{"a logout of a megabyte", told("application/x-www-form-urlencoded", "logout_token="+strings.Repeat("a", 1<<20)), 413, "too-large", ""},
	{"a logout with a token that is none", told("application/x-www-form-urlencoded", "logout_token="+planted), 400, "logout-token-invalid", "malformed"},
	{"a logout by a link", func(r *raid) answered { return r.goes(r.url + "/auth/backchannel-logout?logout_token=a") }, 404, "not-found", ""},
}

// back lets the victim come back from the provider with other parameters.
func back(provider string, pairs ...string) func(*raid) answered {
	return func(r *raid) answered { return r.goes(changed(r.comesBack(r.victim, provider, "anja", ""), pairs...)) }
}

func alteredState(alter func(string) string) func(*raid) answered {
	return func(r *raid) answered {
		at := r.comesBack(r.victim, "entra", "anja", "")
		return r.goes(changed(at, "state", alter(at.Query().Get("state"))))
	}
}

// withTransaction lets the victim come back with another cookie.
func withTransaction(cookie func(*url.URL) string) func(*raid) answered {
	return func(r *raid) answered {
		at := r.comesBack(r.victim, "entra", "anja", "")
		return r.evil.step(http.MethodGet, at.String(), nil, "Cookie", r.transactionCookie(cookie(at)))
	}
}

// cookie asks with what an attacker makes of a good session's secret.
func cookie(alter func(string) string) func(*raid) answered {
	return func(r *raid) answered {
		a := r.as(alter(r.signedIn(r.victim, "anja")))
		r.out(r.victim)
		return a
	}
}

func login(query string) func(*raid) answered {
	return func(r *raid) answered { return r.goes(r.url + "/auth/login?" + query) }
}

// written is a write with a good cookie and such headers.
func written(headers ...string) func(*raid) answered {
	return func(r *raid) answered {
		secret := r.signedIn(r.victim, "anja")
		session, _ := r.cookieNames()
		a := r.ask("", http.MethodPut, apiBase+"/session/state", `{"name":"idle"}`, append(headers, "Cookie", session+"="+secret)...)
		r.out(r.victim)
		return a
	}
}

// fromElsewhere is a request that another site makes the victim's browser send.
func fromElsewhere(method, path string) func(*raid) answered {
	return func(r *raid) answered {
		secret := r.signedIn(r.victim, "anja")
		a := r.victim.step(method, r.url+path, nil, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
		if still := r.as(secret); still.status != 200 {
			r.t.Errorf("the session is over: %d", still.status)
		}
		r.out(r.victim)
		return a
	}
}

func told(media, body string) func(*raid) answered {
	return func(r *raid) answered {
		return r.ask("", http.MethodPost, "/auth/backchannel-logout", body, "Content-Type", media)
	}
}

func TestTheSignInWithstandsEveryAttack(t *testing.T) {
	if len(signInAttacks) < 60 {
		t.Errorf("only %d attacks", len(signInAttacks))
	}
	for _, c := range signInAttacks {
		t.Run(c.name, func(t *testing.T) {
			r := newRaid(t)
			a := c.do(r)
			if a.status != c.status || a.problem() != c.slug {
				t.Fatalf("%d %s %s, want %d %s", a.status, a.body, a.header, c.status, c.slug)
			}
			if c.slug != "" {
				if reason, _ := a.decode(t)["reason"].(string); reason != c.reason {
					t.Errorf("reason %q, want %q", reason, c.reason)
				}
			}
			for _, set := range a.header.Values("Set-Cookie") {
				if !strings.Contains(set, "Max-Age=0") {
					t.Errorf("a cookie was set: %s", set)
				}
			}
			for _, secret := range append(r.secrets, planted) {
				if secret != "" && (strings.Contains(a.body, secret) || strings.Contains(r.logs.String(), secret)) {
					t.Errorf("a secret is told")
				}
			}
			if left := r.sessions.Sessions(); left != 0 {
				t.Errorf("%d sessions are left", left)
			}
		})
	}
}
