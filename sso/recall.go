package sso

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// storeEvery is how old the refresh token in the store gets before the one in
// memory takes its place. Microsoft gives a new one with each use and revokes no
// older one ("Refresh tokens in the Microsoft identity platform", 2026-11), but
// asks that the old ones be deleted.
const storeEvery = 10 * time.Minute

// Sealer makes secrets unreadable where they are stored. What is sealed under a
// name opens under the same one only.
type Sealer interface {
	Seal(secret, name string) []byte
	Open(sealed []byte, name string) (secret string, err error)
}

// brought is what is kept in memory of a session's sign-in at Entra: the one just
// made or, where that was at the contact centre's, the one of the session before
// that it was joined with. It is zero without any.
func (v *Verifier) brought(ctx context.Context, session, before Session, who proven) kept {
	switch {
	case v.entra == nil || session.EntraID == "":
		return kept{}
	case who.objectID == "":
		k, _ := v.recall(before)
		k.until = session.ExpiresAt
		return k
	}
	k := kept{refresh: who.tokens.refreshToken, objectID: who.objectID, until: session.ExpiresAt}
	if v.cfg.Entra.KeepAssertions {
		k.Assertion, _ = v.assertionOf(ctx, who.person, who.tokens.accessToken)
	}
	return k
}

// sealed is what the store is given of it.
func (v *Verifier) sealed(key string, k kept) []byte {
	if v.deps.Sealer == nil || k.refresh == "" {
		return nil
	}
	return v.deps.Sealer.Seal(k.refresh, key)
}

// recall finds what Entra can be asked with about a session: in memory, else in
// the store. It finds nothing of a session that began before the last start and
// has nothing in the store, or nothing that opens; such a sign-in might long have
// been revoked.
func (v *Verifier) recall(s Session) (k kept, found bool) {
	if k, found = v.kept.get(s.Key, s.EntraID); found {
		return k, true
	}
	if v.deps.Sealer == nil || len(s.Refresh) == 0 {
		return kept{}, false
	}
	refresh, err := v.deps.Sealer.Open(s.Refresh, s.Key)
	if err != nil {
		return kept{}, false
	}
	return v.kept.add(s.Key, kept{refresh: refresh, objectID: s.EntraID, until: s.ExpiresAt}, v.deps.now()), true
}

// endForgotten ends a session that nobody can be asked about any more.
func (v *Verifier) endForgotten(ctx context.Context, s Session) error {
	v.deps.Logger.InfoContext(ctx, "session ended: it cannot be reviewed since the service started", slog.Any("session", s))
	if err := v.endSession(ctx, s.Key); err != nil {
		return err
	}
	return ErrSessionNotFound
}

// store has the next start find the refresh token of a session.
func (v *Verifier) store(ctx context.Context, key string, k kept) {
	sealed := v.sealed(key, k)
	if sealed == nil {
		return
	}
	err := v.deps.Sessions.KeepRefresh(ctx, key, sealed)
	if err != nil && !errors.Is(err, ErrSessionNotFound) { // the one before is still good
		v.deps.Logger.WarnContext(ctx, "refresh token not stored", slog.Any("error", err))
	}
}
