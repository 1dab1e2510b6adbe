package sso

import (
	"context"
	"errors"
	"time"
)

// Consent leads an admin through Entra's admin consent for their organisation.
type Consent struct{}

// NewConsent prepares the flow; orgs is checked again when somebody returns.
func NewConsent(cfg Config, orgs *Organizations, deps Deps) (*Consent, error) {
	return nil, errors.ErrUnsupported
}

// Begin makes a one-time address on this host (path /auth/consent with a
// code), valid for ten minutes, for an admin of the tenant.
func (c *Consent) Begin(ctx context.Context, p Principal) (url string, expiresAt time.Time, err error) {
	return "", time.Time{}, errors.ErrUnsupported
}

// Follow redeems the one-time code and gives Entra's admin-consent address
// and the secret for the transaction's cookie.
func (c *Consent) Follow(ctx context.Context, code string) (Begun, error) {
	return Begun{}, errors.ErrUnsupported
}

// Complete takes the return from Entra (state, error). The tenant in the
// answer is never trusted: the transaction knows whose consent it was, and a
// probe finds out whether it was given.
func (c *Consent) Complete(ctx context.Context, state, errorCode, browser string) (Organization, error) {
	return Organization{}, errors.ErrUnsupported
}
