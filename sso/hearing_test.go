package sso_test

import (
	"errors"
	"testing"

	"teamsbridge/sso"
)

// signsIn goes through a provider's pages, on top of a session or none.
func (w *world) signsIn(t *testing.T, provider, username, session string) (sso.Completed, error) {
	t.Helper()
	begun, err := w.Begin(t.Context(), sso.Entry{Provider: provider, Return: "/", Session: session})
	if err != nil {
		t.Fatal(err)
	}
	back := signingIn(t, username).visit(begun.URL)
	return w.Complete(t.Context(), sso.Callback{
		State: back.Get("state"), Code: back.Get("code"), Error: problem(back), Browser: begun.Browser, Session: session,
		Issuer: back.Get("iss"),
	})
}

func TestAnAgentWhomEntraRefusesIsToldWhyWhereverTheyAre(t *testing.T) {
	w := newWorld(t)
	if _, err := w.Organizations.SetEnabled(t.Context(), home, true); err != nil {
		t.Fatal(err)
	}
	gate := sso.NewGate(sso.RequireAlways, w.Organizations)
	state := func(secret string) sso.State {
		t.Helper()
		p, err := w.FromSession(t.Context(), secret)
		if err != nil {
			t.Fatal(err)
		}
		return gate.Status(p).State
	}
	here, err := w.signsIn(t, "contact-centre", "anja", "")
	if err != nil {
		t.Fatal(err)
	}
	if got := state(here.Secret); got != sso.StateSignInRequired {
		t.Errorf("before: %s", got)
	}

	required := true
	w.Entra.SetApp(home, serviceID, nil, &required)
	_, err = w.signsIn(t, "entra", "anja@nordlicht.example", here.Secret)
	if refused, ok := errors.AsType[*sso.RequiredError](err); !ok || refused.Status.Code != "AADSTS50105" {
		t.Fatalf("not assigned: %v", err)
	}
	if got := state(here.Secret); got != sso.StateNotAssigned {
		t.Errorf("after the refusal: %s", got)
	}

	w.Entra.Assign(home, serviceID, anja)
	both, err := w.signsIn(t, "entra", "anja@nordlicht.example", here.Secret)
	if err != nil {
		t.Fatal(err)
	}
	if got := state(both.Secret); got != sso.StateReady {
		t.Errorf("after the assignment: %s", got)
	}
}
