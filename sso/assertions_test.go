package sso_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"teamsbridge/sso"
)

// signInWithBrowser goes all the way and gives the session's secret.
func signInWithBrowser(t *testing.T, w *world, username, session string) string {
	t.Helper()
	return signInAt(t, w, sso.ProviderEntra, username, session)
}

func signInAt(t *testing.T, w *world, provider, username, session string) string {
	t.Helper()
	begun, err := w.Begin(t.Context(), sso.Entry{Provider: provider, Return: "/", Session: session})
	if err != nil {
		t.Fatal(err)
	}
	query := signingIn(t, username).visit(begun.URL)
	done, err := w.Complete(t.Context(), sso.Callback{State: query.Get("state"), Code: query.Get("code"), Error: problem(query), Issuer: query.Get("iss"), Browser: begun.Browser})
	if err != nil {
		t.Fatal(err)
	}
	return done.Secret
}

func TestAShownTokenCanBeAskedWith(t *testing.T) {
	w := newWorld(t)
	token := w.entraToken(t, home, teamsWeb, "anja@nordlicht.example")
	p, err := w.Verify(t.Context(), token)
	if err != nil || p.Assertion().Token != token || !p.Assertion().Expires.Equal(p.Expires()) {
		t.Fatalf("%v", err)
	}
	if renewed, err := w.Renew(p); err != nil || renewed.Assertion() != p.Assertion() {
		t.Errorf("lost when the agent table was asked anew: %v", err)
	}
	var text bytes.Buffer
	slog.New(slog.NewJSONHandler(&text, nil)).InfoContext(t.Context(), "seen", "principal", p, "assertion", p.Assertion())
	fmt.Fprintf(&text, "%v %+v %#v", p, p, p)
	if strings.Contains(text.String(), token) || strings.Contains(text.String(), "Anja") {
		t.Error("a principal shows the token or the person")
	}
}

func TestABrowsersSignInBringsATokenWhereItIsKept(t *testing.T) {
	w := newWorld(t)
	if p, err := w.FromSession(t.Context(), signInWithBrowser(t, w, "anja@nordlicht.example", "")); err != nil || p.Assertion() != (sso.Assertion{}) {
		t.Fatalf("kept although nobody wants it: %v", err)
	}
	w.build(t, func(cfg *sso.Config) { cfg.Entra.KeepAssertions = true })
	secret := signInWithBrowser(t, w, "anja@nordlicht.example", "")
	p, err := w.FromSession(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	a := p.Assertion()
	if again, err := w.Verify(t.Context(), a.Token); err != nil || again.Agent().ID != p.Agent().ID || !a.Expires.Equal(again.Expires()) {
		t.Errorf("the token is %v's: %v", again.Agent().ID, err)
	}
	if sofia, err := w.FromSession(t.Context(), signInWithBrowser(t, w, "sofia@nordlicht.example", secret)); err != nil || sofia.Assertion().Token == a.Token {
		t.Errorf("another person's sign-in in the same browser has the token: %v", err)
	}
	secret = signInWithBrowser(t, w, "anja@nordlicht.example", "")
	if _, err := w.End(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	w.build(t, func(cfg *sso.Config) { cfg.Entra.KeepAssertions = true }) // a restart: memory is gone, the session is not
	if p, err := w.FromSession(t.Context(), signInWithBrowser(t, w, "anja@nordlicht.example", "")); err != nil || p.Assertion().Token == "" {
		t.Errorf("after a restart and a new sign-in: %v", err)
	}
}
