package ssotest

import (
	"crypto/rsa"
	"errors"
	"slices"

	"github.com/golang-jwt/jwt/v5"
)

// ExchangeAudience is what a token of another issuer must be made out to.
const ExchangeAudience = "api://AzureADTokenExchange"

// Federation is another issuer's subject that an application trusts to prove
// itself (workload identity federation, also a user-assigned managed identity).
// Issuer and Subject are compared letter by letter.
type Federation struct {
	Issuer, Subject string
	Key             *rsa.PublicKey // the real Entra finds it by the issuer's discovery
}

// federated reports whether the assertion is another issuer's; nothing of it is
// verified.
func federated(client App, assertion string) bool {
	var claims jwt.RegisteredClaims
	_, _, err := jwt.NewParser().ParseUnverified(assertion, &claims)
	return err == nil && len(client.Federations) > 0 && claims.Issuer != client.ClientID
}

// proveFederated checks a token of another issuer, with RS256 as the only
// algorithm that Entra takes there.
func (e *Entra) proveFederated(client App, assertion string) error {
	var claims jwt.RegisteredClaims
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithTimeFunc(e.now), jwt.WithExpirationRequired())
	_, err := parser.ParseWithClaims(assertion, &claims, func(*jwt.Token) (any, error) {
		trusted := slices.DeleteFunc(slices.Clone(client.Federations), func(f Federation) bool { return f.Issuer != claims.Issuer })
		if len(trusted) == 0 {
			return nil, refuse(700211, claims.Issuer)
		}
		if !slices.Equal(claims.Audience, jwt.ClaimStrings{ExchangeAudience}) {
			return nil, refuse(700212, claims.Audience)
		}
		i := slices.IndexFunc(trusted, func(f Federation) bool { return f.Subject == claims.Subject })
		if i < 0 {
			return nil, refuse(700213, claims.Subject)
		}
		return trusted[i].Key, nil
	})
	if refused, ok := errors.AsType[*refusal](err); ok {
		return refused
	}
	switch {
	case errors.Is(err, jwt.ErrTokenExpired), errors.Is(err, jwt.ErrTokenNotValidYet):
		return refuse(700024)
	case err != nil:
		return refuse(50027)
	}
	return nil
}
