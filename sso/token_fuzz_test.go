package sso_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"teamsbridge/sso"
)

// isRefusal is what may come of a bad token: nothing unnamed, no panic.
func isRefusal(err error) bool {
	return as[*sso.TokenError](err) || as[*sso.NotAdmittedError](err) || as[*sso.AgentUnknownError](err) ||
		errors.Is(err, sso.ErrSignInRequired)
}

func FuzzVerifyAnything(f *testing.F) {
	a := newAuthority(f)
	v := a.verifier(f)
	good := sign(f, a.Key(0), a.V2())
	f.Add("")
	f.Add("..")
	f.Add(good[:len(good)-1])
	f.Add(base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + ".e30.")
	f.Fuzz(func(t *testing.T, raw string) {
		if p, err := v.Verify(t.Context(), raw); raw != good && (!isRefusal(err) || p.Valid()) {
			t.Errorf("Verify(%q): %v (valid %v)", raw, err, p.Valid())
		}
	})
}

// FuzzVerifySignedBodies lets an issuer sign whatever it likes: claims of the
// wrong kind must be refused, and nobody gets further than their own claims say.
func FuzzVerifySignedBodies(f *testing.F) {
	a := newAuthority(f)
	v := a.verifier(f)
	for _, seed := range []payload{a.V2(), a.V1(), a.ContactCentre(), {"iss": 1}, {"aud": []any{1}}, {"exp": "x"}} {
		body, err := json.Marshal(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add([]byte(`{"exp":1e309}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, body []byte) {
		raw := signBytes(t, jose.SigningKey{Algorithm: jose.RS256, Key: a.Key(0).Private}, map[jose.HeaderKey]any{"kid": "a"}, body)
		p, err := v.Verify(t.Context(), raw)
		if err != nil {
			if !isRefusal(err) {
				t.Errorf("Verify: %v", err)
			}
			return
		}
		var said struct {
			Issuer string `json:"iss"`
		}
		if json.Unmarshal(body, &said) != nil || said.Issuer == "" || !p.Valid() || p.Tenant() == stranger {
			t.Errorf("%s made %+v", body, p)
		}
	})
}
