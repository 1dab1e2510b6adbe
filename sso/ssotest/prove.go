package ssotest

import (
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"slices"

	"github.com/golang-jwt/jwt/v5"
)

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// prove checks what the client shows for itself and says how (azpacr). Something
// wrong is refused even where nothing was needed.
func (e *Entra) prove(g grantRequest, needed bool) (string, error) {
	secret, assertion := g.form.Get("client_secret"), g.form.Get("client_assertion")
	shown := secret != "" || assertion != ""
	switch {
	case g.client.Public && shown:
		return "", refuse(700025)
	case g.client.Public && g.form.Get("grant_type") == "client_credentials":
		return "", refuse(7000218)
	case assertion != "":
		return provedCertificate, e.proveCertificate(g, assertion)
	case secret != "":
		return provedSecret, proveSecret(g.client, secret)
	case needed && !g.client.Public:
		return "", refuse(7000218)
	}
	return provedNothing, nil
}

func proveSecret(client App, secret string) error {
	is := func(known string) bool { return subtle.ConstantTimeCompare([]byte(known), []byte(secret)) == 1 }
	switch {
	case slices.ContainsFunc(client.Secrets, is):
		return nil
	case slices.ContainsFunc(client.ExpiredSecrets, is):
		return refuse(7000222, client.ClientID)
	}
	return refuse(7000215)
}

var errCertificateUnknown = errors.New("ssotest: no such certificate on the application")

// proveCertificate checks a client assertion of RFC 7523: a token that the client
// signed with the key of a certificate registered here.
func (e *Entra) proveCertificate(g grantRequest, assertion string) error {
	if g.form.Get("client_assertion_type") != assertionType {
		return refuse(900144, "client_assertion_type")
	}
	if federated(g.client, assertion) {
		return e.proveFederated(g.client, assertion)
	}
	var claims jwt.RegisteredClaims
	parser := jwt.NewParser(
		jwt.WithValidMethods([]string{"PS256", "RS256"}), jwt.WithTimeFunc(e.now), jwt.WithExpirationRequired())
	_, err := parser.ParseWithClaims(assertion, &claims, func(t *jwt.Token) (any, error) {
		return e.registeredKey(g.client, t.Header)
	})
	switch {
	case errors.Is(err, jwt.ErrTokenExpired), errors.Is(err, jwt.ErrTokenNotValidYet):
		return refuse(700024)
	case err != nil:
		return refuse(700027)
	case claims.Issuer != g.client.ClientID, claims.Subject != g.client.ClientID:
		return refuse(700021)
	case claims.ID == "":
		return refuse(50027)
	}
	for _, audience := range claims.Audience {
		if slices.Contains(e.assertionAudiences(g.realm), audience) {
			return nil
		}
	}
	return refuse(50012)
}

// registeredKey finds the key that the assertion's header names by thumbprint.
func (e *Entra) registeredKey(client App, header map[string]any) (*rsa.PublicKey, error) {
	for _, certificate := range client.Certificates {
		if !thumbprintMatches(certificate, header) {
			continue
		}
		now := e.now()
		if now.Before(certificate.NotBefore) || now.After(certificate.NotAfter) {
			return nil, errCertificateUnknown
		}
		if key, ok := certificate.PublicKey.(*rsa.PublicKey); ok {
			return key, nil
		}
	}
	return nil, errCertificateUnknown
}

func thumbprintMatches(certificate *x509.Certificate, header map[string]any) bool {
	if named, ok := header["x5t#S256"].(string); ok {
		sum := sha256.Sum256(certificate.Raw)
		return sameBytes(named, sum[:])
	}
	named, _ := header["x5t"].(string)
	sum := sha1.Sum(certificate.Raw) // #nosec G401: x5t is defined as SHA-1
	return sameBytes(named, sum[:])
}

// sameBytes reads both alphabets: RFC 7515 wants base64url, MSAL for Go 1.10
// sends plain base64 with padding, and Entra takes either.
func sameBytes(encoded string, raw []byte) bool {
	return encoded == base64.RawURLEncoding.EncodeToString(raw) || encoded == base64.StdEncoding.EncodeToString(raw)
}

// assertionAudiences are the names this token endpoint goes by.
func (e *Entra) assertionAudiences(r realm) []string {
	names := []string{r.path}
	if !r.any() {
		names = append(names, r.tenant.ID)
	}
	var audiences []string
	for _, name := range names {
		audiences = append(audiences, e.issuer(name),
			e.options.TLSURL+"/"+name+"/oauth2/v2.0/token", e.options.PlainURL+"/"+name+"/oauth2/v2.0/token")
	}
	return audiences
}
