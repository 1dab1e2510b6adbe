package tokentest

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
)

// Key is a signing key of the forger's choice.
type Key struct {
	ID      string
	Issuer  string // as published; empty: not said
	Alg     string // as published
	Use     string // as published
	Private *rsa.PrivateKey
}

// rsaKeys are made once; a test takes as many as it needs. The last is too weak.
var rsaKeys = sync.OnceValue(func() []*rsa.PrivateKey {
	var keys []*rsa.PrivateKey
	for _, bits := range []int{2048, 2048, 2048, 1024} {
		private, err := rsa.GenerateKey(rand.Reader, bits) // #nosec G403: one is weak to be refused
		if err != nil {
			panic(err)
		}
		keys = append(keys, private)
	}
	return keys
})

// Authority is three issuers in one: Entra's authority, below /contact-centre a
// plain OpenID provider that publishes the same keys, and below /second another
// one that publishes Key(2) alone.
type Authority struct {
	URL     string
	Now     func() time.Time
	Fetches atomic.Int32           // of keys
	Away    atomic.Bool            // answers 503
	Body    atomic.Pointer[string] // instead of the keys
	// Redeem answers at the token endpoint; set before use.
	Redeem func(url.Values) (status int, answer map[string]string)

	mu       sync.Mutex
	keys     []Key
	metadata map[string]string
}

// NewAuthority serves one until the test ends. now dates its tokens.
func NewAuthority(t testing.TB, now func() time.Time) *Authority {
	t.Helper()
	a := &Authority{Now: now}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	a.URL = server.URL
	a.Publish(a.Key(0))
	return a
}

// Key is the nth of four keys, named and published as Entra does.
func (a *Authority) Key(n int) Key {
	return Key{ID: string(rune('a' + n)), Issuer: a.URL + "/{tenantid}/v2.0", Use: "sig", Private: rsaKeys()[n]}
}

// Publish replaces the published keys of Entra and of the first provider.
func (a *Authority) Publish(keys ...Key) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.keys = keys
}

// Discovery changes what the metadata says.
func (a *Authority) Discovery(changes map[string]string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.metadata = changes
}

// ServeHTTP serves discovery, keys and the token endpoint.
func (a *Authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	keys := a.keys
	a.mu.Unlock()
	switch r.URL.Path {
	case "/common/discovery/v2.0/keys":
		a.serveKeys(w, keys)
	case "/contact-centre/keys":
		a.serveKeys(w, unbound(keys))
	case "/second/keys":
		a.serveKeys(w, unbound([]Key{a.Key(2)}))
	case "/contact-centre/.well-known/openid-configuration":
		a.serveMetadata(w, a.URL+"/contact-centre", "/contact-centre/keys")
	case "/second/.well-known/openid-configuration":
		a.serveMetadata(w, a.URL+"/second", "/second/keys")
	case "/" + Home + "/v2.0/.well-known/openid-configuration":
		a.serveMetadata(w, a.URL+"/"+Home+"/v2.0", "/common/discovery/v2.0/keys")
	case "/organizations/v2.0/.well-known/openid-configuration":
		a.serveMetadata(w, a.URL+"/{tenantid}/v2.0", "/common/discovery/v2.0/keys")
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

// unbound are the keys as a provider with one issuer publishes them.
func unbound(keys []Key) []Key {
	plain := make([]Key, len(keys))
	for i, k := range keys {
		k.Issuer = ""
		plain[i] = k
	}
	return plain
}

func (a *Authority) serveMetadata(w http.ResponseWriter, issuer, keys string) {
	if a.Away.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	document := map[string]string{
		"issuer": issuer, "authorization_endpoint": a.URL + "/authorize", "token_endpoint": a.URL + "/token",
		"jwks_uri": a.URL + keys, "end_session_endpoint": a.URL + "/logout",
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	maps.Copy(document, a.metadata)
	_ = json.NewEncoder(w).Encode(document)
}

func (a *Authority) serveKeys(w http.ResponseWriter, keys []Key) {
	a.Fetches.Add(1)
	if a.Away.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if body := a.Body.Load(); body != nil {
		_, _ = w.Write([]byte(*body))
		return
	}
	published := []map[string]any{{"kty": "oct", "kid": "shared", "k": "c2VjcmV0"}, {"kty": "unheard-of", "kid": "x"}}
	for _, k := range keys {
		published = append(published, k.published())
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"keys": published})
}

func (k Key) published() map[string]any {
	raw, err := jose.JSONWebKey{Key: &k.Private.PublicKey, KeyID: k.ID, Use: k.Use, Algorithm: k.Alg}.MarshalJSON()
	if err != nil {
		panic(err)
	}
	var jwk map[string]any
	if err := json.Unmarshal(raw, &jwk); err != nil {
		panic(err)
	}
	if k.Issuer != "" {
		jwk["issuer"] = k.Issuer
	}
	return jwk
}
