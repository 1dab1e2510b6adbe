package ssotest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	mathrand "math/rand/v2"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// signingKey is a private key with the self-signed certificate that publishes it.
type signingKey struct {
	id          string // kid; as at Entra the certificate's SHA-1 thumbprint
	private     *rsa.PrivateKey
	certificate []byte // DER
}

// derived makes keys by their label, each once, however many simulators of one
// seed ask for it at the same time: a key takes a third of a second, and seconds
// under the race detector. A key is a pure function of its label, so this is no state.
var derived sync.Map

// deriveKey makes an RSA key from a label. crypto/rsa is deliberately not
// repeatable, but a simulator whose tokens survive a restart needs that.
func deriveKey(label string) *signingKey {
	made, _ := derived.LoadOrStore(label, sync.OnceValue(func() *signingKey { return newKey(label) }))
	return made.(func() *signingKey)()
}

func newKey(label string) *signingKey {
	stream := mathrand.NewChaCha8(sha256.Sum256([]byte("teamsbridge simulator key " + label)))
	p, q := derivePrime(stream), derivePrime(stream)
	private, err := rsaKey(p, q)
	if err != nil {
		panic("ssotest: derive key " + label + ": " + err.Error()) // a pure function of the label: never in one process only
	}
	der, err := certify(private)
	if err != nil {
		panic("ssotest: certify key " + label + ": " + err.Error())
	}
	sum := sha1.Sum(der) // #nosec G401: x5t is defined as SHA-1
	return &signingKey{
		id:          base64.RawURLEncoding.EncodeToString(sum[:]),
		private:     private,
		certificate: der,
	}
}

const publicExponent = 65537

// derivePrime takes 1024 bits of the stream and walks to the next usable prime.
func derivePrime(stream *mathrand.ChaCha8) *big.Int {
	var bytes [128]byte
	for i := 0; i < len(bytes); i += 8 {
		binary.LittleEndian.PutUint64(bytes[i:], stream.Uint64())
	}
	bytes[0] |= 0xC0            // the product then has 2048 bits
	bytes[len(bytes)-1] |= 0x01 // odd
	p, two, e := new(big.Int).SetBytes(bytes[:]), big.NewInt(2), big.NewInt(publicExponent)
	for {
		pMinus1 := new(big.Int).Sub(p, big.NewInt(1))
		if p.ProbablyPrime(1) && new(big.Int).GCD(nil, nil, pMinus1, e).Cmp(big.NewInt(1)) == 0 {
			return p
		}
		p.Add(p, two)
	}
}

func rsaKey(p, q *big.Int) (*rsa.PrivateKey, error) {
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	d := new(big.Int).ModInverse(big.NewInt(publicExponent), phi)
	if d == nil {
		return nil, errors.New("no private exponent")
	}
	k := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: publicExponent},
		D:         d,
		Primes:    []*big.Int{p, q},
	}
	k.Precompute()
	return k, k.Validate()
}

// certify wraps the key as Entra publishes it. PKCS #1 v1.5 signatures and fixed
// dates make the same certificate each time.
func certify(k *rsa.PrivateKey) ([]byte, error) {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "accounts.accesscontrol.simulated"},
		NotBefore:    time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2120, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	return x509.CreateCertificate(rand.Reader, template, template, &k.PublicKey, k)
}

// keyring signs with one key and still publishes the one before.
type keyring struct {
	label string

	mu                sync.Mutex
	generation        int
	current, previous *signingKey
}

// newKeyring derives its keys when they are first needed.
func newKeyring(label string) *keyring { return &keyring{label: label} }

func (r *keyring) rotate() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.previous = r.nth(r.generation)
	r.generation++
	r.current = nil
}

func (r *keyring) nth(generation int) *signingKey {
	return deriveKey(fmt.Sprintf("%s/%d", r.label, generation))
}

// published gives the signing key first, then what is still accepted.
func (r *keyring) published() []*signingKey {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.current == nil {
		r.current = r.nth(r.generation)
	}
	if r.previous == nil {
		return []*signingKey{r.current}
	}
	return []*signingKey{r.current, r.previous}
}

// sign makes a token of the claims, as they are.
func (r *keyring) sign(claims jwt.MapClaims) string { return signWith(r.published()[0], claims) }

func signWith(key *signingKey, claims jwt.MapClaims) string {
	t := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	t.Header["kid"] = key.id
	raw, err := t.SignedString(key.private)
	if err != nil {
		panic("ssotest: sign: " + err.Error()) // claims that are no JSON: a mistake in the test
	}
	return raw
}

var errUnknownKey = errors.New("no published key has this kid")

// verify checks the signature only; the claims are the caller's to judge.
func (r *keyring) verify(raw string) (jwt.MapClaims, error) {
	claims := jwt.MapClaims{}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithoutClaimsValidation())
	_, err := parser.ParseWithClaims(raw, claims, func(t *jwt.Token) (any, error) {
		for _, k := range r.published() {
			if k.id == t.Header["kid"] {
				return &k.private.PublicKey, nil
			}
		}
		return nil, errUnknownKey
	})
	if err != nil {
		return nil, err
	}
	return claims, nil
}

// jsonWebKey is a key as JWKS documents list it.
type jsonWebKey struct {
	Type        string   `json:"kty"`
	Use         string   `json:"use"`
	ID          string   `json:"kid"`
	Thumbprint  string   `json:"x5t"`
	Modulus     string   `json:"n"`
	Exponent    string   `json:"e"`
	Certificate []string `json:"x5c"`
	Issuer      string   `json:"issuer,omitempty"`
}

// keySet is the JWKS document; issuer may be empty.
func (r *keyring) keySet(issuer string) map[string]any {
	var keys []jsonWebKey
	for _, k := range r.published() {
		keys = append(keys, jsonWebKey{
			Type: "RSA", Use: "sig", ID: k.id, Thumbprint: k.id,
			Modulus:     base64.RawURLEncoding.EncodeToString(k.private.N.Bytes()),
			Exponent:    base64.RawURLEncoding.EncodeToString(big.NewInt(publicExponent).Bytes()),
			Certificate: []string{base64.StdEncoding.EncodeToString(k.certificate)},
			Issuer:      issuer,
		})
	}
	return map[string]any{"keys": keys}
}
