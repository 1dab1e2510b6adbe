package ssotest

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// Signing says how a forged token is signed.
type Signing int

// The ways to sign. All but the first must be refused by every verifier.
const (
	SignGenuine  Signing = iota // with the authority's current key
	SignStranger                // with another key, under the current key's id
	SignUnknown                 // with another key, under that key's id, which nobody publishes
	SignHMAC                    // HS256 with the public key's bytes as the secret
	SignNone                    // alg none, no signature
	SignTampered                // genuine, but the claims were changed afterwards
)

// Forgery describes a token for an attack table. What it leaves alone is as in a
// genuine access token.
type Forgery struct {
	Tenant   string
	Resource string // client id of the application the token is for
	Client   string // who asked; empty means TeamsWeb
	ObjectID string // the person; empty makes an application's own token
	// Claims are set over the genuine ones; a nil value takes the claim away.
	Claims map[string]any
	// Header is set over the genuine header in the same way.
	Header  map[string]any
	Signing Signing
}

// Forge makes the token. It panics when tenant, person or application are
// unknown here, because a table with such a row would test nothing.
func (e *Entra) Forge(f Forgery) string {
	if f.Client == "" {
		f.Client = TeamsWeb
	}
	resource, okResource := e.app(f.Resource)
	client, okClient := e.app(f.Client)
	if !okResource || !okClient {
		panic("ssotest: Forge: unknown application")
	}
	var claims jwt.MapClaims
	if f.ObjectID == "" {
		servicePrincipal, ok := e.ServicePrincipal(f.Tenant, client.ClientID)
		if !ok {
			panic("ssotest: Forge: the client is not installed in the tenant")
		}
		claims = e.appClaims(client, provedSecret, f.Tenant, servicePrincipal.ObjectID, resource, resource.IDURI, nil)
	} else {
		person, ok := e.account(f.Tenant, f.ObjectID)
		if !ok {
			panic("ssotest: Forge: unknown person")
		}
		claims = e.userClaims(client, provedNothing, person, resource, resource.IDURI, resource.Scopes)
	}
	return forge(e.keys, claims, f)
}

// forge applies the changes and signs.
func forge(keys *keyring, claims jwt.MapClaims, f Forgery) string {
	override(claims, f.Claims)
	current := keys.published()[0]
	header := map[string]any{"typ": "JWT", "alg": "RS256", "kid": current.id}
	stranger := func() *signingKey { return deriveKey(keys.label + "/stranger") }

	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	var key any = current.private
	switch f.Signing {
	case SignGenuine, SignTampered: // tampering comes after the signature
	case SignStranger:
		key = stranger().private
	case SignUnknown:
		key, header["kid"] = stranger().private, stranger().id
	case SignHMAC:
		token.Method, header["alg"] = jwt.SigningMethodHS256, "HS256"
		key = x509.MarshalPKCS1PublicKey(&current.private.PublicKey)
	case SignNone:
		token.Method, header["alg"] = jwt.SigningMethodNone, "none"
		key = jwt.UnsafeAllowNoneSignatureType
	}
	override(header, f.Header)
	token.Header = header
	raw, err := token.SignedString(key)
	if err != nil {
		panic("ssotest: Forge: " + err.Error()) // claims that are no JSON
	}
	if f.Signing == SignTampered {
		return tamper(raw, claims)
	}
	return raw
}

// tamper changes a claim after the signature was made.
func tamper(raw string, claims jwt.MapClaims) string {
	claims["name"] = "Mallory"
	body, err := json.Marshal(claims)
	if err != nil {
		panic("ssotest: Forge: " + err.Error())
	}
	parts := strings.Split(raw, ".")
	parts[1] = base64.RawURLEncoding.EncodeToString(body)
	return strings.Join(parts, ".")
}

func override(values, changes map[string]any) {
	for name, value := range changes {
		if value == nil {
			delete(values, name)
			continue
		}
		values[name] = value
	}
}

// AccessToken makes a genuine access token of the person for the application,
// asked for by client, without any of the checks of the token endpoint.
func (e *Entra) AccessToken(tenant, resource, client, objectID string) string {
	return e.Forge(Forgery{Tenant: tenant, Resource: resource, Client: client, ObjectID: objectID})
}

// Forge makes an access token of the provider for attack tables; Tenant,
// Resource and Client mean nothing here, ObjectID is the subject.
func (p *Provider) Forge(f Forgery) string {
	person, ok := p.bySubject(f.ObjectID)
	if !ok {
		panic("ssotest: Forge: unknown person")
	}
	return forge(p.keys, p.claims(person, p.options.Audience), f)
}
