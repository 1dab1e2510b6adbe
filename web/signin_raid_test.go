package web

import (
	"crypto/sha256"
	"encoding/hex"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"teamsbridge/sso"
	"teamsbridge/sso/ssotest"
)

// raid is the world with a second identity provider and two browsers: somebody's
// who signs in, and an attacker's.
type raid struct {
	*world
	provider     *ssotest.Provider
	victim, evil *browser
	secrets      []string // what no answer may repeat
}

const contactCentre = "contact-centre"

func newRaid(t testing.TB) *raid {
	t.Helper()
	r := &raid{}
	r.world = newWorld(t, r.addProvider)
	r.victim, r.evil = r.browser(), r.browser()
	return r
}

// addProvider lets people of home sign in at a provider of the contact centre too.
func (r *raid) addProvider(_ *Config, w *world) {
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, q *http.Request) { handler.ServeHTTP(rw, q) }))
	w.t.Cleanup(server.Close)
	r.provider = ssotest.NewProvider(ssotest.ProviderOptions{
		Options: ssotest.Options{Seed: 2, PlainURL: server.URL, TLSURL: server.URL}, Path: "/contact-centre",
		ClientID: "teamsbridge", Secret: "cc", Redirects: []string{w.url + "/auth/callback", w.url + "/"},
		Accounts:          []ssotest.ProviderAccount{{Subject: "cc|anja", Username: "anja@" + home + ".example", Password: "secret", Name: "Anja"}},
		BackchannelLogout: w.url + "/auth/backchannel-logout",
	})
	handler = r.provider.Handler()
	w.identity.cfg.ContactCentre = []sso.ProviderConfig{{
		Name: contactCentre, Issuer: r.provider.Issuer(), ClientID: "teamsbridge", ClientSecret: "cc", Tenant: home,
	}}
	_, err := w.deps.Roster.Put(w.t.Context(), home, []sso.Agent{
		{ID: "anja", Tenant: home, EntraID: anja, Subject: "cc|anja", Name: "Anja Weber", Number: "+49301001", Country: "DE"},
	}, false)
	fatal(w.t, err)
	w.deps.Verifier, err = sso.NewVerifier(w.identity.cfg, w.identity.deps)
	fatal(w.t, err)
	w.deps.SignIn, err = sso.NewSignIn(w.identity.cfg, w.deps.Verifier, w.identity.deps)
	fatal(w.t, err)
}

// step makes one request of the browser and follows nothing.
func (b *browser) step(method, address string, form url.Values, headers ...string) answered {
	b.t.Helper()
	following := b.client.CheckRedirect
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	defer func() { b.client.CheckRedirect = following }()
	a, _ := b.visit(method, address, form, headers...)
	return a
}

// comesBack goes through the provider's pages and gives the address here to
// which it sends the browser, without going there.
func (r *raid) comesBack(b *browser, provider, person, more string) *url.URL {
	r.t.Helper()
	a := b.step(http.MethodGet, r.url+"/auth/login?provider="+provider+more, nil)
	for range 8 {
		at, err := url.Parse(a.header.Get("Location"))
		fatal(r.t, err)
		if strings.HasPrefix(at.String(), r.url) {
			r.secrets = append(r.secrets, at.Query().Get("state"), at.Query().Get("code"))
			return at
		}
		if at.Host == "" {
			r.t.Fatalf("%d %s leads nowhere", a.status, a.body)
		}
		a = r.through(b, at, person)
	}
	r.t.Fatal("the provider never comes to an end")
	return nil
}

// through opens a page of the provider and fills in its form, if it has one.
func (r *raid) through(b *browser, at *url.URL, person string) answered {
	r.t.Helper()
	a := b.step(http.MethodGet, at.String(), nil)
	action := formAction.FindStringSubmatch(a.body)
	if action == nil {
		return absolute(r.t, at, a)
	}
	if !strings.Contains(person, "@") {
		person += "@" + home + ".example"
	}
	form := url.Values{"password": {"secret"}}
	for _, field := range formField.FindAllStringSubmatch(a.body, -1) {
		form.Set(field[1], html.UnescapeString(field[2]))
	}
	form.Set("username", person)
	to, err := at.Parse(html.UnescapeString(action[1]))
	fatal(r.t, err)
	return absolute(r.t, to, b.step(http.MethodPost, to.String(), form))
}

// absolute completes where an answer leads to.
func absolute(t testing.TB, at *url.URL, a answered) answered {
	to, err := at.Parse(a.header.Get("Location"))
	fatal(t, err)
	a.header.Set("Location", to.String())
	return a
}

// changed is an address with other parameters; empty takes one away.
func changed(at *url.URL, pairs ...string) string {
	query := at.Query()
	for i := 0; i+1 < len(pairs); i += 2 {
		if query.Del(pairs[i]); pairs[i+1] != "" {
			query.Set(pairs[i], pairs[i+1])
		}
	}
	there := *at
	there.RawQuery = query.Encode()
	return there.String()
}

// cookieNames are the session's and the transaction's.
func (r *raid) cookieNames() (session, transaction string) {
	session = cookieBase + "-" + r.url[strings.LastIndexByte(r.url, ':')+1:]
	return session, session + transactionSuffix
}

// plant puts a cookie into a browser, as an attacker might have.
func (b *browser) plant(name, value string) {
	b.t.Helper()
	at, err := url.Parse(b.url)
	fatal(b.t, err)
	b.client.Jar.SetCookies(at, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}

// signedIn signs the person in and gives the session's secret.
func (r *raid) signedIn(b *browser, person string) string {
	r.t.Helper()
	b.step(http.MethodGet, r.comesBack(b, "entra", person, "").String(), nil)
	session, _ := r.cookieNames()
	secret := b.cookies()[session]
	if secret == "" {
		r.t.Fatal("nobody is signed in")
	}
	r.secrets = append(r.secrets, secret)
	return secret
}

// as asks for the session with that value of the cookie.
func (r *raid) as(secret string, headers ...string) answered {
	r.t.Helper()
	session, _ := r.cookieNames()
	return r.ask("", http.MethodGet, apiBase+"/session", "", append(headers, "Cookie", session+"="+secret)...)
}

func sha(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// late lets the sign-in with that state be ten minutes old.
func (r *raid) late(at *url.URL) {
	r.t.Helper()
	t, err := r.sessions.TakeTransaction(r.t.Context(), sha(at.Query().Get("state")))
	fatal(r.t, err)
	t.ExpiresAt = time.Now()
	fatal(r.t, r.sessions.PutTransaction(r.t.Context(), t))
}

// aged changes the session of a secret in the store.
func (r *raid) aged(secret string, change func(*sso.Session)) {
	r.t.Helper()
	s, err := r.sessions.Session(r.t.Context(), sha(secret))
	fatal(r.t, err)
	change(&s)
	fatal(r.t, r.sessions.PutSession(r.t.Context(), s))
}

// goes goes to an address here with the victim's cookies, as their browser would.
func (r *raid) goes(at string) answered {
	r.t.Helper()
	return r.victim.step(http.MethodGet, at, nil)
}

// replay goes to an address without losing the transaction's cookie by it.
func (r *raid) replay(at string) {
	r.t.Helper()
	_, transaction := r.cookieNames()
	secret := r.victim.cookies()[transaction]
	r.goes(at)
	r.victim.plant(transaction, secret)
}

// out ends the browser's session, so that none is left that an attack opened.
func (r *raid) out(b *browser) {
	r.t.Helper()
	if a := b.step(http.MethodPost, r.url+"/auth/logout", nil, "Sec-Fetch-Site", "same-origin"); a.status != 200 && a.status != 204 {
		r.t.Fatalf("sign-out: %d %s", a.status, a.body)
	}
}

func (r *raid) transactionCookie(secret string) string {
	_, name := r.cookieNames()
	return name + "=" + secret
}
