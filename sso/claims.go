package sso

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	// encoding/json takes the last of several members of one name, and other
	// parsers the first: a token that two parties read differently. This one
	// refuses them, as RFC 7519 (4) allows, and compares names exactly.
	"github.com/go-jose/go-jose/v4/json"
)

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

// readObject reads a JSON object, member by member.
func readObject(payload []byte) (map[string]json.RawMessage, error) {
	var all map[string]json.RawMessage
	if !utf8.Valid(payload) || json.Unmarshal(payload, &all) != nil || all == nil {
		return nil, &TokenError{Reason: ReasonMalformed}
	}
	return all, nil
}

// readClaims reads a token's payload.
func readClaims(payload []byte) (claims, error) {
	all, err := readObject(payload)
	if err != nil {
		return claims{}, err
	}
	c := claims{all: all}
	for name, date := range map[string]*time.Time{"exp": &c.expires, "nbf": &c.notBefore, "iat": &c.issuedAt} {
		if !c.date(name, date) {
			return claims{}, &TokenError{Reason: ReasonMalformed}
		}
	}
	c.issuer, c.name, c.nonce = c.text("iss"), c.text("name"), c.text("nonce")
	c.audience = c.list("aud")
	return c, nil
}

// has reports whether there is such a claim, whatever it holds.
func (c claims) has(name string) bool {
	_, there := c.all[name]
	return there
}

// text gives a claim that is a string; any other kind of value is as good as none.
func (c claims) text(name string) string { return textOf(c.all[name]) }

func textOf(raw json.RawMessage) string {
	var value string
	if json.Unmarshal(raw, &value) != nil {
		return ""
	}
	return value
}

// list gives a claim that is a string or a list of strings.
func (c claims) list(name string) []string { return listOf(c.all[name]) }

func listOf(raw json.RawMessage) []string {
	if one := textOf(raw); one != "" {
		return []string{one}
	}
	var values []string
	if json.Unmarshal(raw, &values) != nil {
		return nil
	}
	return values
}

// at gives the claim of that name or, without one, what the name is the path
// to, its steps divided by dots, as "realm_access.roles" is. A name may hold
// dots itself, as an address does.
func (c claims) at(path string) json.RawMessage {
	if raw, ok := c.all[path]; ok {
		return raw
	}
	name, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		return nil
	}
	inner, err := readObject(c.all[name])
	if err != nil {
		return nil
	}
	return claims{all: inner}.at(rest)
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
		return &TokenError{Reason: ReasonMalformed}
	case !now.Before(c.expires.Add(clockLeeway)):
		return &TokenError{Reason: ReasonExpired}
	case now.Add(clockLeeway).Before(c.notBefore), now.Add(clockLeeway).Before(c.issuedAt):
		return &TokenError{Reason: ReasonNotYetValid}
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
