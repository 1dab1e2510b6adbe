package sso_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
)

const (
	home      = "aaaaaaaa-0000-4000-8000-000000000001" // the admitted organisation
	partner   = "bbbbbbbb-0000-4000-8000-000000000002" // another admitted one
	stranger  = "cccccccc-0000-4000-8000-000000000003" // not admitted
	serviceID = "11111111-0000-4000-8000-00000000000a"
	otherApp  = "22222222-0000-4000-8000-00000000000b"
	cliApp    = "33333333-0000-4000-8000-00000000000c" // admitted by the configuration
	teamsWeb  = "5e3ce6c0-2b1f-4285-8d4b-75ee78787346"
	teamsDesk = "1fec8e78-bce4-4aaf-ab1b-5451cc387264"
	idURI     = "api://127.0.0.1/" + serviceID

	anja  = "a0000000-0000-4000-8000-000000000001" // agent, both identities
	bert  = "a0000000-0000-4000-8000-000000000002" // agent of the partner
	sofia = "a0000000-0000-4000-8000-000000000003" // supervisor without a row
	nina  = "a0000000-0000-4000-8000-000000000004" // nobody here
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// clock stands still until it is moved.
type clock struct{ at atomic.Int64 }

func newClock(at time.Time) *clock {
	c := new(clock)
	c.at.Store(at.UnixNano())
	return c
}

func (c *clock) Now() time.Time          { return time.Unix(0, c.at.Load()).UTC() }
func (c *clock) Advance(d time.Duration) { c.at.Add(int64(d)) }

func agents(t testing.TB) *sso.Agents {
	t.Helper()
	table, err := sso.NewAgents([]sso.Agent{
		{ID: "anja", Tenant: home, EntraID: anja, Subject: "cc|anja", Name: "Anja Weber", Number: "+49301001", Country: "DE"},
		{ID: "carl", Tenant: home, Subject: "cc|carl", Name: "Carl Cohn", Number: "+49301002", Roles: []sso.Role{sso.RoleAgent}},
		{ID: "bert", Tenant: partner, EntraID: bert, Subject: "cc|anja", Name: "Bert Brand"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// key is a signing key of the forger's choice.
type key struct {
	id      string
	issuer  string // as published; empty: not said
	alg     string // as published
	use     string
	private *rsa.PrivateKey
}

// rsaKeys are made once; a test takes as many as it needs.
var rsaKeys = sync.OnceValue(func() []*rsa.PrivateKey {
	keys := make([]*rsa.PrivateKey, 3)
	for i := range keys {
		private, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		keys[i] = private
	}
	return keys
})

// authority is an issuer that publishes and signs whatever a test wants, which
// a strict simulator would not. It is Entra's authority and, below
// /contact-centre, a plain OpenID provider.
type authority struct {
	URL     string
	Clock   *clock
	Fetches atomic.Int32 // of keys
	Away    atomic.Bool
	Body    atomic.Pointer[string]                                  // instead of the keys
	Redeem  func(url.Values) (status int, answer map[string]string) // the token endpoints; set before use

	mu       sync.Mutex
	keys     []key
	metadata map[string]string // changes to what discovery says
}

func newAuthority(t testing.TB) *authority {
	t.Helper()
	a := &authority{Clock: newClock(noon)}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	a.URL = server.URL
	a.Publish(a.Key(0))
	return a
}

// Key is the nth key, named and published like Entra does.
func (a *authority) Key(n int) key {
	return key{id: string(rune('a' + n)), issuer: a.URL + "/{tenantid}/v2.0", use: "sig", private: rsaKeys()[n]}
}

// Publish replaces the published keys.
func (a *authority) Publish(keys ...key) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.keys = keys
}

func (a *authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/common/discovery/v2.0/keys", "/contact-centre/keys":
		a.Fetches.Add(1)
		a.serveKeys(w, r.URL.Path == "/contact-centre/keys")
	case "/contact-centre/.well-known/openid-configuration":
		a.serveMetadata(w, a.URL+"/contact-centre")
	case "/" + home + "/v2.0/.well-known/openid-configuration":
		a.serveMetadata(w, a.URL+"/"+home+"/v2.0")
	case "/organizations/v2.0/.well-known/openid-configuration":
		a.serveMetadata(w, a.URL+"/{tenantid}/v2.0")
	case "/token":
		_ = r.ParseForm()
		status, answer := a.Redeem(r.PostForm)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(answer)
	default:
		http.NotFound(w, r)
	}
}

// Discovery changes what the metadata says.
func (a *authority) Discovery(changes map[string]string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.metadata = changes
}

func (a *authority) serveMetadata(w http.ResponseWriter, issuer string) {
	if a.Away.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	keys := a.URL + "/common/discovery/v2.0/keys"
	if issuer == a.URL+"/contact-centre" {
		keys = a.URL + "/contact-centre/keys"
	}
	document := map[string]string{
		"issuer": issuer, "authorization_endpoint": a.URL + "/authorize", "token_endpoint": a.URL + "/token",
		"jwks_uri": keys, "end_session_endpoint": a.URL + "/logout",
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	maps.Copy(document, a.metadata)
	_ = json.NewEncoder(w).Encode(document)
}

func (a *authority) serveKeys(w http.ResponseWriter, plain bool) {
	if a.Away.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if body := a.Body.Load(); body != nil {
		_, _ = w.Write([]byte(*body))
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	published := []map[string]any{{"kty": "oct", "kid": "shared", "k": "c2VjcmV0"}, {"kty": "unheard-of", "kid": "x"}}
	for _, k := range a.keys {
		raw, err := jose.JSONWebKey{Key: &k.private.PublicKey, KeyID: k.id, Use: k.use, Algorithm: k.alg}.MarshalJSON()
		if err != nil {
			panic(err)
		}
		var jwk map[string]any
		if err := json.Unmarshal(raw, &jwk); err != nil {
			panic(err)
		}
		if k.issuer != "" && !plain {
			jwk["issuer"] = k.issuer
		}
		published = append(published, jwk)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"keys": published})
}

// verifier trusts the authority.
func (a *authority) verifier(t testing.TB, change ...func(*sso.Config, *sso.Deps)) *sso.Verifier {
	t.Helper()
	cfg := a.config()
	deps := sso.WithClock(sso.Deps{Agents: agents(t), Sessions: new(sessiontest.Memory)}, a.Clock.Now)
	for _, c := range change {
		c(&cfg, &deps)
	}
	v, err := sso.NewVerifier(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// config is what verifier starts from.
func (a *authority) config() sso.Config {
	return sso.Config{
		Entra: sso.EntraConfig{
			Authority: a.URL, ClientID: serviceID, ClientSecret: "secret", Scope: idURI + "/access_as_user",
			Tenants: []string{home, partner}, Clients: []string{cliApp},
		},
		ContactCentre: []sso.ProviderConfig{{
			Name: "contact-centre", Issuer: a.URL + "/contact-centre", Audience: "desktop", ClientID: "teamsbridge", Tenant: home,
		}},
		Contact: "the service desk",
	}
}

// payload is what a token says.
type payload map[string]any

// with gives a copy with other claims; nil takes one away.
func (p payload) with(changes payload) payload {
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
func (a *authority) V2() payload {
	return payload{
		"iss": a.URL + "/" + home + "/v2.0", "aud": serviceID, "ver": "2.0", "tid": home, "oid": anja, "sub": "pairwise",
		"azp": teamsWeb, "azpacr": "0", "scp": "access_as_user", "name": "Anja W.", "roles": []string{"Agent"},
		"iat": noon.Unix(), "nbf": noon.Unix(), "exp": noon.Add(time.Hour).Unix(),
	}
}

// V1 is the same as a version 1 token.
func (a *authority) V1() payload {
	return a.V2().with(payload{
		"iss": a.URL + "/" + home + "/", "ver": "1.0", "aud": idURI, "appid": teamsWeb, "azp": nil, "azpacr": nil,
	})
}

// ContactCentre is a good token of the plain provider, Anja's again.
func (a *authority) ContactCentre() payload {
	return payload{
		"iss": a.URL + "/contact-centre", "aud": "desktop", "sub": "cc|anja", "name": "Anja W.",
		"iat": noon.Unix(), "exp": noon.Add(time.Hour).Unix(),
	}
}

// sign makes a token the ordinary way.
func sign(t testing.TB, k key, p payload) string {
	t.Helper()
	return signWith(t, jose.SigningKey{Algorithm: jose.RS256, Key: k.private}, map[jose.HeaderKey]any{"kid": k.id, "typ": "JWT"}, p)
}

func signWith(t testing.TB, k jose.SigningKey, header map[jose.HeaderKey]any, p payload) string {
	t.Helper()
	body, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return signBytes(t, k, header, body)
}

func signBytes(t testing.TB, k jose.SigningKey, header map[jose.HeaderKey]any, body []byte) string {
	t.Helper()
	signer, err := jose.NewSigner(k, &jose.SignerOptions{ExtraHeaders: header})
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
