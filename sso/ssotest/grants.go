package ssotest

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"slices"
	"strings"
	"time"
)

// sealedCode is what an authorization code says.
type sealedCode struct {
	ID                       string // single use
	Client, Tenant, ObjectID string
	Redirect, Challenge      string
	Nonce                    string
	Scopes                   []string
	Ends                     int64
}

// redeemCode answers grant_type=authorization_code.
func (e *Entra) redeemCode(g grantRequest) (answer, error) {
	raw := g.form.Get("code")
	if raw == "" {
		return answer{}, refuse(900144, "code")
	}
	var code sealedCode
	if err := e.seal.open("code", raw, &code); err != nil {
		return answer{}, refuse(70000, "the code is malformed")
	}
	now := e.now()
	switch {
	case code.Ends <= now.Unix():
		return answer{}, refuse(70008)
	case code.Client != g.client.ClientID:
		return answer{}, refuse(70000, "the code was issued to another client")
	case !g.realm.any() && code.Tenant != g.realm.tenant.ID:
		return answer{}, refuse(70000, "the code was issued for another tenant")
	case g.form.Get("redirect_uri") != code.Redirect:
		return answer{}, refuse(500112, g.form.Get("redirect_uri"))
	case !pkceMatches(code.Challenge, g.form.Get("code_verifier")):
		return answer{}, refuse(501481)
	}
	person, ok := e.account(code.Tenant, code.ObjectID)
	if !ok {
		return answer{}, refuse(50034, code.ObjectID, code.Tenant)
	}
	s, err := e.scope(g, code.Scopes)
	if err != nil {
		return answer{}, err
	}
	// Only a redemption that is right in everything else spends the code.
	if !e.used.use(code.ID, time.Unix(code.Ends, 0), now) {
		return answer{}, refuse(54005)
	}
	s.openID = slices.Clone(s.openID)
	for _, word := range code.Scopes { // a redemption that narrows scope still gets its id_token
		if slices.Contains(openIDScopes, word) && !s.wants(word) {
			s.openID = append(s.openID, word)
		}
	}
	return e.userAnswer(g, person, s, code.Nonce)
}

// pkceMatches checks RFC 7636, S256 only. A verifier nobody announced is refused
// like a wrong one.
func pkceMatches(challenge, verifier string) bool {
	if challenge == "" || verifier == "" {
		return challenge == verifier
	}
	sum := sha256.Sum256([]byte(verifier))
	got := base64.RawURLEncoding.EncodeToString(sum[:])
	return subtle.ConstantTimeCompare([]byte(got), []byte(challenge)) == 1
}

// redeemRefresh answers grant_type=refresh_token. Another resource than the first
// may be asked for; consent is checked anew either way.
func (e *Entra) redeemRefresh(g grantRequest) (answer, error) {
	raw := g.form.Get("refresh_token")
	if raw == "" {
		return answer{}, refuse(900144, "refresh_token")
	}
	var token sealedRefresh
	if err := e.seal.open("refresh", raw, &token); err != nil {
		return answer{}, refuse(70000, "the refresh token is malformed")
	}
	switch {
	case token.Ends <= e.now().Unix():
		return answer{}, refuse(70008)
	case token.Client != g.client.ClientID:
		return answer{}, refuse(70000, "the refresh token was issued to another client")
	case token.Proved && g.proof == provedNothing:
		return answer{}, refuse(7000218)
	case !g.realm.any() && token.Tenant != g.realm.tenant.ID:
		return answer{}, refuse(70000, "the refresh token was issued for another tenant")
	}
	person, ok := e.account(token.Tenant, token.ObjectID)
	if !ok {
		return answer{}, refuse(50034, token.ObjectID, token.Tenant)
	}
	if e.revokedSince(person, token.At) {
		return answer{}, refuse(50173)
	}
	s, err := e.scope(g, token.Scopes)
	if err != nil {
		return answer{}, err
	}
	if !s.wants("offline_access") {
		s.openID = append(s.openID, "offline_access") // each redemption gives the next one
	}
	return e.userAnswer(g, person, s, "")
}

// redeemPassword answers grant_type=password, for tests and demonstrations.
func (e *Entra) redeemPassword(g grantRequest) (answer, error) {
	if g.realm.path == pathCommon {
		return answer{}, refuse(9001023)
	}
	for _, name := range []string{"username", "password"} {
		if g.form.Get(name) == "" {
			return answer{}, refuse(900144, name)
		}
	}
	s, err := e.scope(g, nil)
	if err != nil {
		return answer{}, err
	}
	person, err := e.signIn(g.realm, g.form.Get("username"), g.form.Get("password"))
	if err != nil {
		return answer{}, err
	}
	return e.userAnswer(g, person, s, g.form.Get("nonce"))
}

// redeemClient answers grant_type=client_credentials.
func (e *Entra) redeemClient(g grantRequest) (answer, error) {
	if g.realm.any() {
		return answer{}, refuse(50059)
	}
	// Microsoft's own libraries add openid and its kin here too.
	words := slices.DeleteFunc(strings.Fields(g.form.Get("scope")), func(w string) bool { return slices.Contains(openIDScopes, w) })
	if len(words) == 0 {
		return answer{}, refuse(900144, "scope")
	}
	for _, word := range words {
		if !strings.HasSuffix(word, "/.default") {
			return answer{}, refuse(1002012, word)
		}
	}
	s, err := e.parseScopes(strings.Join(words, " "))
	if err != nil {
		return answer{}, err
	}
	objectID, roles, err := e.admitApp(g.client, g.realm.tenant.ID, s)
	if err != nil {
		return answer{}, err
	}
	return e.answer(e.appClaims(g.client, g.proof, g.realm.tenant.ID, objectID, s.resource, s.uri, roles)), nil
}
