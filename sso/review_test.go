package sso_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"teamsbridge/sso"
	"teamsbridge/sso/ssotest"
)

func TestASessionEndsWhenEntraSaysSo(t *testing.T) {
	fault := func(status, code int) func(*world) {
		return func(w *world) {
			w.Entra.InjectFault(ssotest.Fault{Route: "/organizations/oauth2/v2.0/token", Status: status, Code: code})
			w.Entra.InjectFault(ssotest.Fault{Route: "/" + home + "/oauth2/v2.0/token", Status: status, Code: code})
		}
	}
	for name, tt := range map[string]struct {
		happens func(*world)
		reason  sso.EndedReason // empty: the session goes on
		claims  bool
	}{
		"nothing":                      {func(*world) {}, "", false},
		"all sign-ins are revoked":     {func(w *world) { w.Entra.RevokeSessions(home, anja) }, sso.EndedRevoked, false},
		"the account is disabled":      {func(w *world) { disable(w, anja) }, sso.EndedAccount, false},
		"the account is deleted":       {func(w *world) { w.Entra.RemoveAccount(home, anja) }, sso.EndedAccount, false},
		"the app is for others only":   {func(w *world) { required := true; w.Entra.SetApp(home, serviceID, nil, &required) }, sso.EndedUnassigned, false},
		"a policy wants more":          {fault(400, 50076), sso.EndedInteraction, true},
		"somebody else is revoked":     {func(w *world) { w.Entra.RevokeSessions(partner, bert) }, "", false},
		"Entra is away":                {fault(503, 0), "", false},
		"Entra throttles":              {fault(429, 0), "", false},
		"Entra takes it for a loop":    {fault(400, 50196), "", false},
		"the service's secret is gone": {fault(401, 7000215), "", false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			secret := signInWithBrowser(t, w, "anja@nordlicht.example", "")
			tt.happens(w)
			var taken []sso.Taken
			w.WhenTaken(func(one sso.Taken) { taken = append(taken, one) })
			_, err := w.FromSession(t.Context(), secret)
			if tt.reason == "" {
				if err != nil || len(taken) != 0 {
					t.Errorf("the session ended: %v, %+v", err, taken)
				}
				return
			}
			ended, ok := errors.AsType[*sso.EndedError](err)
			if !ok || ended.Reason != tt.reason || (ended.Claims != "") != tt.claims || !errors.Is(err, sso.ErrSignInRequired) {
				t.Fatalf("%+v, %v", ended, err)
			}
			if _, err := w.FromSession(t.Context(), secret); !errors.Is(err, ended) {
				t.Errorf("the second time: %v", err)
			}
			if len(taken) != 1 || taken[0].Reason != tt.reason || taken[0].BackChannel || taken[0].Principal.Agent().EntraID != anja {
				t.Errorf("told of %+v, want one that Entra ended", taken)
			}
			if left := w.Store.Sessions(); left != 0 {
				t.Errorf("%d sessions are kept", left)
			}
		})
	}
}

func TestWhoWasRevokedSignsInAnew(t *testing.T) {
	w := newWorld(t)
	secret := signInWithBrowser(t, w, "anja@nordlicht.example", "")
	w.Entra.RevokeSessions(home, anja)
	if _, err := w.FromSession(t.Context(), secret); err == nil {
		t.Fatal("still in")
	}
	if _, err := w.FromSession(t.Context(), signInWithBrowser(t, w, "anja@nordlicht.example", "")); err != nil {
		t.Errorf("after a new sign-in: %v", err)
	}
}

// reviewer answers what it is told to, and counts.
type reviewer struct {
	err   error
	asked []string
}

func (r *reviewer) Review(_ context.Context, tenant string, a sso.Assertion) error {
	r.asked = append(r.asked, tenant+" "+a.Token)
	return r.err
}

func TestATokenThatWasShownEndsWhenEntraSaysSo(t *testing.T) {
	over := &sso.EndedError{Reason: sso.EndedAccount}
	for name, tt := range map[string]struct{ says, want error }{
		"good": {nil, nil}, "ended": {over, over}, "away": {sso.ErrProviderUnavailable, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			r := &reviewer{err: tt.says}
			w.review(t, r)
			token := w.entraToken(t, home, teamsWeb, "anja@nordlicht.example")
			p, err := w.Verify(t.Context(), token)
			if !errors.Is(err, tt.want) {
				t.Fatalf("error %v, want %v", err, tt.want)
			}
			if len(r.asked) != 1 || r.asked[0] != home+" "+token {
				t.Errorf("asked %d times, or for somebody else", len(r.asked))
			}
			if _, again := w.Verify(t.Context(), token); !errors.Is(again, tt.want) || len(r.asked) != 1 {
				t.Errorf("at once again: %v, asked %d times", again, len(r.asked))
			}
			if tt.want == nil && w.StillGood(t.Context(), p) != nil {
				t.Error("no longer good")
			}
		})
	}
}

func TestTheContactCentresOwnAreNotEntrasToReview(t *testing.T) {
	w := newWorld(t)
	r := &reviewer{err: &sso.EndedError{Reason: sso.EndedRevoked}}
	w.review(t, r)
	if _, err := w.Verify(t.Context(), w.token(t, w.URL+"/contact-centre/token", "teamsbridge", "anja")); err != nil || len(r.asked) != 0 {
		t.Errorf("asked %d times: %v", len(r.asked), err)
	}
}

func TestAnEndingIsReadFromEntrasNumbersOnly(t *testing.T) {
	for name, tt := range map[string]struct {
		description, claims string
		reason              sso.EndedReason
		passed              string
	}{
		"revoked":              {"AADSTS50173: whatever", "", sso.EndedRevoked, ""},
		"with a challenge":     {"AADSTS50076: x", `{"access_token":{}}`, sso.EndedInteraction, `{"access_token":{}}`},
		"no JSON":              {"AADSTS50076: x", `{"access_token"`, sso.EndedInteraction, ""},
		"too much of it":       {"AADSTS50076: x", `{"a":"` + strings.Repeat("x", 5000) + `"}`, sso.EndedInteraction, ""},
		"the service's secret": {"AADSTS7000215: x", "", "", ""},
		"words alone":          {"The user account is disabled.", "", "", ""},
		"no consent":           {"AADSTS65001: x", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			ended := sso.Ending(tt.description, tt.claims)
			if (ended != nil) != (tt.reason != "") || ended != nil && (ended.Reason != tt.reason || ended.Claims != tt.passed) {
				t.Errorf("%+v", ended)
			}
		})
	}
}

func disable(w *world, objectID string) {
	w.Entra.AddAccount(ssotest.Account{
		Tenant: home, ObjectID: objectID, Username: "anja@nordlicht.example", Name: "Anja Weber", Password: password, Disabled: true,
	})
}
