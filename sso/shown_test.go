package sso_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"teamsbridge/sso"
)

func TestATokenThatWasGoodIsJudgedAnewEachTime(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*testing.T, *authority, *sso.Agents)
		want   string // "" means that it still is good
	}{
		{"nothing has changed", func(*testing.T, *authority, *sso.Agents) {}, ""},
		{"keys were read anew", func(_ *testing.T, a *authority, _ *sso.Agents) { a.Clock.Advance(time.Hour) }, ""},
		{"another key has come", func(_ *testing.T, a *authority, _ *sso.Agents) {
			a.Publish(a.Key(1), a.Key(0))
			a.Clock.Advance(time.Hour)
		}, ""},
		{"it has expired", func(_ *testing.T, a *authority, _ *sso.Agents) { a.Clock.Advance(3 * time.Hour) }, "expired"},
		{"the clock went back to before it", func(_ *testing.T, a *authority, _ *sso.Agents) { a.Clock.Advance(-2 * time.Hour) }, "not-yet-valid"},
		{"its key is gone", func(_ *testing.T, a *authority, _ *sso.Agents) {
			a.Publish(a.Key(1))
			a.Clock.Advance(time.Hour)
		}, "signature"},
		{"its key's name is another key's", func(_ *testing.T, a *authority, _ *sso.Agents) {
			k := a.Key(1)
			k.ID = a.Key(0).ID
			a.Publish(k)
			a.Clock.Advance(time.Hour)
		}, "signature"},
		{"its key has another name", func(_ *testing.T, a *authority, _ *sso.Agents) {
			k := a.Key(0)
			k.ID = "renamed"
			a.Publish(k)
			a.Clock.Advance(time.Hour)
		}, "signature"},
		{"its key is another organisation's", func(_ *testing.T, a *authority, _ *sso.Agents) {
			k := a.Key(0)
			k.Issuer = a.URL + "/" + partner + "/v2.0"
			a.Publish(k)
			a.Clock.Advance(time.Hour)
		}, "signature"},
		{"its person's row is gone", func(t *testing.T, _ *authority, table *sso.Agents) {
			if err := table.Replace(nil); err != nil {
				t.Fatal(err)
			}
		}, "agent unknown"},
		{"the issuer has been away for a day", func(_ *testing.T, a *authority, _ *sso.Agents) {
			a.Away.Store(true)
			a.Clock.Advance(24 * time.Hour)
		}, "unavailable"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, table := newAuthority(t), agents(t)
			v := a.verifier(t, func(_ *sso.Config, deps *sso.Deps) { deps.Agents = table })
			token := sign(t, a.Key(0), a.V2().with(payload{"exp": at(2 * time.Hour), "nbf": at(-time.Minute), "iat": at(-time.Minute)}))
			wantGood(t, v, token)
			test.change(t, a, table)
			for range 2 {
				if _, err := v.Verify(t.Context(), token); refusalOf(err) != test.want {
					t.Errorf("Verify: %v, want %q", err, test.want)
				}
			}
		})
	}
}

// refusalOf is an error in a word.
func refusalOf(err error) string {
	if refused, ok := errors.AsType[*sso.TokenError](err); ok {
		return string(refused.Reason)
	}
	if _, ok := errors.AsType[*sso.AgentUnknownError](err); ok {
		return "agent unknown"
	}
	switch {
	case err == nil:
		return ""
	case errors.Is(err, sso.ErrProviderUnavailable):
		return "unavailable"
	}
	return fmt.Sprint("not foreseen: ", err)
}

// A token that differs in one character from one that was good is another one.
func TestATokenThatLooksLikeAGoodOneIsNone(t *testing.T) {
	a := newAuthority(t)
	v := a.verifier(t)
	good := sign(t, a.Key(0), a.V2())
	wantGood(t, v, good)
	for i := range good {
		other := []byte(good)
		if other[i] = 'A'; good[i] == 'A' {
			other[i] = 'B'
		}
		if p, err := v.Verify(t.Context(), string(other)); err == nil || p.Valid() {
			t.Fatalf("good with another character %d of %d", i, len(good))
		}
	}
	for _, other := range []string{good + "=", " " + good, good + "\n", good[:len(good)-1]} {
		if p, err := v.Verify(t.Context(), other); err == nil || p.Valid() {
			t.Errorf("good: %q", other)
		}
	}
	wantGood(t, v, good)
}
