package sso

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/time/rate"
)

// Microsoft asks for an hourly refresh of keys kept for at most a day, and
// rolls them at any time. A key that is no longer published stops being
// trusted at the next refresh.
const (
	keysFresh    = time.Hour
	keysTrusted  = 24 * time.Hour
	keysCoolDown = 30 * time.Second
	keysTries    = 3 // at once, while there are no keys at all
	minRSABits   = 2048
)

var errBadSignature = &TokenError{Reason: ReasonSignature}

// signingKey is one published key.
type signingKey struct {
	id     string
	issuer string // Entra binds keys to an issuer, mostly a template; empty elsewhere
	public *rsa.PublicKey
}

// keySet knows the keys that an issuer signs with.
//
// Unlike go-oidc's RemoteKeySet it asks for new keys only when a token names a
// key id that is not published, never for a bad signature of a known one, and at
// most once per cool-down, for whatever reason: bad tokens cannot make it hammer
// the issuer. A rotation after a quiet time works at once.
type keySet struct{ remote *remote[[]signingKey] }

// newKeySet reads from the address that locate gives, which may itself have to
// ask the issuer.
func newKeySet(deps Deps, locate func(context.Context) (string, error)) *keySet {
	return &keySet{&remote[[]signingKey]{
		now:     deps.now,
		first:   rate.NewLimiter(rate.Every(keysCoolDown), keysTries),
		again:   rate.NewLimiter(rate.Every(keysCoolDown), 1),
		fresh:   keysFresh,
		trusted: keysTrusted,
		wait:    deps.Patience,
		fetch: func(ctx context.Context) ([]signingKey, error) {
			address, err := locate(ctx)
			if err != nil {
				return nil, err
			}
			var published publishedKeys
			if err := fetchJSON(ctx, deps.HTTPClient, address, &published); err != nil {
				return nil, err
			}
			keys := published.usable()
			if len(keys) == 0 {
				return nil, fmt.Errorf("%w: %s has no usable key", ErrProviderUnavailable, address)
			}
			return keys, nil
		},
	}}
}

// verify checks the signature with a key that may sign for the token: admits
// is asked with the issuer that the key is bound to. It gives what was signed and
// the key. Errors: *TokenError, ErrProviderUnavailable.
func (s *keySet) verify(ctx context.Context, jws *jose.JSONWebSignature, admits func(issuer string) bool) ([]byte, *rsa.PublicKey, error) {
	id := jws.Signatures[0].Protected.KeyID
	keys, err := s.remote.edition(ctx)
	if err == nil && len(matching(keys.copy, id)) == 0 {
		keys, err = s.remote.renew(ctx, keys)
	}
	switch {
	case errors.Is(err, errAskedTooOften):
		return nil, nil, errBadSignature
	case err != nil:
		return nil, nil, err
	}
	for _, key := range matching(keys.copy, id) {
		if !admits(key.issuer) {
			continue
		}
		if payload, err := jws.Verify(key.public); err == nil {
			return payload, key.public, nil
		}
	}
	return nil, nil, errBadSignature
}

// publishes reports whether a key that has signed still may.
func (s *keySet) publishes(ctx context.Context, id string, public *rsa.PublicKey, admits func(issuer string) bool) bool {
	keys, err := s.remote.get(ctx)
	return err == nil && slices.ContainsFunc(matching(keys, id), func(k signingKey) bool {
		return admits(k.issuer) && k.public.Equal(public)
	})
}

// matching gives the keys with that id. OpenID lets an issuer with a single key
// leave the id out.
func matching(keys []signingKey, id string) []signingKey {
	if id == "" {
		if len(keys) == 1 {
			return keys
		}
		return nil
	}
	var found []signingKey
	for _, key := range keys {
		if key.id == id {
			found = append(found, key)
		}
	}
	return found
}

// publishedKeys is a JWK set. Its keys are read one by one, so that one of an
// unknown kind does not hide the others.
type publishedKeys struct {
	Keys []json.RawMessage `json:"keys"`
}

func (p publishedKeys) usable() []signingKey {
	var usable []signingKey
	for _, raw := range p.Keys {
		var jwk jose.JSONWebKey
		var bound struct {
			Issuer string `json:"issuer"`
		}
		if json.Unmarshal(raw, &jwk) != nil || json.Unmarshal(raw, &bound) != nil {
			continue
		}
		public, ok := jwk.Key.(*rsa.PublicKey)
		if !ok || public.N.BitLen() < minRSABits {
			continue
		}
		if jwk.Use != "" && jwk.Use != "sig" || jwk.Algorithm != "" && jwk.Algorithm != string(jose.RS256) {
			continue
		}
		usable = append(usable, signingKey{id: jwk.KeyID, issuer: bound.Issuer, public: public})
	}
	return usable
}

// boundKeys is the key set as seen by one issuer; it is what go-oidc wants.
type boundKeys struct {
	set    *keySet
	admits func(issuer string) bool
}

// VerifySignature implements oidc.KeySet.
func (b boundKeys) VerifySignature(ctx context.Context, raw string) ([]byte, error) {
	jws, err := parseSigned(raw)
	if err != nil {
		return nil, err
	}
	payload, _, err := b.set.verify(ctx, jws, b.admits)
	return payload, err
}
