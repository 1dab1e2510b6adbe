package ssotest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Lives of what is not an access token, as at Entra.
const (
	codeLifetime    = 10 * time.Minute
	refreshLifetime = 90 * 24 * time.Hour
)

// grantRequest is one request at the token endpoint, its client found and proved.
type grantRequest struct {
	realm  realm
	form   url.Values
	client App
	proof  string // azpacr
}

// scope reads the request's scope parameter, or fallback when it is empty.
func (e *Entra) scope(g grantRequest, fallback []string) (scopeRequest, error) {
	scope := g.form.Get("scope")
	if scope == "" {
		scope = strings.Join(fallback, " ")
	}
	return e.parseScopes(scope)
}

// answer is a successful token response.
type answer struct {
	Type         string `json:"token_type"`
	Scope        string `json:"scope,omitempty"`
	ExpiresIn    int    `json:"expires_in"`
	ExtExpiresIn int    `json:"ext_expires_in"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token,omitempty"`
	IDToken      string `json:"id_token,omitempty"`
	ClientInfo   string `json:"client_info,omitempty"`
}

// token is the token endpoint.
func (e *Entra) token(w http.ResponseWriter, r *http.Request) {
	answer, err := e.redeem(r)
	if err != nil {
		e.writeRefusal(w, r, err)
		return
	}
	e.stamp(w, r)
	writeJSON(w, http.StatusOK, answer)
}

// redeem finds out what is asked for and by whom, and hands it to its grant.
func (e *Entra) redeem(r *http.Request) (answer, error) {
	realm, err := e.realm(r.PathValue("tenant"))
	if err != nil {
		return answer{}, err
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return answer{}, refuse(9002313)
	}
	if err := r.ParseForm(); err != nil {
		return answer{}, refuse(9002313)
	}
	g := grantRequest{realm: realm, form: r.PostForm}
	if id, secret, ok := r.BasicAuth(); ok && !g.form.Has("client_id") {
		g.form.Set("client_id", unescape(id))
		g.form.Set("client_secret", unescape(secret))
	}
	if g.client, err = e.client(g.form.Get("client_id"), realm); err != nil {
		return answer{}, err
	}
	redeem, needsProof, err := e.grantOf(g)
	if err != nil {
		return answer{}, err
	}
	if g.proof, err = e.prove(g, needsProof); err != nil {
		return answer{}, err
	}
	return redeem(g)
}

// unescape undoes the form encoding that RFC 6749 asks of Basic credentials.
func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// grantOf chooses the grant; needsProof is false where a confidential client may
// leave its secret out.
func (e *Entra) grantOf(g grantRequest) (redeem func(grantRequest) (answer, error), needsProof bool, err error) {
	switch kind := g.form.Get("grant_type"); kind {
	case "authorization_code":
		return e.redeemCode, true, nil
	case "refresh_token":
		// A refresh token that the password grant gave comes back the way it went.
		return e.redeemRefresh, false, nil
	case "password":
		// Entra would ask a confidential client for its secret. Tests and people
		// with curl are spared that here (docs/divergences.md).
		return e.redeemPassword, false, nil
	case "client_credentials":
		return e.redeemClient, true, nil
	case "urn:ietf:params:oauth:grant-type:jwt-bearer":
		return e.redeemOnBehalf, true, nil
	case "":
		return nil, false, refuse(900144, "grant_type")
	default:
		return nil, false, refuse(70003, kind)
	}
}

// sealedRefresh is what a refresh token says.
type sealedRefresh struct {
	Client, Tenant, ObjectID string
	Scopes                   []string
	Proved                   bool // the client proved itself and must do so again
	At                       int64
	Ends                     int64
}

// userAnswer makes the tokens for a person, consent and all being checked.
func (e *Entra) userAnswer(g grantRequest, person Account, s scopeRequest, nonce string) (answer, error) {
	if err := usable(person); err != nil {
		return answer{}, err
	}
	permissions, err := e.admit(g.client, person, s)
	if err != nil {
		return answer{}, err
	}
	a := e.answer(e.userClaims(g.client, g.proof, person, s.resource, s.uri, permissions))
	a.Scope = grantedScope(s, permissions)
	now := e.now()
	if s.wants("offline_access") {
		a.RefreshToken = e.seal.close("refresh", sealedRefresh{
			Client: g.client.ClientID, Tenant: person.Tenant, ObjectID: person.ObjectID, Scopes: s.asked,
			Proved: g.proof != provedNothing, At: now.UnixMilli(), Ends: now.Add(refreshLifetime).Unix(),
		})
	}
	if s.wants("openid") {
		a.IDToken = e.idToken(g.client, person, nonce, s)
	}
	if g.form.Get("client_info") == "1" {
		a.ClientInfo = clientInfo(person)
	}
	return a, nil
}

// answer wraps an access token.
func (e *Entra) answer(claims map[string]any) answer {
	// One second less than the truth, as Entra says it.
	seconds := int(e.options.TokenLifetime.Seconds()) - 1
	return answer{Type: "Bearer", ExpiresIn: seconds, ExtExpiresIn: seconds, AccessToken: e.keys.sign(claims)}
}

// grantedScope names what was granted the way it was asked for.
func grantedScope(s scopeRequest, permissions []string) string {
	scopes := slices.DeleteFunc(slices.Clone(s.asked), func(word string) bool { return word == "offline_access" })
	if s.all {
		for _, p := range permissions {
			scopes = append(scopes, s.uri+"/"+p)
		}
	}
	return strings.Join(scopes, " ")
}
