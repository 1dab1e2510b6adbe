package sso

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

// idTokenCheck is what an ID token is held against.
type idTokenCheck struct {
	issuer   string
	clientID string
	nonce    string // of the transaction
	keys     boundKeys
	now      func() time.Time
}

// verify follows OpenID Connect Core 1.0, 3.1.3.7, and 3.1.3.8 for the access
// token that came along. Everything that it refuses is a *SignInError.
func (k idTokenCheck) verify(ctx context.Context, tokens redeemed) (claims, error) {
	// go-oidc flattens the key set's errors into text, so whether the keys can
	// be had is found out first.
	if _, err := k.keys.set.remote.get(ctx); err != nil {
		return claims{}, unavailable(err)
	}
	verified, err := oidc.NewVerifier(k.issuer, k.keys, &oidc.Config{
		ClientID:             k.clientID,
		SupportedSigningAlgs: []string{string(jose.RS256)},
		Now:                  k.now,
	}).Verify(ctx, tokens.idToken)
	if err != nil {
		return claims{}, fmt.Errorf("%w: %w", &SignInError{Reason: reasonRejected}, err)
	}
	var payload json.RawMessage
	if err := verified.Claims(&payload); err != nil {
		return claims{}, &SignInError{Reason: reasonRejected}
	}
	c, err := readClaims(payload)
	if err != nil {
		return claims{}, &SignInError{Reason: reasonRejected}
	}
	if k.nonce == "" || subtle.ConstantTimeCompare([]byte(c.nonce), []byte(k.nonce)) != 1 {
		return claims{}, &SignInError{Reason: reasonNonce}
	}
	if !k.isOurs(c) || verified.AccessTokenHash != "" && verified.VerifyAccessToken(tokens.accessToken) != nil {
		return claims{}, &SignInError{Reason: reasonRejected}
	}
	return c, nil
}

// isOurs checks what go-oidc leaves to its caller: who it is about, when it was
// made, and for whom where several may use it.
func (k idTokenCheck) isOurs(c claims) bool {
	if c.text("sub") == "" || c.issuedAt.IsZero() || k.now().Add(clockLeeway).Before(c.issuedAt) {
		return false
	}
	if _, said := c.all["azp"]; said || len(c.audience) > 1 {
		return c.text("azp") == k.clientID
	}
	return true
}

// loginOf reads how the provider will name this sign-in when it ends.
func loginOf(c claims) Login {
	return Login{Issuer: c.issuer, Subject: c.text("sub"), ID: c.text("sid"), IssuedAt: c.issuedAt}
}
