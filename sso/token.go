package sso

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	maxTokenSize = 16 << 10 // bytes; Entra's tokens are 1 to 4 kB
	clockLeeway  = 60 * time.Second
)

// token is a JWT whose signature has not been checked yet.
type token struct {
	jws *jose.JSONWebSignature
	// claimed is the issuer as the unverified body names it. It chooses who
	// checks the token, and must then be found again in what was verified.
	claimed string
}

// parseToken reads the three parts of a JWT signed with RS256. Anything else,
// "none" and the shared-key algorithms included, ends here.
func parseToken(raw string) (token, error) {
	if len(raw) > maxTokenSize {
		return token{}, &TokenError{Reason: reasonMalformed}
	}
	jws, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.RS256})
	if _, other := errors.AsType[*jose.ErrUnexpectedSignatureAlgorithm](err); other {
		return token{}, &TokenError{Reason: reasonAlgorithm}
	}
	if err != nil {
		return token{}, &TokenError{Reason: reasonMalformed}
	}
	var body *struct {
		Issuer any `json:"iss"`
	}
	if json.Unmarshal(jws.UnsafePayloadWithoutVerification(), &body) != nil || body == nil {
		return token{}, &TokenError{Reason: reasonMalformed}
	}
	claimed, _ := body.Issuer.(string)
	return token{jws: jws, claimed: claimed}, nil
}

// claims verifies the token with the keys that admits lets sign for it, and
// reads what it says.
func (t token) claims(ctx context.Context, keys *keySet, admits func(issuer string) bool) (claims, error) {
	payload, err := keys.verify(ctx, t.jws, admits)
	if err != nil {
		return claims{}, err
	}
	c, err := readClaims(payload)
	if err != nil {
		return claims{}, err
	}
	if c.issuer != t.claimed {
		return claims{}, &TokenError{Reason: reasonIssuer}
	}
	return c, nil
}

// claims are what this service reads of a token, Entra's or another's.
type claims struct {
	issuer    string
	audience  []string
	expires   time.Time // zero when there is none; so with the next two
	notBefore time.Time
	issuedAt  time.Time
	name      string
	nonce     string

	all map[string]json.RawMessage
}

// readClaims reads a token's payload. Names are compared exactly; a struct
// would let encoding/json take "ISS" for "iss".
func readClaims(payload []byte) (claims, error) {
	var c claims
	if err := json.Unmarshal(payload, &c.all); err != nil || c.all == nil {
		return claims{}, &TokenError{Reason: reasonMalformed}
	}
	for name, date := range map[string]*time.Time{"exp": &c.expires, "nbf": &c.notBefore, "iat": &c.issuedAt} {
		if !c.date(name, date) {
			return claims{}, &TokenError{Reason: reasonMalformed}
		}
	}
	c.issuer, c.name, c.nonce = c.text("iss"), c.text("name"), c.text("nonce")
	c.audience = c.list("aud")
	return c, nil
}

// text gives a claim that is a string; any other kind of value is as good as none.
func (c claims) text(name string) string {
	var value string
	if json.Unmarshal(c.all[name], &value) != nil {
		return ""
	}
	return value
}

// list gives a claim that is a string or a list of strings.
func (c claims) list(name string) []string {
	if one := c.text(name); one != "" {
		return []string{one}
	}
	var values []string
	if json.Unmarshal(c.all[name], &values) != nil {
		return nil
	}
	return values
}

// maxDate is the last second that the year has four digits.
const maxDate = 253402300799

// date reads seconds since 1970, possibly with a fraction (RFC 7519,
// NumericDate), and reports whether the claim is absent or makes sense.
func (c claims) date(name string, into *time.Time) bool {
	raw, ok := c.all[name]
	if !ok {
		return true
	}
	var value *float64
	if json.Unmarshal(raw, &value) != nil || value == nil || *value < 0 || *value > maxDate {
		return false
	}
	*into = time.Unix(int64(*value), 0)
	return true
}

// checkTimes holds the token against the clock, with a minute's leeway for
// clocks that differ.
func (c claims) checkTimes(now time.Time) error {
	switch {
	case c.expires.IsZero():
		return &TokenError{Reason: reasonMalformed}
	case !now.Before(c.expires.Add(clockLeeway)):
		return &TokenError{Reason: reasonExpired}
	case now.Add(clockLeeway).Before(c.notBefore), now.Add(clockLeeway).Before(c.issuedAt):
		return &TokenError{Reason: reasonNotYetValid}
	}
	return nil
}

// hasScope reports whether a space-separated scope claim names scope.
func (c claims) hasScope(scope string) bool {
	return slices.Contains(strings.Fields(c.text("scp")), scope)
}

// rolesOf reads role names; unknown ones mean nothing here.
func rolesOf(names []string) []Role {
	roles := make([]Role, len(names))
	for i, name := range names {
		roles[i] = Role(name)
	}
	return knownRoles(roles)
}
