package ssotest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"teamsbridge/sso/ssotest"
)

// centre is a running provider of the contact centre's own.
type centre struct {
	*ssotest.Provider
	client *http.Client
	origin string
}

func newCentre(t *testing.T) centre {
	t.Helper()
	var handler http.Handler
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	p := ssotest.NewProvider(ssotest.ProviderOptions{
		Options: ssotest.Options{Seed: 3, TLSURL: server.URL}, Path: "/contact-centre",
		ClientID: "desktop", Secret: secret, Audience: "teamsbridge",
		Accounts: []ssotest.ProviderAccount{
			{Subject: "cc-1", Username: "clara", Password: password, Name: "Clara Klein", Roles: []string{"Supervisor"}},
			{Subject: "cc-2", Username: "cem", Password: password, Name: "Cem Kaya"},
		},
	})
	handler = p.Handler()
	client := server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return centre{Provider: p, client: client, origin: server.URL}
}

func (c centre) application(t *testing.T) (oauth2.Config, *oidc.Provider) {
	t.Helper()
	provider, err := oidc.NewProvider(oidc.ClientContext(t.Context(), c.client), c.Issuer())
	if err != nil {
		t.Fatal(err)
	}
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams
	return oauth2.Config{
		ClientID: "desktop", ClientSecret: secret, RedirectURL: redirect, Endpoint: endpoint,
		Scopes: []string{"openid", "profile", "offline_access"},
	}, provider
}

func TestContactCentreSignsInWithRealClients(t *testing.T) {
	c := newCentre(t)
	app, provider := c.application(t)
	ctx := oidc.ClientContext(t.Context(), c.client)
	b := newBrowser(t, c.client, c.origin)
	start := app.AuthCodeURL("the-state", oauth2.S256ChallengeOption(codeVerifier), oidc.Nonce("the-nonce"))

	wrong := b.submit(b.open(start), "username", "clara", "password", "guess")
	if wrong.Left || !strings.Contains(wrong.Body, "The user name or password is wrong.") {
		t.Fatalf("a wrong password leads to %s\n%s", wrong.At, wrong.Body)
	}
	code := wantCode(t, b.signIn(wrong, "clara"))
	token, err := app.Exchange(ctx, code, oauth2.VerifierOption(codeVerifier))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.Exchange(ctx, code, oauth2.VerifierOption(codeVerifier)); err == nil {
		t.Error("a code works twice")
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: "desktop"}).Verify(ctx, raw)
	if err != nil || id.Subject != "cc-1" || id.Nonce != "the-nonce" {
		t.Fatalf("id token %+v, %v", id, err)
	}
	access, err := provider.Verifier(&oidc.Config{ClientID: "teamsbridge"}).Verify(ctx, token.AccessToken)
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		Name  string   `json:"name"`
		Roles []string `json:"roles"`
	}
	if err := access.Claims(&claims); err != nil || claims.Name != "Clara Klein" || !slices.Equal(claims.Roles, []string{"Supervisor"}) {
		t.Errorf("access token says %+v, %v", claims, err)
	}
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil || info.Subject != "cc-1" {
		t.Errorf("userinfo %+v, %v", info, err)
	}
	if _, err := app.TokenSource(ctx, &oauth2.Token{RefreshToken: token.RefreshToken}).Token(); err != nil {
		t.Errorf("refresh: %v", err)
	}

	wantCode(t, b.open(start)) // signed in already
	out := b.open(c.Issuer() + "/logout?" + form("post_logout_redirect_uri", "http://127.0.0.1:8080/").Encode())
	if !out.Left || out.At.String() != "http://127.0.0.1:8080/" {
		t.Errorf("signed out to %s", out.At)
	}
	if p := b.open(start + "&prompt=none"); p.At.Query().Get("error") != "login_required" {
		t.Errorf("after signing out: %s", p.At)
	}
}

func TestContactCentreGivesTestsATokenByPassword(t *testing.T) {
	c := newCentre(t)
	got := post(t, c.client, c.TokenEndpoint(), form("grant_type", "password", "client_id", "desktop", "username", "cem", "password", password))
	if got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Description)
	}
	_, provider := c.application(t)
	ctx := oidc.ClientContext(t.Context(), c.client)
	token, err := provider.Verifier(&oidc.Config{ClientID: "teamsbridge"}).Verify(ctx, got.AccessToken)
	if err != nil || token.Subject != "cc-2" {
		t.Fatalf("%+v, %v", token, err)
	}
	var claims map[string]any
	if err := token.Claims(&claims); err != nil || claims["roles"] != nil {
		t.Errorf("claims %v, %v", claims, err)
	}
	c.RotateKeys()
	if _, err := provider.Verifier(&oidc.Config{ClientID: "teamsbridge"}).Verify(ctx, got.AccessToken); err != nil {
		t.Errorf("after a rotation: %v", err)
	}
	if _, err := provider.Verifier(&oidc.Config{ClientID: "teamsbridge"}).Verify(ctx,
		c.Forge(ssotest.Forgery{ObjectID: "cc-1", Signing: ssotest.SignStranger})); err == nil {
		t.Error("a forged token is good")
	}
}

func TestContactCentreRefuses(t *testing.T) {
	byPassword := []string{"grant_type", "password", "client_id", "desktop", "username", "cem", "password", password}
	for _, row := range []struct {
		name   string
		form   []string
		status int
		error  string
	}{
		{"a wrong password", change(byPassword, "password", "guess"), 400, "invalid_grant"},
		{"an unknown person", change(byPassword, "username", "nobody"), 400, "invalid_grant"},
		{"an empty password", change(byPassword, "password", ""), 400, "invalid_grant"},
		{"an unknown client", change(byPassword, "client_id", "other"), 401, "invalid_client"},
		{"a wrong secret", change(byPassword, "client_secret", "guess"), 401, "invalid_client"},
		{"an unknown grant", change(byPassword, "grant_type", "implicit"), 400, "unsupported_grant_type"},
		{"a code without the secret", []string{"grant_type", "authorization_code", "client_id", "desktop", "code", "x"}, 401, "invalid_client"},
		{"a code nobody issued", []string{"grant_type", "authorization_code", "client_id", "desktop", "client_secret", secret, "code", "x"}, 400, "invalid_grant"},
		{"a refresh token nobody issued", []string{"grant_type", "refresh_token", "client_id", "desktop", "refresh_token", "x"}, 400, "invalid_grant"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := newCentre(t)
			got := post(t, c.client, c.TokenEndpoint(), form(row.form...))
			if got.Status != row.status || got.Error != row.error {
				t.Errorf("got %d %s, want %d %s", got.Status, got.Error, row.status, row.error)
			}
		})
	}
	t.Run("an address off this machine", func(t *testing.T) {
		c := newCentre(t)
		p := newBrowser(t, c.client, c.origin).open(c.Issuer() + "/authorize?" +
			form("client_id", "desktop", "redirect_uri", "https://evil.example/", "response_type", "code", "scope", "openid").Encode())
		if p.Left || p.Status != http.StatusBadRequest {
			t.Errorf("arrived at %s (%d)", p.At, p.Status)
		}
	})
	t.Run("userinfo without a token", func(t *testing.T) {
		c := newCentre(t)
		p := newBrowser(t, c.client, c.origin).open(c.Issuer() + "/userinfo")
		var body struct{ Error string }
		if err := json.Unmarshal([]byte(p.Body), &body); err != nil || p.Status != http.StatusUnauthorized || body.Error != "invalid_token" {
			t.Errorf("%d %s", p.Status, p.Body)
		}
	})
}
