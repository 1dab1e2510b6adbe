package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
)

// keySize is that of AES-256, in bytes.
const keySize = 32

var (
	// ErrKey: a text that holds no keys. It tells nothing of the text.
	ErrKey = errors.New("seal: must be keys of 32 random bytes each in base64, one on a line (openssl rand -base64 32)")
	// ErrSealed: it was sealed with another key or under another name, or was changed.
	ErrSealed = errors.New("seal: cannot be opened")
)

// Keys seal and open. Safe for concurrent use.
type Keys struct{ all atomic.Pointer[[]key] }

// key is one key, and what it does.
type key struct {
	bytes [keySize]byte
	cipher.AEAD
}

// NewKey makes a key, in the spelling that Parse reads.
func NewKey() string {
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // never fails (crypto/rand)
	return base64.StdEncoding.EncodeToString(key)
}

// Parse reads keys in base64, with blanks or line ends between them; the first
// seals. It returns ErrKey.
func Parse(text string) (*Keys, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil, ErrKey
	}
	all := make([]key, len(words))
	for i, word := range words {
		secret, err := base64.StdEncoding.DecodeString(word)
		if err != nil || len(secret) != keySize {
			return nil, ErrKey
		}
		block, err := aes.NewCipher(secret)
		if err != nil {
			return nil, fmt.Errorf("seal: %w", err)
		}
		all[i].bytes = [keySize]byte(secret)
		if all[i].AEAD, err = cipher.NewGCMWithRandomNonce(block); err != nil {
			return nil, fmt.Errorf("seal: %w", err)
		}
	}
	k := new(Keys)
	k.all.Store(&all)
	return k, nil
}

// Renew puts other keys in front, the first of which seals from now on. Those of
// before still open what they have sealed, until the process ends. One caller at
// a time.
func (k *Keys) Renew(with *Keys) {
	all := slices.Clone(*with.all.Load())
	for _, before := range *k.all.Load() {
		if !slices.ContainsFunc(all, func(one key) bool { return one.bytes == before.bytes }) {
			all = append(all, before)
		}
	}
	k.all.Store(&all)
}

// Seal makes a secret unreadable; name is what Open has to be told.
func (k *Keys) Seal(secret, name string) []byte {
	return (*k.all.Load())[0].Seal(nil, nil, []byte(secret), []byte(name))
}

// Open gives the secret back. It returns ErrSealed.
func (k *Keys) Open(sealed []byte, name string) (string, error) {
	for _, one := range *k.all.Load() {
		if secret, err := one.Open(nil, nil, sealed, []byte(name)); err == nil {
			return string(secret), nil
		}
	}
	return "", ErrSealed
}
