package sso_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"teamsbridge/sso"
)

// attack is one bad token and how it must be refused.
type attack struct {
	name   string
	token  func(testing.TB, *authority) string
	reason string // of the TokenError; "" when it is another error
	signIn bool   // a new sign-in is the answer, hence 401
}

// claiming alters a good version 2 token, signed with the real key.
func claiming(changes payload) func(testing.TB, *authority) string {
	return func(t testing.TB, a *authority) string { return sign(t, a.Key(0), a.V2().with(changes)) }
}

func claimingV1(changes payload) func(testing.TB, *authority) string {
	return func(t testing.TB, a *authority) string { return sign(t, a.Key(0), a.V1().with(changes)) }
}

func claimingCC(changes payload) func(testing.TB, *authority) string {
	return func(t testing.TB, a *authority) string { return sign(t, a.Key(0), a.ContactCentre().with(changes)) }
}

// altered changes the text of a good token.
func altered(change func(header, body, signature string) string) func(testing.TB, *authority) string {
	return func(t testing.TB, a *authority) string {
		parts := strings.Split(sign(t, a.Key(0), a.V2()), ".")
		return change(parts[0], parts[1], parts[2])
	}
}

func fixed(token string) func(testing.TB, *authority) string {
	return func(testing.TB, *authority) string { return token }
}

func encode(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// issuedBy names the issuer with the authority's own address in it.
func issuedBy(pattern string, changes payload) func(testing.TB, *authority) string {
	return func(t testing.TB, a *authority) string {
		changed := a.V2().with(changes)
		changed["iss"] = strings.ReplaceAll(pattern, "AUTHORITY", a.URL)
		return sign(t, a.Key(0), changed)
	}
}

func at(offset time.Duration) int64 { return noon.Add(offset).Unix() }

var attacks = []attack{
	// Stripped and garbled.
	{"no dots at all", fixed("token"), "malformed", true},
	{"two parts", altered(func(h, b, _ string) string { return h + "." + b }), "malformed", true},
	{"the signature cut off", altered(func(h, b, _ string) string { return h + "." + b + "." }), "signature", true},
	{"half of the signature", altered(func(h, b, s string) string { return h + "." + b + "." + s[:len(s)/8*4] }), "signature", true},
	{"four parts", altered(func(h, b, s string) string { return h + "." + b + "." + s + ".x" }), "malformed", true},
	{"five parts, as an encrypted token has", fixed("a.b.c.d.e"), "malformed", true},
	{"a header that is not base64", altered(func(_, b, s string) string { return "!!!." + b + "." + s }), "malformed", true},
	{"a header that is not JSON", altered(func(_, b, s string) string { return encode("no") + "." + b + "." + s }), "malformed", true},
	{"a body that is not base64", altered(func(h, _, s string) string { return h + ".!!!." + s }), "malformed", true},
	{"a body that is not JSON", altered(func(h, _, s string) string { return h + "." + encode("no") + "." + s }), "malformed", true},
	{"a body that is a list", altered(func(h, _, s string) string { return h + "." + encode("[]") + "." + s }), "malformed", true},
	{"a body that is null", altered(func(h, _, s string) string { return h + "." + encode("null") + "." + s }), "malformed", true},
	{"an empty body", altered(func(h, _, s string) string { return h + ".." + s }), "malformed", true},
	{"spaces around it", altered(func(h, b, s string) string { return " " + h + "." + b + "." + s }), "malformed", true},
	{"the JSON serialisation", altered(func(h, b, s string) string {
		return `{"protected":"` + h + `","payload":"` + b + `","signature":"` + s + `"}`
	}), "malformed", true},
	{"more than 16 KiB", claiming(payload{"padding": strings.Repeat("x", 16<<10)}), "malformed", true},

	// Swapped.
	{"another person's body under a good signature", altered(func(h, b, s string) string {
		return h + "." + encode(strings.Replace(string(mustDecode(b)), anja, bert, 1)) + "." + s
	}), "signature", true},
	{"another token's signature", func(t testing.TB, a *authority) string {
		mine, other := sign(t, a.Key(0), a.V2()), sign(t, a.Key(0), a.V2().with(payload{"oid": bert}))
		return mine[:strings.LastIndexByte(mine, '.')] + other[strings.LastIndexByte(other, '.'):]
	}, "signature", true},
	{"another header over a good signature", altered(func(_, b, s string) string {
		return encode(`{"alg":"RS256","kid":"a","typ":"at+jwt"}`) + "." + b + "." + s
	}), "signature", true},
	{"one bit of the signature turned", altered(func(h, b, s string) string {
		raw := mustDecode(s)
		raw[10] ^= 1
		return h + "." + b + "." + base64.RawURLEncoding.EncodeToString(raw)
	}), "signature", true},

	// Algorithm.
	{"algorithm none", altered(func(_, b, _ string) string { return encode(`{"alg":"none","kid":"a"}`) + "." + b + "." }), "algorithm", true},
	{"algorithm None in another case", altered(func(_, b, _ string) string { return encode(`{"alg":"NoNe","kid":"a"}`) + "." + b + "." }), "algorithm", true},
	{"algorithm none with the signature left on", altered(func(_, b, s string) string { return encode(`{"alg":"none"}`) + "." + b + "." + s }), "algorithm", true},
	{"no algorithm", altered(func(_, b, s string) string { return encode(`{"kid":"a"}`) + "." + b + "." + s }), "algorithm", true},
	{"HS256 with the public key as the secret", func(t testing.TB, a *authority) string {
		public, err := x509.MarshalPKIXPublicKey(&a.Key(0).private.PublicKey)
		if err != nil {
			t.Fatal(err)
		}
		return signWith(t, jose.SigningKey{Algorithm: jose.HS256, Key: public}, map[jose.HeaderKey]any{"kid": "a"}, a.V2())
	}, "algorithm", true},
	{"HS256 with a published shared key", func(t testing.TB, a *authority) string {
		return signWith(t, jose.SigningKey{Algorithm: jose.HS256, Key: bytes.Repeat([]byte("secret"), 8)}, map[jose.HeaderKey]any{"kid": "shared"}, a.V2())
	}, "algorithm", true},
	{"RS384", resigned(jose.RS384), "algorithm", true},
	{"RS512", resigned(jose.RS512), "algorithm", true},
	{"PS256", resigned(jose.PS256), "algorithm", true},
	{"ES256", func(t testing.TB, a *authority) string {
		private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return signWith(t, jose.SigningKey{Algorithm: jose.ES256, Key: private}, map[jose.HeaderKey]any{"kid": "a"}, a.V2())
	}, "algorithm", true},
	{"RS256 claimed over a PS256 signature", func(t testing.TB, a *authority) string {
		parts := strings.Split(resigned(jose.PS256)(t, a), ".")
		return encode(`{"alg":"RS256","kid":"a"}`) + "." + parts[1] + "." + parts[2]
	}, "signature", true},

	// Key.
	{"an unpublished key under a published id", func(t testing.TB, a *authority) string {
		forged := a.Key(0)
		forged.private = a.Key(1).private
		return sign(t, forged, a.V2())
	}, "signature", true},
	{"an unpublished key under its own id", func(t testing.TB, a *authority) string { return sign(t, a.Key(1), a.V2()) }, "signature", true},
	{"no key id while several keys are published", func(t testing.TB, a *authority) string {
		a.Publish(a.Key(0), a.Key(1))
		return signWith(t, jose.SigningKey{Algorithm: jose.RS256, Key: a.Key(0).private}, nil, a.V2())
	}, "signature", true},
	{"a key brought along in the header", func(t testing.TB, a *authority) string {
		own := jose.JSONWebKey{Key: a.Key(1).private, KeyID: "z"}
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: own}, &jose.SignerOptions{EmbedJWK: true})
		if err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(a.V2())
		if err != nil {
			t.Fatal(err)
		}
		jws, err := signer.Sign(body)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := jws.CompactSerialize()
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}, "signature", true},
	{"an address of keys in the header", func(t testing.TB, a *authority) string {
		return signWith(t, jose.SigningKey{Algorithm: jose.RS256, Key: a.Key(1).private},
			map[jose.HeaderKey]any{"kid": "z", "jku": a.URL + "/contact-centre/keys"}, a.V2())
	}, "signature", true},
	{"a header that demands an extension", func(t testing.TB, a *authority) string {
		return signWith(t, jose.SigningKey{Algorithm: jose.RS256, Key: a.Key(0).private},
			map[jose.HeaderKey]any{"kid": "a", "crit": []string{"exp"}, "exp": 1}, a.V2())
	}, "malformed", true},
	{"a key bound to another organisation", func(t testing.TB, a *authority) string {
		bound := a.Key(0)
		bound.issuer = a.URL + "/" + partner + "/v2.0"
		a.Publish(bound)
		return sign(t, bound, a.V2())
	}, "signature", true},
	{"a key bound to another cloud", func(t testing.TB, a *authority) string {
		bound := a.Key(0)
		bound.issuer = "https://login.microsoftonline.us/{tenantid}/v2.0"
		a.Publish(bound)
		return sign(t, bound, a.V2())
	}, "signature", true},
	{"a key published for encryption", func(t testing.TB, a *authority) string {
		k := a.Key(0)
		k.use = "enc"
		a.Publish(k, a.Key(1))
		return sign(t, k, a.V2())
	}, "signature", true},
	{"a key published for another algorithm", func(t testing.TB, a *authority) string {
		k := a.Key(0)
		k.alg = "PS256"
		a.Publish(k, a.Key(1))
		return sign(t, k, a.V2())
	}, "signature", true},

	// Time.
	{"expired by more than the leeway", claiming(payload{"exp": at(-61 * time.Second)}), "expired", true},
	{"expired by exactly the leeway", claiming(payload{"exp": at(-60 * time.Second)}), "expired", true},
	{"expired last year", claiming(payload{"exp": at(-365 * 24 * time.Hour)}), "expired", true},
	{"expiry zero", claiming(payload{"exp": 0}), "expired", true},
	{"no expiry", claiming(payload{"exp": nil}), "malformed", true},
	{"expiry that is text", claiming(payload{"exp": "tomorrow"}), "malformed", true},
	{"expiry that is null", func(t testing.TB, a *authority) string {
		return signBytes(t, jose.SigningKey{Algorithm: jose.RS256, Key: a.Key(0).private}, map[jose.HeaderKey]any{"kid": "a"},
			[]byte(`{"iss":"`+a.URL+"/"+home+`/v2.0","exp":null}`))
	}, "malformed", true},
	{"expiry beyond any calendar", claiming(payload{"exp": 1e300}), "malformed", true},
	{"expiry before any calendar", claiming(payload{"exp": -1}), "malformed", true},
	{"not valid before two minutes from now", claiming(payload{"nbf": at(2 * time.Minute)}), "not-yet-valid", true},
	{"not-before that is text", claiming(payload{"nbf": "now"}), "malformed", true},
	{"issued two minutes from now", claiming(payload{"iat": at(2 * time.Minute)}), "not-yet-valid", true},

	// Issuer and tenant.
	{"no issuer", claiming(payload{"iss": nil}), "issuer", true},
	{"an issuer that is a list", claiming(payload{"iss": []string{"x"}}), "issuer", true},
	{"the issuer under a name in upper case", claiming(payload{"iss": nil, "ISS": "x"}), "issuer", true},
	{"the audience under a name in upper case", claiming(payload{"aud": nil, "AUD": serviceID}), "audience", true},
	{"the real Entra's issuer", issuedBy("https://login.microsoftonline.com/"+home+"/v2.0", nil), "issuer", true},
	{"the template as issuer", issuedBy("AUTHORITY/{tenantid}/v2.0", nil), "issuer", true},
	{"the issuer of any organisation", issuedBy("AUTHORITY/organizations/v2.0", nil), "issuer", true},
	{"an issuer with a slash after it", issuedBy("AUTHORITY/"+home+"/v2.0/", nil), "issuer", true},
	{"an issuer with a tenant in upper case", issuedBy("AUTHORITY/"+strings.ToUpper(home)+"/v2.0", nil), "issuer", true},
	{"an issuer below the authority's", issuedBy("AUTHORITY/x/"+home+"/v2.0", nil), "issuer", true},
	{"an issuer that begins like the authority", issuedBy("AUTHORITY.evil.example/"+home+"/v2.0", nil), "issuer", true},
	{"an issuer with a tenant that is no GUID", issuedBy("AUTHORITY/home/v2.0", payload{"tid": "home"}), "issuer", true},
	{"an issuer with a query", issuedBy("AUTHORITY/"+home+"/v2.0?x", nil), "issuer", true},
	{"a tenant claim of another admitted organisation", claiming(payload{"tid": partner}), "tenant", false},
	{"an issuer of another admitted organisation", issuedBy("AUTHORITY/"+partner+"/v2.0", nil), "tenant", false},
	{"no tenant claim", claiming(payload{"tid": nil}), "tenant", false},
	{"a tenant claim with a wildcard", claiming(payload{"tid": "*"}), "tenant", false},

	// Audience.
	{"another app's audience", claiming(payload{"aud": otherApp}), "audience", true},
	{"Graph's audience", claiming(payload{"aud": "https://graph.microsoft.com"}), "audience", true},
	{"no audience", claiming(payload{"aud": nil}), "audience", true},
	{"an empty list of audiences", claiming(payload{"aud": []string{}}), "audience", true},
	{"two audiences, ours among them", claiming(payload{"aud": []string{serviceID, otherApp}}), "audience", true},
	{"our audience twice", claiming(payload{"aud": []string{serviceID, serviceID}}), "audience", true},
	{"our audience in upper case", claiming(payload{"aud": strings.ToUpper(serviceID)}), "audience", true},
	{"the id URI in a version 2 token", claiming(payload{"aud": idURI}), "audience", true},
	{"the scope as audience", claiming(payload{"aud": idURI + "/access_as_user"}), "audience", true},

	// Version.
	{"a version 1 claim under a version 2 issuer", claiming(payload{"ver": "1.0"}), "version", false},
	{"no version", claiming(payload{"ver": nil}), "version", false},
	{"version 3", claiming(payload{"ver": "3.0"}), "version", false},
	{"a version 2 claim under a version 1 issuer", claimingV1(payload{"ver": "2.0"}), "version", false},
	{"a version 1 token for another app's URI", claimingV1(payload{"aud": "api://127.0.0.1/" + otherApp}), "audience", true},
	{"a version 1 token with its client in version 2's claim", claimingV1(payload{"appid": nil, "azp": teamsWeb}), "client", false},

	// Scope, client and kind.
	{"no scope but a client: an app's own token", claiming(payload{"scp": nil}), "app-only", false},
	{"an app's own token with a role", claiming(payload{"scp": nil, "roles": []string{"Admin"}}), "app-only", false},
	{"an app's own token that says so", claiming(payload{"idtyp": "app"}), "app-only", false},
	{"an ID token for the same client", claiming(payload{"scp": nil, "azp": nil}), "scope", false},
	{"another scope", claiming(payload{"scp": "User.Read"}), "scope", false},
	{"a scope that only begins so", claiming(payload{"scp": "access_as_user_readonly"}), "scope", false},
	{"a scope that only ends so", claiming(payload{"scp": "no_access_as_user"}), "scope", false},
	{"scopes joined by a comma", claiming(payload{"scp": "openid,access_as_user"}), "scope", false},
	{"the scope in another case", claiming(payload{"scp": "Access_As_User"}), "scope", false},
	{"a client nobody admitted", claiming(payload{"azp": otherApp}), "client", false},
	{"no client", claiming(payload{"azp": nil}), "client", false},
	{"the client in version 1's claim", claiming(payload{"azp": nil, "appid": teamsWeb}), "client", false},
	{"a version 1 token of a client nobody admitted", claimingV1(payload{"appid": otherApp}), "client", false},
	{"no object id", claiming(payload{"oid": nil}), "no-person", false},
	{"an object id that is no GUID", claiming(payload{"oid": "anja@nordlicht.example"}), "no-person", false},
	{"an object id that is a list", claiming(payload{"oid": []string{anja}}), "no-person", false},

	// The contact centre's own provider.
	{"contact centre: another audience", claimingCC(payload{"aud": "elsewhere"}), "audience", true},
	{"contact centre: an ID token of the sign-in", claimingCC(payload{"aud": "teamsbridge"}), "audience", true},
	{"contact centre: no audience", claimingCC(payload{"aud": nil}), "audience", true},
	{"contact centre: expired", claimingCC(payload{"exp": at(-2 * time.Minute)}), "expired", true},
	{"contact centre: no expiry", claimingCC(payload{"exp": nil}), "malformed", true},
	{"contact centre: no subject", claimingCC(payload{"sub": nil}), "no-person", false},
	{"contact centre: a subject that is a number", claimingCC(payload{"sub": 7}), "no-person", false},
	{"contact centre: an issuer with a slash after it", func(t testing.TB, a *authority) string {
		return sign(t, a.Key(0), a.ContactCentre().with(payload{"iss": a.URL + "/contact-centre/"}))
	}, "issuer", true},
	{"contact centre: an unpublished key", func(t testing.TB, a *authority) string { return sign(t, a.Key(1), a.ContactCentre()) }, "signature", true},
	{"contact centre: Entra's claims in the body", claimingCC(payload{"aud": serviceID, "tid": home, "oid": anja, "scp": "access_as_user"}), "audience", true},
}

func resigned(alg jose.SignatureAlgorithm) func(testing.TB, *authority) string {
	return func(t testing.TB, a *authority) string {
		return signWith(t, jose.SigningKey{Algorithm: alg, Key: a.Key(0).private}, map[jose.HeaderKey]any{"kid": "a"}, a.V2())
	}
}

func TestBadTokensAreRefused(t *testing.T) {
	for _, attack := range attacks {
		t.Run(attack.name, func(t *testing.T) {
			a := newAuthority(t)
			v := a.verifier(t)
			p, err := v.Verify(t.Context(), attack.token(t, a))
			refused, ok := errors.AsType[*sso.TokenError](err)
			if !ok || string(refused.Reason) != attack.reason {
				t.Fatalf("Verify: %v, want a TokenError because of %q", err, attack.reason)
			}
			if got := errors.Is(err, sso.ErrSignInRequired); got != attack.signIn {
				t.Errorf("asks for a new sign-in: %v, want %v", got, attack.signIn)
			}
			if p.Valid() {
				t.Error("the principal is valid")
			}
		})
	}
}

func TestNobodyIsAdmittedByAccident(t *testing.T) {
	foreign := func(changes payload) func(testing.TB, *authority) string {
		return func(t testing.TB, a *authority) string {
			return sign(t, a.Key(0), a.V2().with(payload{"iss": a.URL + "/" + stranger + "/v2.0", "tid": stranger}).with(changes))
		}
	}
	for _, test := range []struct {
		name  string
		token func(testing.TB, *authority) string
		want  func(error) bool
	}{
		{"no token asks to sign in", fixed(""), is(sso.ErrSignInRequired)},
		{"a genuine token of an organisation that is not admitted", foreign(nil), as[*sso.NotAdmittedError]},
		{"the same with role Admin", foreign(payload{"roles": []string{"Admin"}}), as[*sso.NotAdmittedError]},
		{"the same in version 1", func(t testing.TB, a *authority) string {
			return sign(t, a.Key(0), a.V1().with(payload{"iss": a.URL + "/" + stranger + "/", "tid": stranger}))
		}, as[*sso.NotAdmittedError]},
		{"the same without the scope is still about the organisation", foreign(payload{"scp": nil}), as[*sso.NotAdmittedError]},
		{"the same but expired proves nothing", foreign(payload{"exp": at(-time.Hour)}), is(sso.ErrSignInRequired)},
		{"the same for another app proves nothing", foreign(payload{"aud": otherApp}), is(sso.ErrSignInRequired)},
		{"the same but forged proves nothing", func(t testing.TB, a *authority) string {
			return sign(t, a.Key(1), a.V2().with(payload{"iss": a.URL + "/" + stranger + "/v2.0", "tid": stranger}))
		}, is(sso.ErrSignInRequired)},
		{"somebody who is not in the agent table", claiming(payload{"oid": nina}), as[*sso.AgentUnknownError]},
		{"somebody not in the table with role Agent", claiming(payload{"oid": nina, "roles": []string{"Agent"}}), as[*sso.AgentUnknownError]},
		{"somebody not in the table with a role unknown here", claiming(payload{"oid": nina, "roles": []string{"Owner"}}), as[*sso.AgentUnknownError]},
		{"somebody not in the table with a role in another case", claiming(payload{"oid": nina, "roles": []string{"admin"}}), as[*sso.AgentUnknownError]},
		{"another organisation's agent by object id", claiming(payload{"oid": bert, "roles": nil}), as[*sso.AgentUnknownError]},
		{"an object id that is an agent's id, not their object id", claiming(payload{"oid": "a0000000-0000-4000-8000-0000000000ff", "roles": nil}), as[*sso.AgentUnknownError]},
		{"a contact-centre subject that is nobody's", claimingCC(payload{"sub": "cc|nobody"}), as[*sso.AgentUnknownError]},
		{"a contact-centre subject in another case", claimingCC(payload{"sub": "CC|ANJA"}), as[*sso.AgentUnknownError]},
		{"a contact-centre subject that is an Entra object id", claimingCC(payload{"sub": anja}), as[*sso.AgentUnknownError]},
		{"a contact-centre admin who is nobody's agent", claimingCC(payload{"sub": "cc|boss", "roles": []string{"Admin"}}), as[*sso.AgentUnknownError]},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := newAuthority(t)
			p, err := a.verifier(t).Verify(t.Context(), test.token(t, a))
			if !test.want(err) || p.Valid() {
				t.Errorf("Verify: %v (valid %v)", err, p.Valid())
			}
		})
	}
}

func TestRefusalsSayNothingOfTheInside(t *testing.T) {
	a := newAuthority(t)
	v := a.verifier(t)
	_, err := v.Verify(t.Context(), sign(t, a.Key(0), a.V2().with(payload{"oid": nina, "name": "Nina N."})))
	unknown, ok := errors.AsType[*sso.AgentUnknownError](err)
	if !ok || unknown.Name != "Nina N." || unknown.Contact != "the service desk" {
		t.Errorf("AgentUnknownError = %+v, want the name and whom to ask", unknown)
	}
	raw := sign(t, a.Key(1), a.V2())
	if _, err := v.Verify(t.Context(), raw); strings.Contains(err.Error(), raw[:20]) || strings.Contains(err.Error(), a.URL) {
		t.Errorf("the error quotes the token or the address: %v", err)
	}
}

func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func as[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

func mustDecode(s string) []byte {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return raw
}
