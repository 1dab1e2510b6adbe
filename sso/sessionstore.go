package sso

import (
	"context"
	"log/slog"
	"time"
)

// Session is a signed-in browser. It is kept at the server; the cookie holds
// only a secret whose SHA-256 is the session's key.
type Session struct {
	Key       string // SHA-256 of the cookie's secret, hex
	Tenant    string
	EntraID   string // object id; empty without an Entra sign-in
	Subject   string // contact-centre subject; empty without such a sign-in
	Issuer    string // of Subject
	Name      string
	Roles     []Role // from the token's roles claim; Entra's when there are both identities
	IDToken   string // for sign-out at the provider
	StartedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time // absolute limit
}

// LogValue keeps the session's tokens and person out of logs.
func (s Session) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("session", s.Key[:min(8, len(s.Key))]),
		slog.Time("expires_at", s.ExpiresAt),
	)
}

// Transaction is a browser sign-in or an admin consent that has begun: one use,
// ten minutes.
type Transaction struct {
	Key       string // SHA-256 of state, hex
	Browser   string // SHA-256 of the secret in the transaction's cookie, hex
	Provider  string // "entra" or the contact-centre provider's name
	Nonce     string
	Verifier  string // PKCE
	Return    string // safe local path
	Session   string // key of the session that this sign-in joins, if any
	Tenant    string // whose admin consent this is; empty for a sign-in
	ExpiresAt time.Time
}

// LogValue keeps the transaction's secrets out of logs.
func (t Transaction) LogValue() slog.Value {
	return slog.GroupValue(slog.String("provider", t.Provider), slog.Time("expires_at", t.ExpiresAt))
}

// SessionStore keeps sessions and sign-in transactions. Package sessiontest has
// the contract as a suite.
type SessionStore interface {
	PutSession(ctx context.Context, s Session) error
	// Session returns ErrSessionNotFound.
	Session(ctx context.Context, key string) (Session, error)
	// TouchSession moves SeenAt forward, never back; ErrSessionNotFound.
	TouchSession(ctx context.Context, key string, seen time.Time) error
	// DeleteSession of a session that is not there is no error.
	DeleteSession(ctx context.Context, key string) error
	PutTransaction(ctx context.Context, t Transaction) error
	// TakeTransaction returns and deletes it in one step; ErrTransactionNotFound.
	TakeTransaction(ctx context.Context, key string) (Transaction, error)
	// DeleteExpired removes sessions and transactions whose ExpiresAt is not after now.
	DeleteExpired(ctx context.Context, now time.Time) error
}
