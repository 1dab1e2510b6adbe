package ssotest

import (
	"cmp"
	"crypto/subtle"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// providerError is an error answer of RFC 6749, 5.2.
type providerError struct {
	Name        string `json:"error"`
	Description string `json:"error_description"`
	status      int
}

func (e *providerError) Error() string { return e.Name + ": " + e.Description }

func writeProviderFault(w http.ResponseWriter, _ *http.Request, f Fault) {
	writeJSON(w, f.Status, providerError{Name: "temporarily_unavailable", Description: "the provider is told to fail"})
}

// providerGrant is what codes and refresh tokens of the provider say.
type providerGrant struct {
	ID, Subject, Nonce  string
	Session             string // of the browser, at the provider
	Redirect, Challenge string
	Scopes              []string
	Ends                int64
}

// token is the token endpoint.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	answer, refused := p.redeem(r)
	if refused != nil {
		if refused.Name == "invalid_client" {
			w.Header().Set("WWW-Authenticate", "Basic")
		}
		writeJSON(w, cmp.Or(refused.status, http.StatusBadRequest), refused)
		return
	}
	writeJSON(w, http.StatusOK, answer)
}

func (p *Provider) redeem(r *http.Request) (answer, *providerError) {
	if err := r.ParseForm(); err != nil {
		return answer{}, &providerError{Name: "invalid_request", Description: "the body is no form"}
	}
	id, secret := r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	if basicID, basicSecret, ok := r.BasicAuth(); ok {
		id, secret = unescape(basicID), unescape(basicSecret)
	}
	kind := r.PostForm.Get("grant_type")
	// The password grant is for tests and people with curl: neither it nor the
	// refresh of what it gave needs the secret.
	needed := p.options.Secret != "" && kind == "authorization_code"
	right := subtle.ConstantTimeCompare([]byte(secret), []byte(p.options.Secret)) == 1
	if id != p.options.ClientID || (needed || secret != "") && !right {
		return answer{}, &providerError{Name: "invalid_client", Description: "unknown client or wrong secret", status: http.StatusUnauthorized}
	}
	switch kind {
	case "authorization_code":
		return p.redeemCode(r)
	case "refresh_token":
		return p.redeemRefresh(r)
	case "password":
		person, ok := p.signIn(r.PostForm.Get("username"), r.PostForm.Get("password"))
		if !ok {
			return answer{}, &providerError{Name: "invalid_grant", Description: "wrong user name or password"}
		}
		return p.answer(person, strings.Fields(cmp.Or(r.PostForm.Get("scope"), "openid profile offline_access")), providerGrant{Nonce: r.PostForm.Get("nonce")}), nil
	}
	return answer{}, &providerError{Name: "unsupported_grant_type", Description: "authorization_code, refresh_token or password"}
}

func (p *Provider) redeemCode(r *http.Request) (answer, *providerError) {
	var code providerGrant
	now := p.now()
	if err := p.seal.open("code", r.PostForm.Get("code"), &code); err != nil || code.Ends <= now.Unix() {
		return answer{}, &providerError{Name: "invalid_grant", Description: "the code is unknown or too old"}
	}
	if code.Redirect != r.PostForm.Get("redirect_uri") {
		return answer{}, &providerError{Name: "invalid_grant", Description: "redirect_uri is not the one the code was sent to"}
	}
	if !pkceMatches(code.Challenge, r.PostForm.Get("code_verifier")) {
		return answer{}, &providerError{Name: "invalid_grant", Description: "code_verifier does not match"}
	}
	if !p.used.use(code.ID, time.Unix(code.Ends, 0), now) {
		return answer{}, &providerError{Name: "invalid_grant", Description: "the code was used before"}
	}
	return p.answerFor(code)
}

func (p *Provider) redeemRefresh(r *http.Request) (answer, *providerError) {
	var token providerGrant
	if err := p.seal.open("refresh", r.PostForm.Get("refresh_token"), &token); err != nil || token.Ends <= p.now().Unix() {
		return answer{}, &providerError{Name: "invalid_grant", Description: "the refresh token is unknown or too old"}
	}
	return p.answerFor(token)
}

func (p *Provider) answerFor(g providerGrant) (answer, *providerError) {
	person, ok := p.bySubject(g.Subject)
	if !ok {
		return answer{}, &providerError{Name: "invalid_grant", Description: "the account is gone"}
	}
	return p.answer(person, g.Scopes, g), nil
}

// answer makes the tokens for a person, by what was granted.
func (p *Provider) answer(person ProviderAccount, scopes []string, g providerGrant) answer {
	seconds := int(p.options.TokenLifetime.Seconds())
	a := answer{
		Type: "Bearer", ExpiresIn: seconds, ExtExpiresIn: seconds, Scope: strings.Join(scopes, " "),
		AccessToken: p.keys.sign(p.claims(person, p.options.Audience)),
	}
	if slices.Contains(scopes, "offline_access") {
		a.RefreshToken = p.seal.close("refresh", providerGrant{
			Subject: person.Subject, Session: g.Session, Scopes: scopes, Ends: p.now().Add(refreshLifetime).Unix(),
		})
	}
	if slices.Contains(scopes, "openid") {
		claims := p.claims(person, p.options.ClientID)
		claims["preferred_username"] = person.Username
		if g.Nonce != "" {
			claims["nonce"] = g.Nonce
		}
		if g.Session != "" {
			claims["sid"] = g.Session
		}
		if change := p.change.Load(); change != nil && *change != nil {
			(*change)(claims)
		}
		a.IDToken = p.keys.sign(claims)
	}
	return a
}

func (p *Provider) claims(person ProviderAccount, audience string) jwt.MapClaims {
	now := p.now()
	claims := jwt.MapClaims{
		"iss": p.Issuer(), "sub": person.Subject, "aud": audience, "name": person.Name,
		"iat": now.Unix(), "exp": now.Add(p.options.TokenLifetime).Unix(), "jti": random(),
	}
	if len(person.Roles) > 0 {
		claims["roles"] = person.Roles
	}
	return claims
}
