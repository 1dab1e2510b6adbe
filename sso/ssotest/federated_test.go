package ssotest_test

import (
	"crypto/rsa"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"teamsbridge/sso/ssotest"
)

func TestTokensOfAnotherIssuerProveWhoTheServiceIs(t *testing.T) {
	now := time.Now()
	certificate, key := selfSigned(t, now)
	public, _ := certificate.PublicKey.(*rsa.PublicKey)
	_, strange := selfSigned(t, now)
	const issuer, subject = "https://cluster.example/oidc", "system:serviceaccount:calls:teamsbridge"
	w := newWorld(t, func(a *ssotest.App, _ *ssotest.Options) {
		a.Federations = []ssotest.Federation{{Issuer: issuer, Subject: subject, Key: public}}
	})
	for _, row := range []struct {
		name   string
		change jwt.MapClaims
		signer any
		method jwt.SigningMethod
		code   int
	}{
		{name: "as it is trusted"},
		{name: "another issuer", change: jwt.MapClaims{"iss": issuer + "/"}, code: 700211},
		{name: "another audience", change: jwt.MapClaims{"aud": "https://kubernetes.default.svc"}, code: 700212},
		{name: "a second audience", change: jwt.MapClaims{"aud": []string{ssotest.ExchangeAudience, "other"}}, code: 700212},
		{name: "another subject", change: jwt.MapClaims{"sub": "system:serviceaccount:other:teamsbridge"}, code: 700213},
		{name: "a token that has ended", change: jwt.MapClaims{"exp": now.Add(-time.Minute).Unix()}, code: 700024},
		{name: "a token of tomorrow", change: jwt.MapClaims{"nbf": now.Add(24 * time.Hour).Unix()}, code: 700024},
		{name: "a token without an end", change: jwt.MapClaims{"exp": nil}, code: 50027},
		{name: "a strange key", signer: strange, code: 50027},
		{name: "another algorithm", method: jwt.SigningMethodPS256, code: 50027},
	} {
		t.Run(row.name, func(t *testing.T) {
			claims := jwt.MapClaims{"iss": issuer, "sub": subject, "aud": ssotest.ExchangeAudience, "exp": now.Add(time.Hour).Unix()}
			for name, value := range row.change {
				claims[name] = value
				if value == nil {
					delete(claims, name)
				}
			}
			if row.signer == nil {
				row.signer = key
			}
			if row.method == nil {
				row.method = jwt.SigningMethodRS256
			}
			assertion, err := jwt.NewWithClaims(row.method, claims).SignedString(row.signer)
			if err != nil {
				t.Fatal(err)
			}
			got := w.ask(t, tenantA, "grant_type", "client_credentials", "client_id", serviceID, "scope", graphDefault,
				"client_assertion", assertion, "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
			switch {
			case row.code == 0 && got.Status != http.StatusOK:
				t.Errorf("refused: %s", got.Description)
			case row.code != 0 && !slices.Equal(got.Codes, []int{row.code}):
				t.Errorf("got %v (%s), want %d", got.Codes, got.Description, row.code)
			}
		})
	}
}
