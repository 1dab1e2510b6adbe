package tokentest

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"

	"teamsbridge/sso"
)

// Answer is what the HTTP interface says to a token.
type Answer struct {
	Status       int
	Slug, Reason string // the last part of the problem's type; its reason
}

// Attack is one token that must be refused, and how.
type Attack struct {
	Name  string
	Token func(testing.TB, *Authority) string
	Want  Answer
	// Rekeys tells that Token changes the published keys: the row needs an
	// authority of its own, and a verifier that has seen no keys yet.
	Rekeys bool
	// Unspeakable is a token that no HTTP header can carry.
	Unspeakable bool
}

// Attacks is the whole table.
func Attacks() []Attack {
	return slices.Concat(forms, objects, algorithms, headers, keys, times, issuers, audiences, versions, people, applications, providers)
}

// signIn is the answer to a token that proves nothing.
func signIn(reason sso.Reason) Answer {
	return Answer{http.StatusUnauthorized, "sign-in-required", string(reason)}
}

// notAllowed is the answer to a genuine token that is not meant for this.
func notAllowed(reason sso.Reason) Answer {
	return Answer{http.StatusForbidden, "token-not-allowed", string(reason)}
}

var (
	notAdmitted  = Answer{http.StatusForbidden, "organization-not-admitted", "not-on-the-list"}
	unknownAgent = Answer{http.StatusForbidden, "agent-unknown", Contact}
)

// forger makes a row's token.
type forger = func(testing.TB, *Authority) string

// claiming alters a good version 2 token, signed with the real key; the others
// do the same with other kinds.
func claiming(changes Payload) forger {
	return func(t testing.TB, a *Authority) string { return a.Sign(t, a.Key(0), a.V2().With(changes)) }
}

func claimingV1(changes Payload) forger {
	return func(t testing.TB, a *Authority) string { return a.Sign(t, a.Key(0), a.V1().With(changes)) }
}

func claimingApp(changes Payload) forger {
	return func(t testing.TB, a *Authority) string { return a.Sign(t, a.Key(0), a.Application().With(changes)) }
}

func claimingCC(changes Payload) forger {
	return func(t testing.TB, a *Authority) string { return a.Sign(t, a.Key(0), a.ContactCentre().With(changes)) }
}

func claimingSecond(changes Payload) forger {
	return func(t testing.TB, a *Authority) string { return a.Sign(t, a.Key(2), a.Second().With(changes)) }
}

// issuedBy names the issuer with the authority's own address in it.
func issuedBy(pattern string, changes Payload) forger {
	return func(t testing.TB, a *Authority) string {
		changed := a.V2().With(changes)
		changed["iss"] = strings.ReplaceAll(pattern, "AUTHORITY", a.URL)
		return a.Sign(t, a.Key(0), changed)
	}
}

// saying signs a body that is written by hand, as written fills it in.
func saying(body string) forger {
	return func(t testing.TB, a *Authority) string {
		return SignBytes(t, RS256(a.Key(0)), Header{"kid": "a"}, written(t, a, body))
	}
}

// headed puts a good body under another header, signed with the real key.
func headed(header Header) forger {
	return func(t testing.TB, a *Authority) string { return a.SignWith(t, RS256(a.Key(0)), header, a.V2()) }
}

// altered changes the text of a good token.
func altered(change func(header, body, signature string) string) forger {
	return func(t testing.TB, a *Authority) string {
		parts := strings.Split(a.Sign(t, a.Key(0), a.V2()), ".")
		return change(parts[0], parts[1], parts[2])
	}
}

// under puts another header over a good body and its signature.
func under(header string) forger {
	return altered(func(_, b, s string) string { return encode(header) + "." + b + "." + s })
}

// over puts another body under a good signature.
func over(body string) forger {
	return altered(func(h, _, s string) string { return h + "." + encode(body) + "." + s })
}

func fixed(token string) forger { return func(testing.TB, *Authority) string { return token } }

func encode(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func decode(s string) []byte {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return raw
}
