package sso_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
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

// warm is a verifier that has fetched what it needs: what happens beside a fuzz
// target confuses the fuzzer, which would try to make it happen again.
func warm(f *testing.F, a *authority) *sso.Verifier {
	f.Helper()
	v := a.verifier(f)
	for _, token := range []string{sign(f, a.Key(0), a.V2()), sign(f, a.Key(0), a.ContactCentre())} {
		if _, err := v.Verify(f.Context(), token); err != nil {
			f.Fatal(err)
		}
	}
	return v
}

func FuzzVerifyAnything(f *testing.F) {
	a := newAuthority(f)
	v := a.verifier(f)
	good := sign(f, a.Key(0), a.V2())
	f.Add("")
	f.Add("..")
	f.Add(good[:len(good)-1])
	f.Add(good + "=")
	f.Add(good[:len(good)-1] + "A")
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
	v := warm(f, a)
	for _, seed := range []payload{a.V2(), a.V1(), a.ContactCentre(), {"iss": 1}, {"aud": []any{1}}, {"exp": "x"}} {
		body, err := json.Marshal(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add([]byte(`{"exp":1e309}`))
	f.Add([]byte(`null`))
	f.Add([]byte(`{"iss":"x","iss":"y"}`))
	f.Add([]byte(`{"x":{"y":[[[[{"z":1e9}]]]]},"exp":1.5}`))
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

// FuzzVerifySignedHeaders lets the real key sign a good body under any header:
// whatever it says, only a plain RS256 header under the key's own id passes.
func FuzzVerifySignedHeaders(f *testing.F) {
	a := newAuthority(f)
	a.Publish(a.Key(0), a.Key(1))
	v := warm(f, a)
	body, err := json.Marshal(a.V2())
	if err != nil {
		f.Fatal(err)
	}
	for _, header := range []string{
		`{"alg":"RS256","kid":"a","typ":"JWT"}`, `{"alg":"RS256","kid":"a","crit":["b64"],"b64":false}`, `{"alg":"none","kid":"a"}`,
		`{"alg":"RS256","kid":"b","jwk":{"kty":"oct","k":"YQ"}}`, `{"alg":"RS256","kid":"a","x5c":["YQ"]}`, `{"alg":"RS256","kid":["a"]}`, `[]`, `{}`,
	} {
		f.Add([]byte(header))
	}
	f.Fuzz(func(t *testing.T, header []byte) {
		signed := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(body)
		sum := sha256.Sum256([]byte(signed))
		signature, err := rsa.SignPKCS1v15(nil, a.Key(0).Private, crypto.SHA256, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		_, err = v.Verify(t.Context(), signed+"."+base64.RawURLEncoding.EncodeToString(signature))
		if err != nil {
			if !isRefusal(err) {
				t.Errorf("Verify: %v", err)
			}
			return
		}
		var said map[string]any
		if json.Unmarshal(header, &said) != nil || said["alg"] != "RS256" || said["kid"] != "a" || said["crit"] != nil || said["b64"] != nil {
			t.Errorf("%s passed", header)
		}
	})
}

// FuzzPublishedKeys reads whatever an issuer may publish: no key that is too weak
// or for something else is trusted.
func FuzzPublishedKeys(f *testing.F) {
	a := newAuthority(f)
	modulus := base64.RawURLEncoding.EncodeToString(a.Key(0).Private.N.Bytes())
	f.Add([]byte(`{"keys":[{"kty":"RSA","kid":"a","use":"sig","e":"AQAB","n":"` + modulus + `","issuer":"https://x/{tenantid}/v2.0"}]}`))
	f.Add([]byte(`{"keys":[{"kty":"RSA","kid":"a","e":"AQAB","n":"AQAB"},{"kty":"oct","k":"YQ"},17,null]}`))
	f.Add([]byte(`{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"},{"kty":"RSA","x5c":["YQ"]}]}`))
	f.Add([]byte(`{"keys":null}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		ids, weakest, err := sso.UsableKeys(document)
		if err == nil && len(ids) > 0 && weakest < 2048 {
			t.Errorf("%s: a key of %d bits is trusted", document, weakest)
		}
	})
}
