package sso

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// Session is a signed-in browser. It is kept at the server; the cookie holds
// only a secret whose SHA-256 is the session's key.
type Session struct {
	Key     string // SHA-256 of the cookie's secret, hex
	Tenant  string
	EntraID string // object id; empty without an Entra sign-in
	Subject string // contact-centre subject; empty without such a sign-in
	Issuer  string // of Subject
	Name    string
	Roles   []Role // from the token's roles claim; Entra's when there are both identities
	IDToken string // for sign-out at the provider
	// Refresh is the refresh token of the sign-in at Entra, sealed under the
	// session's key; empty where none is kept ([Deps.Sealer]). It stands apart from
	// the rest in a store, and in nothing that is told of a session.
	Refresh   []byte `json:"-"`
	Logins    []Login
	StartedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time // absolute limit
}

// Login is a sign-in at an identity provider, as the provider knows it: what its
// logout tokens name. A session has one for each provider it was signed in at.
type Login struct {
	Issuer   string    // iss of the ID token
	Subject  string    // sub of the ID token; at Entra not the object id
	ID       string    // sid, the provider's own session; may be empty
	IssuedAt time.Time // iat, by the provider's clock
}

// sessionIDLength is 128 bits of the key: enough to tell sessions apart.
const sessionIDLength = 32

// ID names the session to people, in lists and in the audit. It opens nothing.
func (s Session) ID() string { return s.Key[:min(sessionIDLength, len(s.Key))] }

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
	AdminCode string // key of the code that makes whoever signs in an administrator; mostly empty
	Tenant    string // whose admin consent this is, or where the sign-in was asked to be; may be empty
	ExpiresAt time.Time
}

// LogValue keeps the transaction's secrets out of logs.
func (t Transaction) LogValue() slog.Value {
	return slog.GroupValue(slog.String("provider", t.Provider), slog.Time("expires_at", t.ExpiresAt))
}

// ErrUsed: a key that may be used once has been.
var ErrUsed = errors.New("sso: used before")

// SessionStore keeps sessions and sign-in transactions. Package sessiontest has
// the contract as a suite.
type SessionStore interface {
	PutSession(ctx context.Context, s Session) error
	// Session returns ErrSessionNotFound.
	Session(ctx context.Context, key string) (Session, error)
	// SessionsOf lists what is kept of an organisation, in no order; sessions
	// past their limits may be among it.
	SessionsOf(ctx context.Context, tenant string) ([]Session, error)
	// TouchSession moves SeenAt forward, never back; ErrSessionNotFound.
	TouchSession(ctx context.Context, key string, seen time.Time) error
	// KeepRefresh replaces Refresh and nothing else; ErrSessionNotFound.
	KeepRefresh(ctx context.Context, key string, sealed []byte) error
	// DeleteSession of a session that is not there is no error.
	DeleteSession(ctx context.Context, key string) error
	PutTransaction(ctx context.Context, t Transaction) error
	// TakeTransaction returns and deletes it in one step; ErrTransactionNotFound.
	TakeTransaction(ctx context.Context, key string) (Transaction, error)
	// UseOnce remembers key until then; ErrUsed when it is remembered already.
	// Of many at once, one succeeds.
	UseOnce(ctx context.Context, key string, until time.Time) error
	// DeleteExpired removes sessions, transactions and used keys whose end is not after now.
	DeleteExpired(ctx context.Context, now time.Time) error
}
