package tokentest

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Payload is what a token says. An [In] in it is a time.
type Payload map[string]any

// In is a time, as far from the authority's now.
type In time.Duration

// With gives a copy with other claims; nil takes one away.
func (p Payload) With(changes Payload) Payload {
	changed := maps.Clone(p)
	for name, value := range changes {
		if value == nil {
			delete(changed, name)
			continue
		}
		changed[name] = value
	}
	return changed
}

// V2 is a good version 2 token of Anja's, from Teams.
func (a *Authority) V2() Payload {
	return Payload{
		"iss": a.URL + "/" + Home + "/v2.0", "aud": ServiceID, "ver": "2.0", "tid": Home, "oid": Anja, "sub": "pairwise",
		"azp": TeamsWeb, "azpacr": "0", "scp": "access_as_user", "name": "Anja W.", "roles": []string{"Agent"},
		"iat": a.Now().Unix(), "nbf": a.Now().Unix(), "exp": a.Now().Add(time.Hour).Unix(),
	}
}

// V1 is the same as a version 1 token.
func (a *Authority) V1() Payload {
	return a.V2().With(Payload{
		"iss": a.URL + "/" + Home + "/", "ver": "1.0", "aud": IDURI, "appid": TeamsWeb, "azp": nil, "azpacr": nil, "appidacr": "0",
	})
}

// Application is a good version 2 token of SyncApp's own.
func (a *Authority) Application() Payload {
	return a.V2().With(Payload{
		"azp": SyncApp, "azpacr": "2", "oid": Sync, "sub": Sync, "roles": []string{"Admin"}, "scp": nil, "name": nil,
	})
}

// ContactCentre is a good token of the first provider, Anja's again.
func (a *Authority) ContactCentre() Payload {
	return Payload{
		"iss": a.URL + "/contact-centre", "aud": "desktop", "sub": "cc|anja", "name": "Anja W.",
		"iat": a.Now().Unix(), "exp": a.Now().Add(time.Hour).Unix(),
	}
}

// Second is a good token of the second provider, Bert's: there too the subject
// is cc|anja.
func (a *Authority) Second() Payload {
	return a.ContactCentre().With(Payload{"iss": a.URL + "/second", "aud": "spa", "name": "Bert B."})
}

// Sign makes a token the ordinary way.
func (a *Authority) Sign(t testing.TB, k Key, p Payload) string {
	t.Helper()
	return a.SignWith(t, RS256(k), Header{"kid": k.ID, "typ": "JWT"}, p)
}

// Header is what a token says beside its algorithm.
type Header = map[jose.HeaderKey]any

// RS256 signs the ordinary way.
func RS256(k Key) jose.SigningKey { return jose.SigningKey{Algorithm: jose.RS256, Key: k.Private} }

// SignWith signs claims with any key and header.
func (a *Authority) SignWith(t testing.TB, k jose.SigningKey, header Header, p Payload) string {
	t.Helper()
	said := maps.Clone(p)
	for name, value := range said {
		if in, ok := value.(In); ok {
			said[name] = a.Now().Add(time.Duration(in)).Unix()
		}
	}
	body, err := json.Marshal(said)
	if err != nil {
		t.Fatal(err)
	}
	return SignBytes(t, k, header, body)
}

// SignBytes signs what need not be claims.
func SignBytes(t testing.TB, k jose.SigningKey, header Header, body []byte) string {
	t.Helper()
	return compact(t, k, &jose.SignerOptions{ExtraHeaders: header}, body)
}

func compact(t testing.TB, k jose.SigningKey, options *jose.SignerOptions, body []byte) string {
	t.Helper()
	signer, err := jose.NewSigner(k, options)
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
}

// written fills in a body that is written by hand: GOOD stands for the members of
// a good version 2 token, TIMELESS for the same without its expiry.
func written(t testing.TB, a *Authority, body string) []byte {
	t.Helper()
	members := func(p Payload) string {
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		return string(text[1 : len(text)-1])
	}
	fill := strings.NewReplacer("GOOD", members(a.V2()), "TIMELESS", members(a.V2().With(Payload{"exp": nil})))
	return []byte(fill.Replace(body))
}
