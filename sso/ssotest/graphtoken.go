package ssotest

import (
	"errors"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// GraphTokenError says why Microsoft Graph would answer 401.
type GraphTokenError struct {
	Code    string // of Graph's error body: InvalidAuthenticationToken
	Message string
}

// Error is the code alone, as it stands in Graph's answer.
func (e *GraphTokenError) Error() string { return e.Code }

func invalidToken(message string) error {
	return &GraphTokenError{Code: "InvalidAuthenticationToken", Message: message}
}

// CheckGraphToken verifies signature, issuer, audience and times of a token
// for Microsoft Graph. The error is a *GraphTokenError: its text is the code
// Graph would answer with.
func (e *Entra) CheckGraphToken(raw string) (GraphToken, error) {
	if raw == "" {
		return GraphToken{}, invalidToken("Access token is empty.")
	}
	claims, err := e.keys.verify(raw)
	switch {
	case errors.Is(err, jwt.ErrTokenMalformed):
		return GraphToken{}, invalidToken("The token is not a well-formed compact token.")
	case err != nil:
		return GraphToken{}, invalidToken("The token's signature is invalid.")
	}
	text := func(name string) string { s, _ := claims[name].(string); return s }
	if aud := text("aud"); aud != e.options.GraphURI && aud != GraphAppID {
		return GraphToken{}, invalidToken("The token's audience is invalid.")
	}
	tenant := text("tid")
	if iss := text("iss"); iss != e.issuerV1(tenant) && iss != e.issuer(tenant) {
		return GraphToken{}, invalidToken("The token's issuer is invalid.")
	}
	validator := jwt.NewValidator(jwt.WithTimeFunc(e.now), jwt.WithExpirationRequired())
	if err := validator.Validate(claims); err != nil {
		return GraphToken{}, invalidToken("The token's lifetime is invalid: it is expired or not yet valid.")
	}
	expires, err := claims.GetExpirationTime()
	if err != nil || expires == nil {
		return GraphToken{}, invalidToken("The token's lifetime is invalid.")
	}
	token := GraphToken{
		Tenant: tenant, AppID: text("appid") + text("azp"),
		Scopes: strings.Fields(text("scp")), Expires: expires.UTC().Truncate(time.Second),
	}
	if len(token.Scopes) > 0 {
		token.ObjectID = text("oid")
		return token, nil
	}
	roles, _ := claims["roles"].([]any)
	for _, r := range roles {
		if name, ok := r.(string); ok {
			token.Roles = append(token.Roles, name)
		}
	}
	return token, nil
}
