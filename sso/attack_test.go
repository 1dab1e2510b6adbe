package sso_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
	"teamsbridge/sso/tokentest"
)

// TestBadTokensAreRefused holds the verifier against the whole table; package web
// does the same over HTTP.
func TestBadTokensAreRefused(t *testing.T) {
	shared, believer := newBeliever(t)
	for _, attack := range tokentest.Attacks() {
		t.Run(attack.Name, func(t *testing.T) {
			a, v := shared, believer
			if attack.Rekeys {
				a, v = newBeliever(t)
			}
			token := attack.Token(t, a)
			for range 2 { // nothing is gained by showing it again
				p, err := v.Verify(t.Context(), token)
				if got := answerTo(err); got != attack.Want {
					t.Errorf("Verify: %v, so %+v, want %+v", err, got, attack.Want)
				}
				if p.Valid() || p.Assertion() != (sso.Assertion{}) {
					t.Error("the principal is valid, or carries the token on")
				}
			}
		})
	}
}

// newBeliever is an authority and a verifier that trusts all of it.
func newBeliever(t *testing.T) (*tokentest.Authority, *sso.Verifier) {
	t.Helper()
	a := tokentest.NewAuthority(t, func() time.Time { return noon })
	v, err := sso.NewVerifier(a.Config(), sso.WithClock(sso.Deps{Agents: agents(t), Sessions: new(sessiontest.Memory)}, a.Now))
	if err != nil {
		t.Fatal(err)
	}
	return a, v
}

// answerTo is what package web makes of a verifier's error.
func answerTo(err error) tokentest.Answer {
	if refused, ok := errors.AsType[*sso.TokenError](err); ok {
		if errors.Is(err, sso.ErrSignInRequired) {
			return tokentest.Answer{Status: 401, Slug: "sign-in-required", Reason: string(refused.Reason)}
		}
		return tokentest.Answer{Status: 403, Slug: "token-not-allowed", Reason: string(refused.Reason)}
	}
	if refused, ok := errors.AsType[*sso.NotAdmittedError](err); ok {
		return tokentest.Answer{Status: 403, Slug: "organization-not-admitted", Reason: refused.Reason}
	}
	if refused, ok := errors.AsType[*sso.AgentUnknownError](err); ok {
		return tokentest.Answer{Status: 403, Slug: "agent-unknown", Reason: refused.Contact}
	}
	return tokentest.Answer{}
}

func TestEveryAttackHasANameOfItsOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, attack := range tokentest.Attacks() {
		if seen[attack.Name] {
			t.Errorf("two attacks are named %q", attack.Name)
		}
		seen[attack.Name] = true
	}
}

func TestNoTokenAsksToSignIn(t *testing.T) {
	p, err := newAuthority(t).verifier(t).Verify(t.Context(), "")
	if !errors.Is(err, sso.ErrSignInRequired) || p.Valid() {
		t.Errorf("Verify: %v (valid %v), want ErrSignInRequired", err, p.Valid())
	}
}

func TestRefusalsSayNothingOfTheInside(t *testing.T) {
	a := newAuthority(t)
	v := a.verifier(t)
	_, err := v.Verify(t.Context(), sign(t, a.Key(0), a.V2().with(payload{"oid": nina, "name": "Nina N."})))
	unknown, ok := errors.AsType[*sso.AgentUnknownError](err)
	if !ok || unknown.Name != "Nina N." || unknown.Contact != "the service desk" {
		t.Errorf("AgentUnknownError = %+v, want the name and whom to ask", unknown)
	}
	raw := sign(t, a.Key(1), a.V2())
	if _, err := v.Verify(t.Context(), raw); strings.Contains(err.Error(), raw[:20]) || strings.Contains(err.Error(), a.URL) {
		t.Errorf("the error quotes the token or the address: %v", err)
	}
}

func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func as[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
