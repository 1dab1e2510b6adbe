package sso_test

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"teamsbridge/sso"
)

// The cases of a relying party, in the words of the OpenID conformance suite's
// profile "RP basic", against the simulated provider. The service asks for no
// user information: what it needs has to stand in the ID token.
func TestRelyingPartyCases(t *testing.T) {
	accepted := func(err error) bool { return err == nil }
	rejected, wrongNonce := signIn("rejected"), signIn("nonce")
	set := func(name string, value any) func(map[string]any) {
		return func(claims map[string]any) {
			if claims[name] = value; value == nil {
				delete(claims, name)
			}
		}
	}
	in := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	for _, test := range []struct {
		name   string
		change func(claims map[string]any)
		want   func(error) bool
	}{
		{"a plain ID token", nil, accepted},
		{"issuer mismatch", set("iss", "https://evil.example"), rejected},
		{"issuer with a slash behind", func(c map[string]any) { c["iss"] = c["iss"].(string) + "/" }, rejected},
		{"issuer missing", set("iss", nil), rejected},
		{"issuer that is a list", func(c map[string]any) { c["iss"] = []any{c["iss"]} }, rejected},
		{"audience of another client", set("aud", "another"), rejected},
		{"audience missing", set("aud", nil), rejected},
		{"audience empty", set("aud", []string{}), rejected},
		{"audience in another case", set("aud", "TeamsBridge"), rejected},
		{"audience as a list of one", set("aud", []string{"teamsbridge"}), accepted},
		{"more audiences without an authorized party", set("aud", []string{"teamsbridge", "another"}), rejected},
		{"more audiences with us as the authorized party", func(c map[string]any) {
			c["aud"], c["azp"] = []string{"another", "teamsbridge"}, "teamsbridge"
		}, accepted},
		{"one audience with us as the authorized party", set("azp", "teamsbridge"), accepted},
		{"one audience with another authorized party", set("azp", "another"), rejected},
		{"an authorized party that is no text", set("azp", []string{"teamsbridge"}), rejected},
		{"nonce of another sign-in", set("nonce", "another"), wrongNonce},
		{"nonce missing", set("nonce", nil), wrongNonce},
		{"nonce empty", set("nonce", ""), wrongNonce},
		{"nonce that is a list", func(c map[string]any) { c["nonce"] = []any{c["nonce"]} }, rejected},
		{"subject missing", set("sub", nil), rejected},
		{"subject empty", set("sub", ""), rejected},
		{"subject that is a number", set("sub", 7), rejected},
		{"subject of somebody in no table", set("sub", "cc|nobody"), as[*sso.AgentUnknownError]},
		{"subject in another case", set("sub", "CC|anja"), as[*sso.AgentUnknownError]},
		{"issued-at missing", set("iat", nil), rejected},
		{"issued in the future", set("iat", in(time.Hour)), rejected},
		{"issued-at that is a text", set("iat", "yesterday"), rejected},
		{"expired", set("exp", in(-time.Hour)), rejected},
		{"expiry missing", set("exp", nil), rejected},
		{"not valid for hours", set("nbf", in(5*time.Hour)), rejected},
		{"digest of another access token", set("at_hash", digestOf("another")), rejected},
		{"digest of an access token that is none", set("at_hash", "x"), rejected},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			w.Provider.Change(test.change)
			done, err := w.signsIn(t, "contact-centre", "anja", "")
			if !test.want(err) || (done.Secret == "") != (err != nil) {
				t.Errorf("Complete = %+v, %v", done, err)
			}
			if opened := w.Store.Sessions() == 1; opened != (err == nil) {
				t.Errorf("a session was opened: %v", opened)
			}
		})
	}
}

// digestOf follows OpenID Connect Core 1.0, 3.1.3.6.
func digestOf(accessToken string) string {
	sum := sha256.Sum256([]byte(accessToken))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

func TestTheDigestOfTheAccessTokenMustBeRight(t *testing.T) {
	d := newDesk(t)
	if _, err := d.signIn(t, "contact-centre", "", payload{"at_hash": digestOf("opaque")}); err != nil {
		t.Errorf("the right one: %v", err)
	}
	if _, err := d.signIn(t, "contact-centre", "", payload{"at_hash": digestOf("opaque!")}); !signIn("rejected")(err) {
		t.Errorf("a wrong one: %v", err)
	}
}

func TestIDTokensUnderKeysOfAllKinds(t *testing.T) {
	for _, test := range []struct {
		name      string
		signed    func(*desk) key
		published func(*desk) []key
		want      func(error) bool
	}{
		{"no key id, one key", withoutID(0), published(0), func(err error) bool { return err == nil }},
		{"no key id, two keys", withoutID(0), published(0, 1), signIn("rejected")},
		{"a key id that is not published", by(2), published(0, 1), signIn("rejected")},
		{"the second of two keys", by(1), published(0, 1), func(err error) bool { return err == nil }},
		{"another key under a published id", func(d *desk) key { k := d.Key(2); k.ID = d.Key(0).ID; return k }, published(0), signIn("rejected")},
		{"a key for encryption", by(0), func(d *desk) []key { k := d.Key(0); k.Use = "enc"; return []key{k, d.Key(1)} }, signIn("rejected")},
		{"a key for another algorithm", by(0), func(d *desk) []key { k := d.Key(0); k.Alg = "PS256"; return []key{k, d.Key(1)} }, signIn("rejected")},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			d.Publish(test.published(d)...)
			begun, query := d.begin(t, "contact-centre", "")
			d.answers(t, test.signed(d), d.contactCentreID(query.Get("nonce")))
			_, err := d.Complete(t.Context(), sso.Callback{State: query.Get("state"), Code: "the-code", Browser: begun.Browser})
			if !test.want(err) {
				t.Errorf("Complete: %v", err)
			}
		})
	}
}

func by(n int) func(*desk) key { return func(d *desk) key { return d.Key(n) } }

func withoutID(n int) func(*desk) key {
	return func(d *desk) key { k := d.Key(n); k.ID = ""; return k }
}

func published(numbers ...int) func(*desk) []key {
	return func(d *desk) []key {
		var keys []key
		for _, n := range numbers {
			k := d.Key(n)
			if len(numbers) == 1 {
				k.ID = "" // as a provider with one key may
			}
			keys = append(keys, k)
		}
		return keys
	}
}

func TestTheProvidersKeysMayRotate(t *testing.T) {
	d := newDesk(t)
	for n := range 3 {
		d.Publish(d.Key(n))
		begun, query := d.begin(t, "contact-centre", "")
		d.answers(t, d.Key(n), d.contactCentreID(query.Get("nonce")))
		if _, err := d.Complete(t.Context(), sso.Callback{State: query.Get("state"), Code: "the-code", Browser: begun.Browser}); err != nil {
			t.Errorf("with key %d: %v", n, err)
		}
		d.Clock.Advance(time.Minute) // keys are fetched once in half a minute at most
	}
}

func TestAProviderThatNamesAnotherIssuerIsNotAsked(t *testing.T) {
	w := newWorld(t)
	w.build(t, func(cfg *sso.Config) { cfg.ContactCentre[0].Issuer = w.Provider.Issuer() + "/" })
	if _, err := w.Begin(t.Context(), sso.Entry{Provider: "contact-centre"}); !errors.Is(err, sso.ErrProviderUnavailable) {
		t.Errorf("Begin: %v", err)
	}
}
