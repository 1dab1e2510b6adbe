package tokentest

import (
	"encoding/base64"
	"strings"
	"testing"

	"teamsbridge/sso"
)

// forms are texts that are no token, or not in its one spelling.
var forms = []Attack{
	{Name: "no dots at all", Token: fixed("token"), Want: signIn(sso.ReasonMalformed)},
	{Name: "nothing but dots", Token: fixed(".."), Want: signIn(sso.ReasonAlgorithm)},
	{Name: "two parts", Token: altered(func(h, b, _ string) string { return h + "." + b }), Want: signIn(sso.ReasonMalformed)},
	{Name: "four parts", Token: altered(func(h, b, s string) string { return h + "." + b + "." + s + ".x" }), Want: signIn(sso.ReasonMalformed)},
	{Name: "five parts, as an encrypted token has", Token: fixed("YQ.YQ.YQ.YQ.YQ"), Want: signIn(sso.ReasonMalformed)},
	{Name: "the JSON serialisation", Token: altered(func(h, b, s string) string {
		return `{"protected":"` + h + `","payload":"` + b + `","signature":"` + s + `"}`
	}), Want: signIn(sso.ReasonMalformed)},
	{Name: "two tokens", Token: altered(func(h, b, s string) string {
		return h + "." + b + "." + s + " " + h + "." + b + "." + s
	}), Want: signIn(sso.ReasonMalformed)},
	{Name: "the scheme inside the token", Token: altered(func(h, b, s string) string { return "Bearer " + h + "." + b + "." + s }), Want: signIn(sso.ReasonMalformed)},
	{Name: "quotes around it", Token: altered(func(h, b, s string) string { return `"` + h + "." + b + "." + s + `"` }), Want: signIn(sso.ReasonMalformed)},
	{Name: "a space inside", Token: altered(func(h, b, s string) string { return h + ". " + b + "." + s }), Want: signIn(sso.ReasonMalformed)},
	{Name: "a space before it", Token: altered(func(h, b, s string) string { return " " + h + "." + b + "." + s }), Want: signIn(sso.ReasonMalformed), Unspeakable: true},
	{Name: "a line break inside", Token: altered(func(h, b, s string) string { return h + "." + b + "." + s[:8] + "\n" + s[8:] }), Want: signIn(sso.ReasonMalformed), Unspeakable: true},
	{Name: "a carriage return at the end", Token: altered(func(h, b, s string) string { return h + "." + b + "." + s + "\r" }), Want: signIn(sso.ReasonMalformed), Unspeakable: true},
	{Name: "a NUL at the end", Token: altered(func(h, b, s string) string { return h + "." + b + "." + s + "\x00" }), Want: signIn(sso.ReasonMalformed), Unspeakable: true},
	{Name: "padding at the end", Token: altered(func(h, b, s string) string { return h + "." + b + "." + s + "==" }), Want: signIn(sso.ReasonMalformed)},
	{Name: "the ordinary base64 alphabet", Token: altered(func(h, b, s string) string {
		return h + "." + b + "." + base64.RawStdEncoding.EncodeToString(append(decode(s)[:254], 0xff, 0xfe))
	}), Want: signIn(sso.ReasonMalformed)},
	{Name: "letters that only look like base64", Token: altered(func(h, b, s string) string {
		return strings.Replace(h, "e", "е", 1) + "." + b + "." + s
	}), Want: signIn(sso.ReasonMalformed)},
	{Name: "another spelling of the same signature", Token: altered(func(h, b, s string) string {
		return h + "." + b + "." + respelled(s)
	}), Want: signIn(sso.ReasonMalformed)},
	{Name: "more than 16 KiB", Token: claiming(Payload{"padding": strings.Repeat("x", 16<<10)}), Want: signIn(sso.ReasonMalformed)},
	{Name: "64 KiB of dots", Token: fixed(strings.Repeat(".", 64<<10)), Want: signIn(sso.ReasonMalformed)},
	{Name: "the signature cut off", Token: altered(func(h, b, _ string) string { return h + "." + b + "." }), Want: signIn(sso.ReasonSignature)},
	{Name: "half of the signature", Token: altered(func(h, b, s string) string { return h + "." + b + "." + s[:len(s)/8*4] }), Want: signIn(sso.ReasonSignature)},
	{Name: "the signature twice", Token: altered(func(h, b, s string) string {
		return h + "." + b + "." + base64.RawURLEncoding.EncodeToString(append(decode(s), decode(s)...))
	}), Want: signIn(sso.ReasonSignature)},
	{Name: "a signature of zeros", Token: altered(func(h, b, _ string) string { return h + "." + b + "." + strings.Repeat("A", 342) }), Want: signIn(sso.ReasonSignature)},
	{Name: "one bit of the signature turned", Token: altered(func(h, b, s string) string {
		raw := decode(s)
		raw[10] ^= 1
		return h + "." + b + "." + base64.RawURLEncoding.EncodeToString(raw)
	}), Want: signIn(sso.ReasonSignature)},
	{Name: "another token's signature", Token: func(t testing.TB, a *Authority) string {
		mine, other := a.Sign(t, a.Key(0), a.V2()), a.Sign(t, a.Key(0), a.V2().With(Payload{"oid": Bert}))
		return mine[:strings.LastIndexByte(mine, '.')] + other[strings.LastIndexByte(other, '.'):]
	}, Want: signIn(sso.ReasonSignature)},
}

// respelled sets the bits that the last character of a signature has to spare.
func respelled(signature string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, signature[len(signature)-1])
	return signature[:len(signature)-1] + string(alphabet[last|0x0f])
}

// objects are headers and bodies that are not one JSON object each.
var objects = []Attack{
	{Name: "a header that is not base64", Token: altered(func(_, b, s string) string { return "!!!." + b + "." + s }), Want: signIn(sso.ReasonMalformed)},
	{Name: "a header that is not JSON", Token: under("no"), Want: signIn(sso.ReasonMalformed)},
	{Name: "a header that is a list", Token: under(`["RS256"]`), Want: signIn(sso.ReasonMalformed)},
	{Name: "a header with two algorithms", Token: under(`{"alg":"none","alg":"RS256","kid":"a"}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "a header with two key ids", Token: under(`{"alg":"RS256","kid":"z","kid":"a"}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "a header with more after it", Token: under(`{"alg":"RS256","kid":"a"}{}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "a header that begins with a byte order mark", Token: under("\ufeff" + `{"alg":"RS256","kid":"a"}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "a key id that is a number", Token: under(`{"alg":"RS256","kid":7}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "a key id that is a list", Token: under(`{"alg":"RS256","kid":["a"]}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "a body that is not base64", Token: altered(func(h, _, s string) string { return h + ".!!!." + s }), Want: signIn(sso.ReasonMalformed)},
	{Name: "an empty body", Token: altered(func(h, _, s string) string { return h + ".." + s }), Want: signIn(sso.ReasonMalformed)},
	{Name: "a body that is not JSON", Token: over("no"), Want: signIn(sso.ReasonMalformed)},
	{Name: "a body that is a list", Token: over("[]"), Want: signIn(sso.ReasonMalformed)},
	{Name: "a body that is null", Token: over("null"), Want: signIn(sso.ReasonMalformed)},
	{Name: "a body that is a text", Token: over(`"iss"`), Want: signIn(sso.ReasonMalformed)},
	{Name: "a body of thousands of nested lists", Token: over(`{"x":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`), Want: signIn(sso.ReasonIssuer)},
	{Name: "a body of thousands of lists never closed", Token: over(strings.Repeat("[", 5000)), Want: signIn(sso.ReasonMalformed)},
	{Name: "an encrypted or nested token's content under our signature", Token: func(t testing.TB, a *Authority) string {
		return SignBytes(t, RS256(a.Key(0)), Header{"kid": "a", "cty": "JWT"}, []byte(a.Sign(t, a.Key(0), a.V2())))
	}, Want: signIn(sso.ReasonMalformed)},
	{Name: "a compressed body", Token: func(t testing.TB, a *Authority) string {
		return SignBytes(t, RS256(a.Key(0)), Header{"kid": "a", "zip": "DEF"}, []byte("\xabV*J-.\xceO"))
	}, Want: signIn(sso.ReasonMalformed)},
	{Name: "a body with more after it", Token: saying(`{GOOD}{}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "a body with a comma too many", Token: saying(`{GOOD,}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "a body with a comment", Token: saying(`{GOOD/* */}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "a body that is no UTF-8", Token: saying("{GOOD,\"x\":\"\xff\"}"), Want: signIn(sso.ReasonMalformed)},
	{Name: "a body in UTF-16", Token: saying("\xff\xfe{\x00}\x00"), Want: signIn(sso.ReasonMalformed)},
	{Name: "two issuers, the good one last", Token: saying(`{"iss":"https://evil.example",GOOD}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "two issuers, the good one first", Token: saying(`{GOOD,"iss":"https://evil.example"}`), Want: signIn(sso.ReasonIssuer)},
	{Name: "two audiences by two members", Token: saying(`{GOOD,"aud":"` + OtherApp + `"}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "the same audience by two members", Token: saying(`{GOOD,"aud":"` + ServiceID + `"}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "two expiries", Token: saying(`{GOOD,"exp":99999999999}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "two tenants", Token: saying(`{GOOD,"tid":"` + Partner + `"}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "two object ids", Token: saying(`{GOOD,"oid":"` + Bert + `"}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "two object ids, one spelled with an escape", Token: saying(`{GOOD,"o\u0069d":"` + Bert + `"}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "two lists of roles", Token: saying(`{GOOD,"roles":["Admin"]}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "another person's body under a good signature", Token: altered(func(h, b, s string) string {
		return h + "." + encode(strings.Replace(string(decode(b)), Anja, Bert, 1)) + "." + s
	}), Want: signIn(sso.ReasonSignature)},
	{Name: "a role more under a good signature", Token: altered(func(h, b, s string) string {
		return h + "." + encode(strings.Replace(string(decode(b)), `"Agent"`, `"Admin"`, 1)) + "." + s
	}), Want: signIn(sso.ReasonSignature)},
	{Name: "the same body written differently", Token: altered(func(h, b, s string) string {
		return h + "." + encode(" "+string(decode(b))) + "." + s
	}), Want: signIn(sso.ReasonSignature)},
}
