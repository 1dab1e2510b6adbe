package tokentest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"teamsbridge/sso"
)

// algorithms are tokens signed with anything but RS256, or not at all.
var algorithms = []Attack{
	{Name: "algorithm none", Token: altered(func(_, b, _ string) string { return encode(`{"alg":"none","kid":"a"}`) + "." + b + "." }), Want: signIn(sso.ReasonAlgorithm)},
	{Name: "algorithm None in another case", Token: altered(func(_, b, _ string) string { return encode(`{"alg":"NoNe","kid":"a"}`) + "." + b + "." }), Want: signIn(sso.ReasonAlgorithm)},
	{Name: "algorithm none with the signature left on", Token: under(`{"alg":"none","kid":"a"}`), Want: signIn(sso.ReasonAlgorithm)},
	{Name: "no algorithm", Token: under(`{"kid":"a"}`), Want: signIn(sso.ReasonAlgorithm)},
	{Name: "an empty algorithm", Token: under(`{"alg":"","kid":"a"}`), Want: signIn(sso.ReasonAlgorithm)},
	{Name: "algorithm null", Token: under(`{"alg":null,"kid":"a"}`), Want: signIn(sso.ReasonAlgorithm)},
	{Name: "algorithm under a name in upper case", Token: under(`{"ALG":"RS256","kid":"a"}`), Want: signIn(sso.ReasonAlgorithm)},
	{Name: "an algorithm that is a list", Token: under(`{"alg":["RS256"],"kid":"a"}`), Want: signIn(sso.ReasonAlgorithm)},
	{Name: "the algorithm in lower case", Token: under(`{"alg":"rs256","kid":"a"}`), Want: signIn(sso.ReasonAlgorithm)},
	{Name: "the algorithm with a space after it", Token: under(`{"alg":"RS256 ","kid":"a"}`), Want: signIn(sso.ReasonAlgorithm)},
	{Name: "an algorithm of encryption", Token: under(`{"alg":"RSA-OAEP","enc":"A256GCM","kid":"a"}`), Want: signIn(sso.ReasonAlgorithm)},
	{Name: "HS256 with the public key in DER as the secret", Token: shared(jose.HS256, func(t testing.TB, k Key) []byte { return pkix(t, k) }), Want: signIn(sso.ReasonAlgorithm)},
	{Name: "HS256 with the public key in PEM as the secret", Token: shared(jose.HS256, func(t testing.TB, k Key) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: pkix(t, k)})
	}), Want: signIn(sso.ReasonAlgorithm)},
	{Name: "HS512 with the modulus as the secret", Token: shared(jose.HS512, func(_ testing.TB, k Key) []byte { return k.Private.N.Bytes() }), Want: signIn(sso.ReasonAlgorithm)},
	{Name: "HS256 with a published shared key", Token: func(t testing.TB, a *Authority) string {
		return a.SignWith(t, jose.SigningKey{Algorithm: jose.HS256, Key: bytes.Repeat([]byte("secret"), 8)}, Header{"kid": "shared"}, a.V2())
	}, Want: signIn(sso.ReasonAlgorithm)},
	{Name: "RS384", Token: resigned(jose.RS384), Want: signIn(sso.ReasonAlgorithm)},
	{Name: "RS512", Token: resigned(jose.RS512), Want: signIn(sso.ReasonAlgorithm)},
	{Name: "PS256", Token: resigned(jose.PS256), Want: signIn(sso.ReasonAlgorithm)},
	{Name: "PS512", Token: resigned(jose.PS512), Want: signIn(sso.ReasonAlgorithm)},
	{Name: "ES256", Token: func(t testing.TB, a *Authority) string {
		private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return a.SignWith(t, jose.SigningKey{Algorithm: jose.ES256, Key: private}, Header{"kid": "a"}, a.V2())
	}, Want: signIn(sso.ReasonAlgorithm)},
	{Name: "EdDSA", Token: func(t testing.TB, a *Authority) string {
		_, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return a.SignWith(t, jose.SigningKey{Algorithm: jose.EdDSA, Key: private}, Header{"kid": "a"}, a.V2())
	}, Want: signIn(sso.ReasonAlgorithm)},
	{Name: "RS256 claimed over a PS256 signature", Token: relabelled(resigned(jose.PS256)), Want: signIn(sso.ReasonSignature)},
	{Name: "RS256 claimed over an RS512 signature", Token: relabelled(resigned(jose.RS512)), Want: signIn(sso.ReasonSignature)},
	{Name: "RS256 claimed over an HS256 signature", Token: relabelled(shared(jose.HS256, pkix)), Want: signIn(sso.ReasonSignature)},
}

// headers are genuine signatures under a header that says more than it may.
var headers = []Attack{
	{Name: "another header over a good signature", Token: under(`{"alg":"RS256","kid":"a","typ":"at+jwt"}`), Want: signIn(sso.ReasonSignature)},
	{Name: "a header that demands an extension", Token: headed(Header{"kid": "a", "crit": []string{"exp"}, "exp": 1}), Want: signIn(sso.ReasonMalformed)},
	{Name: "a header that demands nothing, at length", Token: headed(Header{"kid": "a", "crit": []string{}}), Want: signIn(sso.ReasonMalformed)},
	{Name: "a body that is signed unencoded", Token: headed(Header{"kid": "a", "crit": []string{"b64"}, "b64": false}), Want: signIn(sso.ReasonMalformed)},
	{Name: "a body that is said to be signed unencoded", Token: under(`{"alg":"RS256","kid":"a","b64":false}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "a sign-out token", Token: headed(Header{"kid": "a", "typ": "logout+jwt"}), Want: notAllowed(sso.ReasonType)},
	{Name: "a security event", Token: headed(Header{"kid": "a", "typ": "secevent+jwt"}), Want: notAllowed(sso.ReasonType)},
	{Name: "a proof of possession", Token: headed(Header{"kid": "a", "typ": "dpop+jwt"}), Want: notAllowed(sso.ReasonType)},
	{Name: "a client's assertion", Token: headed(Header{"kid": "a", "typ": "client-authentication+jwt"}), Want: notAllowed(sso.ReasonType)},
	{Name: "a type that is a number", Token: headed(Header{"kid": "a", "typ": 1}), Want: notAllowed(sso.ReasonType)},
	{Name: "a sign-out token that is forged", Token: func(t testing.TB, a *Authority) string {
		return a.SignWith(t, RS256(a.Key(1)), Header{"kid": "a", "typ": "logout+jwt"}, a.V2())
	}, Want: signIn(sso.ReasonSignature)},
	{Name: "a key brought along in the header", Token: embedding("z"), Want: signIn(sso.ReasonSignature)},
	{Name: "a key brought along under a published id", Token: embedding("a"), Want: signIn(sso.ReasonSignature)},
	{Name: "a private key brought along", Token: func(t testing.TB, a *Authority) string {
		raw, err := jose.JSONWebKey{Key: a.Key(1).Private, KeyID: "a"}.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		return foreign(Header{"kid": "a", "jwk": json.RawMessage(raw)})(t, a)
	}, Want: signIn(sso.ReasonMalformed)},
	{Name: "a certificate brought along", Token: func(t testing.TB, a *Authority) string {
		return foreign(Header{"kid": "a", "x5c": []string{selfSigned(t, a.Key(1))}})(t, a)
	}, Want: signIn(sso.ReasonSignature)},
	{Name: "a certificate brought along that is none", Token: headed(Header{"kid": "a", "x5c": []string{"no"}}), Want: signIn(sso.ReasonMalformed)},
	{Name: "an address of keys in the header", Token: func(t testing.TB, a *Authority) string {
		return foreign(Header{"kid": "c", "jku": a.URL + "/second/keys"})(t, a)
	}, Want: signIn(sso.ReasonSignature)},
	{Name: "an address of a certificate in the header", Token: foreign(Header{"kid": "a", "x5u": "https://evil.example/cert.pem"}), Want: signIn(sso.ReasonSignature)},
	{Name: "a key's thumbprint in place of its id", Token: foreign(Header{"x5t": "a"}), Want: signIn(sso.ReasonSignature)},
}

// resigned signs a good body with the real key and another algorithm.
func resigned(alg jose.SignatureAlgorithm) forger {
	return func(t testing.TB, a *Authority) string {
		return a.SignWith(t, jose.SigningKey{Algorithm: alg, Key: a.Key(0).Private}, Header{"kid": "a"}, a.V2())
	}
}

// shared signs with what everybody can read of the real key as the secret.
func shared(alg jose.SignatureAlgorithm, secret func(testing.TB, Key) []byte) forger {
	return func(t testing.TB, a *Authority) string {
		return a.SignWith(t, jose.SigningKey{Algorithm: alg, Key: secret(t, a.Key(0))}, Header{"kid": "a"}, a.V2())
	}
}

// foreign signs a good body with a key that Entra does not publish.
func foreign(header Header) forger {
	return func(t testing.TB, a *Authority) string { return a.SignWith(t, RS256(a.Key(1)), header, a.V2()) }
}

// relabelled says RS256 of whatever signature.
func relabelled(token forger) forger {
	return func(t testing.TB, a *Authority) string {
		_, rest, _ := strings.Cut(token(t, a), ".")
		return encode(`{"alg":"RS256","kid":"a"}`) + "." + rest
	}
}

// embedding brings the public half of the forger's key along, under an id.
func embedding(id string) forger {
	return func(t testing.TB, a *Authority) string {
		body, err := json.Marshal(a.V2())
		if err != nil {
			t.Fatal(err)
		}
		own := jose.JSONWebKey{Key: a.Key(1).Private, KeyID: id}
		return compact(t, jose.SigningKey{Algorithm: jose.RS256, Key: own}, &jose.SignerOptions{EmbedJWK: true, ExtraHeaders: Header{"kid": id}}, body)
	}
}

func pkix(t testing.TB, k Key) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(&k.Private.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func selfSigned(t testing.TB, k Key) string {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &k.Private.PublicKey, k.Private)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(der)
}
