package ssotest

import (
	"errors"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// redeemOnBehalf answers the on-behalf-of grant: the caller shows the token with
// which a person called it, and gets one for an API further on.
func (e *Entra) redeemOnBehalf(g grantRequest) (answer, error) {
	for _, name := range []string{"assertion", "requested_token_use"} {
		if g.form.Get(name) == "" {
			return answer{}, refuse(900144, name)
		}
	}
	if use := g.form.Get("requested_token_use"); use != "on_behalf_of" {
		return answer{}, refuse(90023, use, "requested_token_use")
	}
	if g.client.Public {
		return answer{}, refuse(7000218) // only who can keep a secret may act for others
	}
	person, err := e.assertedPerson(g)
	if err != nil {
		return answer{}, err
	}
	s, err := e.scope(g, nil)
	if err != nil {
		return answer{}, err
	}
	return e.userAnswer(g, person, s, "")
}

// assertedPerson verifies the assertion as any API must, and finds whose it is.
func (e *Entra) assertedPerson(g grantRequest) (Account, error) {
	claims, err := e.keys.verify(g.form.Get("assertion"))
	switch {
	case errors.Is(err, jwt.ErrTokenUnverifiable) && errors.Is(err, errUnknownKey):
		return Account{}, refuse(50013, "the key was not found")
	case err != nil:
		return Account{}, refuse(50013, "the token is malformed or its signature is wrong")
	}
	validator := jwt.NewValidator(jwt.WithTimeFunc(e.now), jwt.WithExpirationRequired())
	if err := validator.Validate(claims); err != nil {
		return Account{}, refuse(500133)
	}
	text := func(name string) string { s, _ := claims[name].(string); return s }
	tenant := text("tid")
	if iss := text("iss"); iss != e.issuer(tenant) && iss != e.issuerV1(tenant) {
		return Account{}, refuse(50013, "the issuer is not this authority")
	}
	if !g.realm.any() && tenant != g.realm.tenant.ID {
		return Account{}, refuse(50013, "the token was issued by another tenant")
	}
	own := []string{g.client.ClientID, g.client.IDURI, "api://" + g.client.ClientID}
	if aud := text("aud"); aud == "" || !slices.Contains(own, aud) {
		return Account{}, refuse(500131, aud, g.client.ClientID)
	}
	if strings.TrimSpace(text("scp")) == "" {
		return Account{}, refuse(7000114, text("azp")+text("appid")) // an application's own token
	}
	person, ok := e.account(tenant, text("oid"))
	if !ok {
		return Account{}, refuse(50034, text("oid"), tenant)
	}
	// A token says its time in seconds; one of the very second counts as later.
	if at, err := claims.GetIssuedAt(); err == nil && at != nil && e.revokedSince(person, at.UnixMilli()+999) {
		return Account{}, refuse(50173)
	}
	return person, nil
}
