package sso_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
	"teamsbridge/sso/ssotest"
)

// enter signs somebody in at the contact centre's provider, in a browser of
// their own, and gives the session's secret and who visits the provider.
func (w *world) enter(t testing.TB, username string) (string, *browser) {
	t.Helper()
	begun, err := w.Begin(t.Context(), sso.Entry{Provider: "contact-centre"})
	if err != nil {
		t.Fatal(err)
	}
	person := signingIn(t, username)
	back := person.visit(begun.URL)
	done, err := w.Complete(t.Context(), sso.Callback{
		State: back.Get("state"), Code: back.Get("code"), Issuer: back.Get("iss"), Browser: begun.Browser,
	})
	if err != nil {
		t.Fatal(err)
	}
	return done.Secret, person
}

// login is how the provider knows the only session that is kept.
func (w *world) login(t testing.TB) sso.Login {
	t.Helper()
	kept, err := w.Store.SessionsOf(t.Context(), home)
	if err != nil || len(kept) != 1 || len(kept[0].Logins) != 1 {
		t.Fatalf("kept are %+v, %v", kept, err)
	}
	return kept[0].Logins[0]
}

const logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

func TestLogoutTokens(t *testing.T) {
	const (
		ended = true
		stays = false
	)
	claim := func(name string, value any) func(*world, sso.Login) ssotest.Forgery {
		return func(*world, sso.Login) ssotest.Forgery {
			return ssotest.Forgery{Claims: map[string]any{name: value}}
		}
	}
	signed := func(s ssotest.Signing) func(*world, sso.Login) ssotest.Forgery {
		return func(*world, sso.Login) ssotest.Forgery { return ssotest.Forgery{Signing: s} }
	}
	typed := func(typ any) func(*world, sso.Login) ssotest.Forgery {
		return func(*world, sso.Login) ssotest.Forgery {
			return ssotest.Forgery{Header: map[string]any{"typ": typ}}
		}
	}
	at := func(name string, d time.Duration) func(*world, sso.Login) ssotest.Forgery {
		return func(*world, sso.Login) ssotest.Forgery {
			return ssotest.Forgery{Claims: map[string]any{name: time.Now().Add(d).Unix()}}
		}
	}
	for _, test := range []struct {
		name  string
		forge func(*world, sso.Login) ssotest.Forgery
		want  sso.Reason // empty: accepted
		ends  bool
	}{
		{"for the person", func(*world, sso.Login) ssotest.Forgery { return ssotest.Forgery{} }, "", ended},
		{"for the person's session", func(_ *world, l sso.Login) ssotest.Forgery {
			return ssotest.Forgery{Claims: map[string]any{"sid": l.ID}}
		}, "", ended},
		{"for the session alone", func(_ *world, l sso.Login) ssotest.Forgery {
			return ssotest.Forgery{Claims: map[string]any{"sid": l.ID, "sub": nil}}
		}, "", ended},
		{"for another session of the person", claim("sid", "another"), "", stays},
		{"for somebody else", claim("sub", "cc|carl"), "", stays},
		{"for somebody else with the person's session", func(_ *world, l sso.Login) ssotest.Forgery {
			return ssotest.Forgery{Claims: map[string]any{"sid": l.ID, "sub": "cc|carl"}}
		}, "", stays},
		{"made before the sign-in", at("iat", -time.Hour), "", stays},
		{"typed as any token", typed("JWT"), "", ended},
		{"not typed", typed(nil), "", ended},
		{"typed in the long form", typed("application/logout+jwt"), "", ended},
		{"several audiences, ours among them", claim("aud", []string{"other", "teamsbridge"}), "", ended},

		{"typed as an access token", typed("at+jwt"), sso.ReasonType, stays},
		{"a type that is no text", typed(7), sso.ReasonType, stays},
		{"signed by a stranger", signed(ssotest.SignStranger), sso.ReasonSignature, stays},
		{"signed with a key nobody publishes", signed(ssotest.SignUnknown), sso.ReasonSignature, stays},
		{"signed with the public key as a secret", signed(ssotest.SignHMAC), sso.ReasonAlgorithm, stays},
		{"not signed", signed(ssotest.SignNone), sso.ReasonAlgorithm, stays},
		{"changed after it was signed", signed(ssotest.SignTampered), sso.ReasonSignature, stays},
		{"another issuer", claim("iss", "https://evil.example"), sso.ReasonIssuer, stays},
		{"no issuer", claim("iss", nil), sso.ReasonIssuer, stays},
		{"Entra's issuer", func(w *world, _ sso.Login) ssotest.Forgery {
			return ssotest.Forgery{Claims: map[string]any{"iss": w.URL + "/" + home + "/v2.0"}}
		}, sso.ReasonIssuer, stays},
		{"another client's audience", claim("aud", "other"), sso.ReasonAudience, stays},
		{"no audience", claim("aud", nil), sso.ReasonAudience, stays},
		{"expired", at("exp", -2*time.Minute), sso.ReasonExpired, stays},
		{"no expiry", claim("exp", nil), sso.ReasonMalformed, stays},
		{"from the future", at("iat", 5*time.Minute), sso.ReasonNotYetValid, stays},
		{"no time of making", claim("iat", nil), sso.ReasonMalformed, stays},
		{"no id of its own", claim("jti", nil), sso.ReasonMalformed, stays},
		{"an id that is a number", claim("jti", 7), sso.ReasonMalformed, stays},
		{"nobody and no session", claim("sub", nil), sso.ReasonNoPerson, stays},
		{"no event", claim("events", nil), sso.ReasonEvent, stays},
		{"another event", claim("events", map[string]any{"https://schemas.openid.net/secevent/risc": map[string]any{}}), sso.ReasonEvent, stays},
		{"an event that is a text", claim("events", map[string]any{logoutEvent: "yes"}), sso.ReasonEvent, stays},
		{"an event that is null", claim("events", map[string]any{logoutEvent: nil}), sso.ReasonEvent, stays},
		{"events that are a list", claim("events", []string{logoutEvent}), sso.ReasonEvent, stays},
		{"a nonce, as ID tokens have", claim("nonce", "n"), sso.ReasonNonce, stays},
		{"a nonce that is null", claim("nonce", nil), "", ended}, // taken away by the forger
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			secret, _ := w.enter(t, "anja")
			f := test.forge(w, w.login(t))
			f.ObjectID = "cc|anja"
			err := w.Logout(t.Context(), w.Provider.ForgeLogout(f))
			refused, _ := errors.AsType[*sso.LogoutError](err)
			if test.want == "" && err != nil || test.want != "" && (refused == nil || refused.Reason != test.want) {
				t.Errorf("Logout: %v, want %q", err, test.want)
			}
			if _, err := w.FromSession(t.Context(), secret); errors.Is(err, sso.ErrSessionNotFound) != test.ends {
				t.Errorf("the session after it: %v", err)
			}
		})
	}
}

func TestOtherTokensAreNoLogoutTokens(t *testing.T) {
	w := newWorld(t)
	secret, _ := w.enter(t, "anja")
	for name, token := range map[string]string{
		"nothing":                      "",
		"no token":                     "a.b.c",
		"an access token":              w.Provider.Forge(ssotest.Forgery{ObjectID: "cc|anja"}),
		"an access token to this user": w.Provider.Forge(ssotest.Forgery{ObjectID: "cc|anja", Claims: map[string]any{"aud": "teamsbridge"}}),
		"Entra's access token":         w.Entra.AccessToken(home, serviceID, serviceID, anja),
	} {
		if err := w.Logout(t.Context(), token); !as[*sso.LogoutError](err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.FromSession(t.Context(), secret); err != nil {
		t.Errorf("the session after all that: %v", err)
	}
}

func TestALogoutTokenIsNoAccessToken(t *testing.T) {
	w := newWorld(t)
	w.build(t, func(cfg *sso.Config) { cfg.ContactCentre[0].Audience = "teamsbridge" })
	for _, typ := range []string{"logout+jwt", "JWT"} {
		token := w.Provider.ForgeLogout(ssotest.Forgery{ObjectID: "cc|anja", Header: map[string]any{"typ": typ}})
		if p, err := w.Verify(t.Context(), token); err == nil || p.Valid() {
			t.Errorf("one of type %s was taken for an access token", typ)
		}
	}
}

func TestALogoutTokenIsTakenOnceAndNeverEndsALaterSession(t *testing.T) {
	w := newWorld(t)
	w.enter(t, "anja")
	earlier := ssotest.Forgery{ObjectID: "cc|anja", Claims: map[string]any{"iat": w.login(t).IssuedAt.Add(-30 * time.Second).Unix()}}
	token := w.Provider.ForgeLogout(earlier)
	if err := w.Logout(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	err := w.Logout(t.Context(), token)
	if refused, ok := errors.AsType[*sso.LogoutError](err); !ok || refused.Reason != sso.ReasonReplayed {
		t.Errorf("the second time: %v", err)
	}
	if w.Store.Sessions() != 1 {
		t.Error("the session that began later was ended")
	}
}

func TestALogoutThatCouldNotBeDoneMayBeRepeated(t *testing.T) {
	w := newWorld(t)
	w.enter(t, "anja")
	token := w.Provider.ForgeLogout(ssotest.Forgery{ObjectID: "cc|anja"})
	w.Store.RefuseSessions(errors.New("the disk is away"))
	if err := w.Logout(t.Context(), token); err == nil || as[*sso.LogoutError](err) {
		t.Fatalf("while the store is away: %v", err)
	}
	w.Store.RefuseSessions(nil)
	if err := w.Logout(t.Context(), token); err != nil || w.Store.Sessions() != 0 {
		t.Errorf("after that: %v with %d sessions", err, w.Store.Sessions())
	}
}

func TestALogoutIsDoneWhenTheProviderDoesNotWaitForTheAnswer(t *testing.T) {
	w := newWorld(t)
	w.enter(t, "anja")
	w.build(t) // a restart: the provider's keys have to be asked for, which takes a moment
	gone, hangUp := context.WithCancel(t.Context())
	hangUp()
	if err := w.Logout(gone, w.Provider.ForgeLogout(ssotest.Forgery{ObjectID: "cc|anja"})); err != nil || w.Store.Sessions() != 0 {
		t.Errorf("Logout: %v with %d sessions", err, w.Store.Sessions())
	}
}

// interrupted is a store in which something happens just before a session is kept.
type interrupted struct {
	*sessiontest.Memory
	happens func()
}

func (i *interrupted) PutSession(ctx context.Context, s sso.Session) error {
	if i.happens != nil {
		i.happens()
	}
	return i.Memory.PutSession(ctx, s)
}

func TestALogoutInTheMomentOfASignInEndsIt(t *testing.T) {
	for _, test := range []struct {
		name  string
		joint bool // Microsoft's identity joins the provider's, which ends meanwhile
		about payload
		ends  bool
	}{
		{"of this very sign-in", false, payload{"sid": "s1"}, true},
		{"of the person", false, payload{"sid": nil}, true},
		{"of another sign-in of theirs", false, payload{"sid": "s2"}, false},
		{"of somebody else", false, payload{"sid": nil, "sub": "cc|carl"}, false},
		{"of what Microsoft's identity is joined to", true, payload{"sid": "s1"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			store := &interrupted{Memory: d.Store}
			deps := sso.WithClock(sso.Deps{Agents: d.Agents, Sessions: store, PublicURL: public}, d.Clock.Now)
			var err error
			if d.Verifier, err = sso.NewVerifier(d.config(), deps); err != nil {
				t.Fatal(err)
			}
			if d.SignIn, err = sso.NewSignIn(d.config(), d.Verifier, deps); err != nil {
				t.Fatal(err)
			}
			first, provider := "", "contact-centre"
			if test.joint {
				first, provider = d.mustSignIn(t, provider, "", payload{"sid": "s1"}).Secret, sso.ProviderEntra
			}
			token := payload{
				"iss": d.URL + "/contact-centre", "aud": "teamsbridge", "sid": "s1", "sub": "cc|anja", "jti": "1",
				"iat": noon.Unix(), "exp": noon.Add(time.Minute).Unix(), "events": map[string]any{logoutEvent: map[string]any{}},
			}
			store.happens = func() {
				if err := d.Logout(t.Context(), sign(t, d.Key(0), token.with(test.about))); err != nil {
					t.Errorf("Logout: %v", err)
				}
			}
			var taken []sso.Taken
			d.WhenTaken(func(one sso.Taken) { taken = append(taken, one) })
			done, err := d.signIn(t, provider, first, payload{"sid": "s1"})
			if ended := err != nil; ended != test.ends || ended && !signIn("rejected")(err) {
				t.Errorf("Complete: %v", err)
			}
			if left := d.Store.Sessions(); (left == 0) != test.ends || (done.Secret == "") != test.ends {
				t.Errorf("%d sessions are left", left)
			}
			if test.ends && (len(taken) == 0 || !taken[len(taken)-1].BackChannel) {
				t.Errorf("taken: %+v", taken)
			}
			store.happens = nil
			if _, err := d.signIn(t, "contact-centre", "", payload{"sid": "s3"}); err != nil {
				t.Errorf("the next sign-in, in the same second: %v", err)
			}
		})
	}
}

func TestTheProvidersEndOfOneIdentityEndsTheJointSession(t *testing.T) {
	d := newDesk(t)
	first := d.mustSignIn(t, "contact-centre", "", payload{"sid": "s1"})
	both := d.mustSignIn(t, "entra", first.Secret, nil)
	d.mustSignIn(t, "contact-centre", "", payload{"sid": "s2"}) // another browser's
	var told []string
	d.WhenSessionEnds(func(id string) { told = append(told, id) })
	var taken []sso.Taken
	d.WhenTaken(func(one sso.Taken) { taken = append(taken, one) })
	who := d.who(t, both.Secret)
	token := sign(t, d.Key(0), payload{
		"iss": d.URL + "/contact-centre", "aud": "teamsbridge", "sid": "s1", "sub": "cc|anja", "jti": "1",
		"iat": noon.Unix(), "exp": noon.Add(time.Minute).Unix(), "events": map[string]any{logoutEvent: map[string]any{}},
	})
	if err := d.Logout(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	if _, err := d.FromSession(t.Context(), both.Secret); !errors.Is(err, sso.ErrSessionNotFound) {
		t.Errorf("the joint session: %v", err)
	}
	if len(told) != 1 || told[0] != who.SessionID() || d.Store.Sessions() != 1 {
		t.Errorf("told of %v, %d sessions left", told, d.Store.Sessions())
	}
	if len(taken) != 1 || !taken[0].BackChannel || taken[0].Tenant != home || taken[0].Principal.Agent().ID != who.Agent().ID {
		t.Errorf("taken: %+v", taken)
	}
}
