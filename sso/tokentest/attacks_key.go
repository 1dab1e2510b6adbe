package tokentest

import (
	"strings"
	"testing"

	"teamsbridge/sso"
)

// keys are tokens whose key may not sign for them.
var keys = []Attack{
	{Name: "an unpublished key under a published id", Token: foreign(Header{"kid": "a"}), Want: signIn(sso.ReasonSignature)},
	{Name: "an unpublished key under its own id", Token: foreign(Header{"kid": "b"}), Want: signIn(sso.ReasonSignature)},
	{Name: "the real key under an id that is not published", Token: headed(Header{"kid": "b"}), Want: signIn(sso.ReasonSignature)},
	{Name: "the key id in another case", Token: headed(Header{"kid": "A"}), Want: signIn(sso.ReasonSignature)},
	{Name: "the key id with a space after it", Token: headed(Header{"kid": "a "}), Want: signIn(sso.ReasonSignature)},
	{Name: "a key id that is a path", Token: headed(Header{"kid": "../../../../dev/null"}), Want: signIn(sso.ReasonSignature)},
	{Name: "a key id that is a query", Token: headed(Header{"kid": "x' UNION SELECT 'secret"}), Want: signIn(sso.ReasonSignature)},
	{Name: "a key id that is an address", Token: headed(Header{"kid": "https://evil.example/keys#a"}), Want: signIn(sso.ReasonSignature)},
	{Name: "a key id of eight thousand characters", Token: headed(Header{"kid": strings.Repeat("a", 8000)}), Want: signIn(sso.ReasonSignature)},
	{Name: "the id of a key that cannot sign", Token: headed(Header{"kid": "shared"}), Want: signIn(sso.ReasonSignature)},
	{Name: "no key id while several keys are published", Rekeys: true, Token: publishing(func(a *Authority) []Key { return []Key{a.Key(0), a.Key(1)} }, headed(nil)), Want: signIn(sso.ReasonSignature)},
	{Name: "an empty key id while several keys are published", Rekeys: true, Token: publishing(func(a *Authority) []Key { return []Key{a.Key(0), a.Key(1)} }, headed(Header{"kid": ""})), Want: signIn(sso.ReasonSignature)},
	{Name: "a key that is no longer published", Rekeys: true, Token: publishing(func(a *Authority) []Key { return []Key{a.Key(1)} }, claiming(nil)), Want: signIn(sso.ReasonSignature)},
	{Name: "a key bound to another organisation", Rekeys: true, Token: publishing(func(a *Authority) []Key { return []Key{bound(a, a.URL+"/"+Partner+"/v2.0")} }, claiming(nil)), Want: signIn(sso.ReasonSignature)},
	{Name: "a key bound to another cloud", Rekeys: true, Token: publishing(func(a *Authority) []Key {
		return []Key{bound(a, "https://login.microsoftonline.us/{tenantid}/v2.0")}
	}, claiming(nil)), Want: signIn(sso.ReasonSignature)},
	{Name: "a key bound to personal accounts", Rekeys: true, Token: publishing(func(a *Authority) []Key {
		return []Key{bound(a, a.URL+"/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0")}
	}, claiming(nil)), Want: signIn(sso.ReasonSignature)},
	{Name: "a key bound to a template of everything", Rekeys: true, Token: publishing(func(a *Authority) []Key { return []Key{bound(a, "{tenantid}")} }, claiming(nil)), Want: signIn(sso.ReasonSignature)},
	{Name: "a key published for encryption", Rekeys: true, Token: publishing(func(a *Authority) []Key {
		k := a.Key(0)
		k.Use = "enc"
		return []Key{k, a.Key(1)}
	}, claiming(nil)), Want: signIn(sso.ReasonSignature)},
	{Name: "a key published for another algorithm", Rekeys: true, Token: publishing(func(a *Authority) []Key {
		k := a.Key(0)
		k.Alg = "PS256"
		return []Key{k, a.Key(1)}
	}, claiming(nil)), Want: signIn(sso.ReasonSignature)},
	{Name: "a published key that is too weak", Rekeys: true, Token: publishing(func(a *Authority) []Key { return []Key{a.Key(0), a.Key(3)} }, func(t testing.TB, a *Authority) string {
		return a.Sign(t, a.Key(3), a.V2())
	}), Want: signIn(sso.ReasonSignature)},
	{Name: "a provider's key under Entra's issuer", Token: func(t testing.TB, a *Authority) string { return a.Sign(t, a.Key(2), a.V2()) }, Want: signIn(sso.ReasonSignature)},
	{Name: "a provider's key under another provider's issuer", Token: func(t testing.TB, a *Authority) string {
		return a.Sign(t, a.Key(2), a.ContactCentre())
	}, Want: signIn(sso.ReasonSignature)},
	{Name: "Entra's key under a provider's issuer", Token: func(t testing.TB, a *Authority) string { return a.Sign(t, a.Key(0), a.Second()) }, Want: signIn(sso.ReasonSignature)},
}

// publishing makes the authority publish other keys first.
func publishing(keys func(*Authority) []Key, token forger) forger {
	return func(t testing.TB, a *Authority) string {
		a.Publish(keys(a)...)
		return token(t, a)
	}
}

// bound is the real key, published for another issuer.
func bound(a *Authority, issuer string) Key {
	k := a.Key(0)
	k.Issuer = issuer
	return k
}
