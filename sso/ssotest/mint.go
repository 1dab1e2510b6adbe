package ssotest

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// How a client proved itself, as azpacr says it.
const (
	provedNothing     = "0"
	provedSecret      = "1"
	provedCertificate = "2"
)

// tokenIssuedBefore is how far Entra dates iat and nbf back, against clocks that
// run late.
const tokenIssuedBefore = 5 * time.Minute

// userClaims are an access token's for a person, in the version the resource wants.
func (e *Entra) userClaims(client App, proof string, person Account, resource App, uri string, permissions []string) jwt.MapClaims {
	claims := e.commonClaims(person.Tenant, resource, uri)
	claims["oid"] = person.ObjectID
	claims["sub"] = e.ids.pairwise(resource.ClientID, person.ObjectID)
	claims["name"] = person.Name
	claims["scp"] = strings.Join(permissions, " ")
	setClient(claims, client, proof)
	if resource.ClientID != GraphAppID {
		if roles := appRoles(person, resource); len(roles) > 0 {
			claims["roles"] = roles
		}
	}
	if claims["ver"] == "1.0" {
		claims["unique_name"], claims["upn"] = person.Username, person.Username
	} else {
		claims["preferred_username"] = person.Username
	}
	if person.Guest {
		claims["idp"] = e.homeOf(person)
	}
	return claims
}

// appClaims are an access token's for an application itself.
func (e *Entra) appClaims(client App, proof, tenant, objectID string, resource App, uri string, roles []string) jwt.MapClaims {
	claims := e.commonClaims(tenant, resource, uri)
	claims["oid"], claims["sub"] = objectID, objectID
	if resource.ClientID == GraphAppID { // other APIs must ask for it as an optional claim
		claims["idtyp"] = "app"
	}
	if len(roles) > 0 { // Entra leaves the claim out when nothing was granted
		claims["roles"] = roles
	}
	setClient(claims, client, proof)
	return claims
}

func (e *Entra) commonClaims(tenant string, resource App, uri string) jwt.MapClaims {
	now := e.now()
	claims := jwt.MapClaims{
		"tid": tenant, "uti": random(),
		"iat": now.Add(-tokenIssuedBefore).Unix(),
		"nbf": now.Add(-tokenIssuedBefore).Unix(),
		"exp": now.Add(e.options.TokenLifetime).Unix(),
		"iss": e.issuer(tenant), "aud": resource.ClientID, "ver": "2.0",
	}
	if resource.TokenVersion == 1 {
		claims["iss"], claims["aud"], claims["ver"] = e.issuerV1(tenant), uri, "1.0"
		if resource.ClientID == GraphAppID {
			claims["aud"] = e.options.GraphURI
		}
	}
	return claims
}

// setClient says who asked, in the words of the token's version.
func setClient(claims jwt.MapClaims, client App, proof string) {
	if claims["ver"] == "1.0" {
		claims["appid"], claims["appidacr"], claims["app_displayname"] = client.ClientID, proof, client.Name
		return
	}
	claims["azp"], claims["azpacr"] = client.ClientID, proof
}

// appRoles are the person's roles that the app knows.
func appRoles(person Account, app App) []string {
	if len(app.Roles) == 0 {
		return person.Roles
	}
	return slices.DeleteFunc(slices.Clone(person.Roles), func(role string) bool { return !slices.Contains(app.Roles, role) })
}

// homeOf is the issuer of a guest's own organisation.
func (e *Entra) homeOf(guest Account) string {
	if home, err := e.accountIn(realm{}, guest.Username); err == nil {
		return e.issuerV1(home.Tenant)
	}
	return "mail"
}

// idToken is the token that tells the client who signed in.
func (e *Entra) idToken(client App, person Account, nonce string, s scopeRequest) string {
	now := e.now()
	claims := jwt.MapClaims{
		"iss": e.issuer(person.Tenant), "aud": client.ClientID, "ver": "2.0",
		"tid": person.Tenant, "oid": person.ObjectID,
		"sub": e.ids.pairwise(client.ClientID, person.ObjectID),
		"uti": random(),
		"iat": now.Add(-tokenIssuedBefore).Unix(),
		"nbf": now.Add(-tokenIssuedBefore).Unix(),
		"exp": now.Add(e.options.TokenLifetime).Unix(),
	}
	if s.wants("profile") {
		claims["name"], claims["preferred_username"] = person.Name, person.Username
	}
	if s.wants("email") {
		claims["email"] = person.Username
	}
	if nonce != "" {
		claims["nonce"] = nonce
	}
	if roles := appRoles(person, client); len(roles) > 0 {
		claims["roles"] = roles
	}
	if person.Guest {
		claims["idp"] = e.homeOf(person)
	}
	return e.keys.sign(claims)
}

// clientInfo is the account's name in the caches of Microsoft's libraries.
func clientInfo(person Account) string {
	info, err := json.Marshal(map[string]string{"uid": person.ObjectID, "utid": person.Tenant})
	if err != nil {
		panic(err) // two strings are always JSON
	}
	return base64.RawURLEncoding.EncodeToString(info)
}
