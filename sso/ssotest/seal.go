package ssotest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"
)

// sealer turns values into opaque strings that only it can read: codes, refresh
// tokens and sessions then need no memory here and survive a restart.
type sealer struct{ aead cipher.AEAD }

func newSealer(label string) sealer {
	key := sha256.Sum256([]byte("teamsbridge simulator seal " + label))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // the key's size is right by its type
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // AES is a block cipher of 16 bytes
	}
	return sealer{aead}
}

var errSealBroken = errors.New("ssotest: not sealed here")

// close seals v as the kind, which open must name again.
func (s sealer) close(kind string, v any) string {
	plain, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("ssotest: seal %s: %v", kind, err)) // only plain structs of this package come here
	}
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, plain, []byte(kind)))
}

// open reads what close made.
func (s sealer) open(kind, sealed string, v any) error {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return errSealBroken
	}
	plain, err := s.aead.Open(nil, nil, raw, []byte(kind))
	if err != nil {
		return errSealBroken
	}
	return json.Unmarshal(plain, v)
}

// random gives an unguessable name of 128 bits.
func random() string { return rand.Text() }

// usedCodes remembers which codes were redeemed, until they would have expired
// anyway.
type usedCodes struct {
	mu   sync.Mutex
	seen map[string]time.Time // id -> end of the code's life
}

// use reports whether this is the first use.
func (u *usedCodes) use(id string, ends, now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	for old, end := range u.seen {
		if end.Before(now) {
			delete(u.seen, old)
		}
	}
	if _, again := u.seen[id]; again {
		return false
	}
	if u.seen == nil {
		u.seen = map[string]time.Time{}
	}
	u.seen[id] = ends
	return true
}
