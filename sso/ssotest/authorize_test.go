package ssotest_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"
)

func TestPersonSignsInWithRealClients(t *testing.T) {
	for _, realm := range []string{tenantA, "organizations", "nordlicht.example"} {
		t.Run("at "+realm, func(t *testing.T) {
			w := newWorld(t)
			app, b := w.application(t, realm), w.browser(t)
			code := wantCode(t, b.signIn(b.open(app.start()), anja))

			token, err := app.config.Exchange(app.ctx, code, oauth2.VerifierOption(codeVerifier))
			if err != nil {
				t.Fatal(err)
			}
			raw, _ := token.Extra("id_token").(string)
			verified, err := app.verifier.Verify(app.ctx, raw)
			if err != nil {
				t.Fatal(err)
			}
			if verified.Nonce != "the-nonce" {
				t.Errorf("nonce %q", verified.Nonce)
			}
			var claims struct {
				Tenant string `json:"tid"`
				Person string `json:"oid"`
				Email  string `json:"email"`
			}
			if err := verified.Claims(&claims); err != nil || claims.Tenant != tenantA || claims.Person != anjaID || claims.Email != anja {
				t.Errorf("claims %+v, %v", claims, err)
			}
			if _, err := app.config.TokenSource(app.ctx, &oauth2.Token{RefreshToken: token.RefreshToken}).Token(); err != nil {
				t.Errorf("refresh: %v", err)
			}
		})
	}
}

func TestCodeIsWorthOneRightRedemption(t *testing.T) {
	w := newWorld(t)
	app, b := w.application(t, tenantA), w.browser(t)
	code := wantCode(t, b.signIn(b.open(app.start()), anja))
	pairs := []string{
		"grant_type", "authorization_code", "client_id", serviceID, "client_secret", secret,
		"code", code, "redirect_uri", redirect, "code_verifier", codeVerifier,
	}
	wantRefusal(t, w.ask(t, tenantA, change(pairs, "code_verifier", "another")...), 501481, "invalid_grant", 400, "")
	wantRefusal(t, w.ask(t, tenantA, change(pairs, "code_verifier", "")...), 501481, "invalid_grant", 400, "")
	wantRefusal(t, w.ask(t, tenantA, change(pairs, "redirect_uri", consented)...), 500112, "invalid_client", 400, "")
	wantRefusal(t, w.ask(t, tenantB, pairs...), 70000, "invalid_grant", 400, "")
	wantRefusal(t, w.ask(t, tenantA, change(pairs, "client_id", strangeID, "client_secret", "")...), 70000, "invalid_grant", 400, "")
	if got := w.ask(t, tenantA, pairs...); got.Status != http.StatusOK {
		t.Fatalf("the right redemption: %s", got.Description)
	}
	wantRefusal(t, w.ask(t, tenantA, pairs...), 54005, "invalid_grant", 400, "")
}

func TestSecondSignInNeedsNoForm(t *testing.T) {
	w := newWorld(t)
	app, b := w.application(t, tenantA), w.browser(t)
	wantCode(t, b.signIn(b.open(app.start()), anja))
	wantCode(t, b.open(app.start()))
	wantCode(t, b.open(app.start(oauth2.SetAuthURLParam("prompt", "none"))))

	t.Run("prompt=login asks all the same", func(t *testing.T) {
		wantCode(t, b.signIn(b.open(app.start(oauth2.SetAuthURLParam("prompt", "login"))), anja))
	})
	t.Run("prompt=select_account offers the account or another", func(t *testing.T) {
		choice := b.open(app.start(oauth2.SetAuthURLParam("prompt", "select_account")))
		wantCode(t, b.click(choice, "continue"))
		wantCode(t, b.signIn(b.click(choice, "other"), admin))
	})
	t.Run("a login_hint for somebody else asks for them", func(t *testing.T) {
		p := b.open(app.start(oauth2.SetAuthURLParam("login_hint", anja)))
		if !strings.Contains(p.Body, `value="`+anja+`"`) {
			t.Fatalf("the name is not filled in:\n%s", p.Body)
		}
		wantCode(t, b.signIn(p, anja))
	})
	t.Run("a revoked session counts no more", func(t *testing.T) {
		w.RevokeSessions(tenantA, anjaID)
		wantErrorAtApplication(t, b.open(app.start(oauth2.SetAuthURLParam("prompt", "none"))), "login_required", 50058)
	})
}

func TestWrongPasswordIsSaidOnTheForm(t *testing.T) {
	for _, row := range []struct{ name, language, username, want string }{
		{"in English", "en-US,en;q=0.9", anja, "The user name or password is wrong. (AADSTS50126)"},
		{"in German", "de-DE,de;q=0.9", anja, "Benutzername oder Kennwort ist falsch. (AADSTS50126)"},
		{"for a disabled account", "en", gone, "This account is disabled. (AADSTS50057)"},
		{"for somebody from elsewhere", "de", "anja@elsewhere.example", "Benutzername oder Kennwort ist falsch. (AADSTS50034)"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			b := w.browser(t)
			b.language = row.language
			given := "guess"
			if row.username == gone {
				given = password
			}
			p := b.submit(b.open(w.application(t, tenantA).start()), "username", row.username, "password", given)
			if p.Left || !strings.Contains(p.Body, row.want) || !strings.Contains(p.Body, `role="alert"`) {
				t.Fatalf("the form does not say %q:\n%s", row.want, p.Body)
			}
			if !strings.Contains(p.Body, `lang="`+row.language[:2]+`"`) {
				t.Errorf("the page's language is not %s", row.language[:2])
			}
			if strings.Contains(p.Body, given) {
				t.Error("the password stands on the page")
			}
			if row.username == anja {
				wantCode(t, b.signIn(p, anja)) // the request is not lost
			}
		})
	}
}

func TestFormKeepsTheLanguageTheApplicationAskedFor(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t) // an English one
	p := b.open(w.application(t, tenantA).start(oauth2.SetAuthURLParam("ui_locales", "de")))
	for _, step := range []string{"first", "after a wrong password"} {
		if !strings.Contains(p.Body, `lang="de"`) || !strings.Contains(p.Body, "Kennwort") {
			t.Fatalf("%s the form is not German:\n%s", step, p.Body)
		}
		p = b.submit(p, "username", anja, "password", "guess")
	}
}

func TestPagesCannotBeFramedOrPostedFromElsewhere(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	p := b.open(w.application(t, tenantA).start())
	if p.Header.Get("X-Frame-Options") != "DENY" || !strings.Contains(p.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Errorf("headers %v", p.Header)
	}
	request := b.request(http.MethodPost, w.URL+"/"+tenantA+"/login", form("username", anja, "password", password, "flow", "authorize"))
	request.Header.Set("Origin", "https://evil.example")
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	if got := b.follow(request); got.Status != http.StatusForbidden {
		t.Errorf("a form from elsewhere is answered %d", got.Status)
	}
}

func TestAuthorizeTellsTheApplication(t *testing.T) {
	param := oauth2.SetAuthURLParam
	for _, row := range []struct {
		name    string
		prepare func(world)
		options []oauth2.AuthCodeOption
		signIn  bool
		error   string
		code    int
	}{
		{name: "that nobody is signed in", options: []oauth2.AuthCodeOption{param("prompt", "none")}, error: "login_required", code: 50058},
		{name: "that the prompt is unknown", options: []oauth2.AuthCodeOption{param("prompt", "create")}, error: "invalid_request", code: 90023},
		{name: "that the response type is not enabled", options: []oauth2.AuthCodeOption{param("response_type", "id_token")}, error: "unsupported_response_type", code: 700054},
		{name: "that the response type is missing", options: []oauth2.AuthCodeOption{param("response_type", "")}, error: "invalid_request", code: 900144},
		{name: "that the response mode is unknown", options: []oauth2.AuthCodeOption{param("response_mode", "pigeon")}, error: "unsupported_response_type", code: 70007},
		{name: "that the scope is missing", options: []oauth2.AuthCodeOption{param("scope", "")}, error: "invalid_request", code: 900144},
		{name: "that the challenge is plain", options: []oauth2.AuthCodeOption{param("code_challenge_method", "plain")}, error: "invalid_request", code: 9002325},
		{name: "that a public client has no challenge", options: []oauth2.AuthCodeOption{param("client_id", strangeID), param("code_challenge", "")}, error: "invalid_request", code: 9002325},
		{name: "that assignment is missing", prepare: assign, signIn: true, error: "access_denied", code: 50105},
		{name: "that consent is missing", options: []oauth2.AuthCodeOption{param("scope", "openid Mail.Read")}, signIn: true, error: "consent_required", code: 65001},
		{name: "that the app is not installed", prepare: remove, signIn: true, error: "consent_required", code: 65001},
		{name: "that the app is disabled", prepare: disable, signIn: true, error: "unauthorized_client", code: 7000112},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			if row.prepare != nil {
				row.prepare(w)
			}
			b := w.browser(t)
			p := b.open(w.application(t, tenantA).start(row.options...))
			if row.signIn {
				p = b.signIn(p, anja)
			}
			wantErrorAtApplication(t, p, row.error, row.code)
		})
	}
}

func TestWhoeverGoesBackFromTheSignInPageIsToldWithoutACode(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	p := b.click(b.open(w.application(t, tenantA).start()), "cancel")
	query := p.At.Query()
	if !p.Left || query.Get("error") != "access_denied" || query.Get("error_subcode") != "cancel" || query.Get("state") != "the-state" || len(query) != 3 {
		t.Errorf("arrived at %s (%d)", p.At, p.Status)
	}
	t.Run("never at an address that is not the application's", func(t *testing.T) {
		values := form("client_id", serviceID, "redirect_uri", "https://evil.example/", "response_type", "code", "scope", scope)
		if p := b.open(w.URL + "/" + tenantA + "/cancel?" + values.Encode()); p.Left || p.Status != http.StatusBadRequest {
			t.Errorf("arrived at %s (%d)", p.At, p.Status)
		}
	})
	t.Run("only where an application waits for an answer", func(t *testing.T) {
		values := form("client_id", serviceID, "redirect_uri", consented, "state", "the-state", "scope", graphDefault)
		if p := b.open(w.URL + "/" + tenantA + "/v2.0/adminconsent?" + values.Encode()); strings.Contains(p.Body, `id="cancel"`) {
			t.Errorf("the consent of an admin offers it: %s", p.Body)
		}
	})
}

func TestAuthorizeTellsOnlyThePerson(t *testing.T) {
	w := newWorld(t)
	for _, row := range []struct {
		name, tenant string
		change       []string
		code         int
	}{
		{"of an unknown tenant", "cccccccc-0000-4000-8000-000000000003", nil, 90002},
		{"of an unknown client", tenantA, []string{"client_id", "99999999-0000-4000-8000-000000000009"}, 700016},
		{"of a missing client", tenantA, []string{"client_id", ""}, 900144},
		{"of an address that is not registered", tenantA, []string{"redirect_uri", "https://evil.example/"}, 50011},
		{"of an address that only begins like a registered one", tenantA, []string{"redirect_uri", redirect + ".evil.example"}, 50011},
		{"of an address with another port", tenantA, []string{"redirect_uri", "http://127.0.0.1:8081/auth/callback"}, 50011},
		{"of a loopback address by another name", tenantA, []string{"redirect_uri", "http://localhost:9000/local"}, 50011},
		{"of a missing address", tenantA, []string{"redirect_uri", ""}, 900971},
	} {
		t.Run(row.name, func(t *testing.T) {
			values := form(change([]string{
				"client_id", serviceID, "redirect_uri", redirect, "response_type", "code", "scope", scope, "state", "the-state",
			}, row.change...)...)
			p := w.browser(t).open(w.URL + "/" + row.tenant + "/oauth2/v2.0/authorize?" + values.Encode())
			if p.Left || p.Status != http.StatusBadRequest || !strings.Contains(p.Body, tag(row.code)) {
				t.Errorf("arrived at %s (%d), want a page with %s\n%s", p.At, p.Status, tag(row.code), p.Body)
			}
		})
	}
}

func TestAnyPortOfARegisteredLoopbackAddress(t *testing.T) {
	w := newWorld(t)
	app, b := w.application(t, tenantA), w.browser(t)
	app.config.RedirectURL = "http://127.0.0.1:43210/local"
	p := b.signIn(b.open(app.start()), anja)
	if !p.Left || p.At.Host != "127.0.0.1:43210" || p.At.Query().Get("code") == "" {
		t.Errorf("arrived at %s", p.At)
	}
}

func TestAnswerAsFormAndAsFragment(t *testing.T) {
	w := newWorld(t)
	app, b := w.application(t, tenantA), w.browser(t)
	wantCode(t, b.signIn(b.open(app.start()), anja))

	posted := b.open(app.start(oauth2.SetAuthURLParam("response_mode", "form_post")))
	action := formAction.FindStringSubmatch(posted.Body)
	if action == nil || html.UnescapeString(action[1]) != redirect || !strings.Contains(posted.Body, `name="code"`) || !strings.Contains(posted.Body, `value="the-state"`) {
		t.Errorf("no form for the application:\n%s", posted.Body)
	}
	fragment := b.open(app.start(oauth2.SetAuthURLParam("response_mode", "fragment")))
	if values, err := url.ParseQuery(fragment.At.Fragment); err != nil || values.Get("code") == "" || fragment.At.RawQuery != "" {
		t.Errorf("arrived at %s", fragment.At)
	}
}

func TestGuestMustNameTheTenantTheyVisit(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	visited := w.application(t, tenantA)
	code := wantCode(t, b.signIn(b.open(visited.start()), berta)) // with the password from home
	token, err := visited.config.Exchange(visited.ctx, code, oauth2.VerifierOption(codeVerifier))
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := token.Extra("id_token").(string)
	verified, err := visited.verifier.Verify(visited.ctx, raw)
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		Person string `json:"oid"`
		Home   string `json:"idp"`
	}
	if err := verified.Claims(&claims); err != nil || claims.Person != guestID || claims.Home != w.URL+"/"+tenantB+"/" {
		t.Errorf("claims %+v, %v", claims, err)
	}

	t.Run("at organizations they are at home", func(t *testing.T) {
		home := w.application(t, "organizations")
		b := w.browser(t)
		code := wantCode(t, b.signIn(b.open(home.start()), berta))
		token, err := home.config.Exchange(home.ctx, code, oauth2.VerifierOption(codeVerifier))
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := token.Extra("id_token").(string)
		if _, err := home.verifier.Verify(home.ctx, raw); err == nil {
			t.Error("the token names the visited tenant as issuer")
		}
		wantCode(t, b.open(visited.start())) // signed in at home, they may visit without a form
	})
}

func TestSignOutEndsTheSessionAndLeadsBackToARegisteredAddressOnly(t *testing.T) {
	w := newWorld(t)
	app, b := w.application(t, tenantA), w.browser(t)
	wantCode(t, b.signIn(b.open(app.start()), anja))
	logout := w.URL + "/" + tenantA + "/oauth2/v2.0/logout?"

	p := b.open(logout + form("post_logout_redirect_uri", redirect, "state", "bye").Encode())
	if !p.Left || p.At.String() != redirect+"?state=bye" {
		t.Errorf("arrived at %s", p.At)
	}
	wantErrorAtApplication(t, b.open(app.start(oauth2.SetAuthURLParam("prompt", "none"))), "login_required", 50058)

	for name, address := range map[string]string{"an address nobody registered": "https://evil.example/", "none": ""} {
		p := b.open(logout + form("post_logout_redirect_uri", address).Encode())
		if p.Left || !strings.Contains(p.Body, "You are signed out") {
			t.Errorf("%s: arrived at %s\n%s", name, p.At, p.Body)
		}
	}
}

func TestErrorAddressExplainsTheCode(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	if p := b.open(w.URL + "/error?code=50105"); p.Status != http.StatusOK || !strings.Contains(p.Body, tag(50105)) || strings.Contains(p.Body, "%s") {
		t.Errorf("%d\n%s", p.Status, p.Body)
	}
	if p := b.open(w.URL + "/error?code=1"); p.Status != http.StatusNotFound {
		t.Errorf("a code nobody knows: %d", p.Status)
	}
}
