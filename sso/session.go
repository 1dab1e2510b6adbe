package sso

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"time"
)

// touchEvery spares the store a write per request.
const touchEvery = time.Minute

// newSecret makes a secret for a cookie, a state or a one-time code: 130 bits.
func newSecret() string { return rand.Text() }

// sessionKey is the key of the session that a cookie's secret belongs to.
func sessionKey(secret string) string {
	if secret == "" {
		return ""
	}
	return digest(secret)
}

// digest is what is kept of a secret.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// FromSession makes the principal of a session cookie's secret. The agent table
// is asked anew each time, so that a change of it holds at once. Errors:
// ErrSessionNotFound (also when it has expired), *AgentUnknownError,
// *NotAdmittedError, ErrStorage.
func (v *Verifier) FromSession(ctx context.Context, secret string) (Principal, error) {
	p, err := v.fromSession(ctx, secret)
	v.results.WithLabelValues(verificationResult(err)).Inc()
	return p, err
}

func (v *Verifier) fromSession(ctx context.Context, secret string) (Principal, error) {
	if ended := v.reviews.known(digest(secret)); ended != nil {
		return Principal{}, ended
	}
	s, err := v.session(ctx, secret)
	if err != nil {
		return Principal{}, err
	}
	p, err := v.sessionPrincipal(s)
	if err != nil {
		return Principal{}, err
	}
	if _, reviewable := v.recall(s); p.who.objectID != "" && !reviewable {
		return Principal{}, v.endForgotten(ctx, s)
	}
	p.bearer, p.session = v.kept.of(s.Key, s.EntraID, v.deps.now()), s.ID()
	p.proof = proof{key: s.Key, session: true}
	if p, err = v.reviewed(ctx, p); err != nil {
		return Principal{}, err
	}
	if now := v.deps.now(); now.Sub(s.SeenAt) >= touchEvery {
		switch err := v.deps.Sessions.TouchSession(ctx, s.Key, now); {
		case errors.Is(err, ErrSessionNotFound): // signed out meanwhile
			return Principal{}, err
		case err != nil: // the session is good; at worst it idles out early
			v.deps.Logger.WarnContext(ctx, "session not touched", slog.Any("error", err))
		}
	}
	return p, nil
}

// session finds the live session of a secret; one past its limits is deleted.
func (v *Verifier) session(ctx context.Context, secret string) (Session, error) {
	if secret == "" || v.deps.Sessions == nil {
		return Session{}, ErrSessionNotFound
	}
	s, err := v.deps.Sessions.Session(ctx, digest(secret))
	if err != nil {
		return Session{}, err
	}
	if v.over(s) {
		if err := v.endSession(ctx, s.Key); err != nil {
			v.deps.Logger.WarnContext(ctx, "ended session not deleted", slog.Any("error", err))
		}
		return Session{}, ErrSessionNotFound
	}
	return s, nil
}

// over reports whether a session is past one of its limits.
func (v *Verifier) over(s Session) bool {
	now := v.deps.now()
	return !now.Before(s.ExpiresAt) || now.Sub(s.SeenAt) >= v.cfg.Session.Idle
}

// sessionPrincipal holds what the session proves against the configuration and
// the agent table of today. A session with both identities counts as Entra's.
func (v *Verifier) sessionPrincipal(s Session) (Principal, error) {
	who := person{
		tenant:  s.Tenant,
		name:    s.Name,
		roles:   knownRoles(s.Roles),
		channel: ChannelBrowser,
		expires: s.ExpiresAt,
	}
	provider, configured := v.providers[s.Issuer]
	switch {
	case s.EntraID != "" && v.entra != nil:
		if err := v.entra.admitted(s.Tenant); err != nil {
			return Principal{}, err
		}
		who.objectID = s.EntraID
	case s.EntraID == "" && configured && provider.cfg.Tenant == s.Tenant:
		who.subject, who.issuer = s.Subject, s.Issuer
	default: // signed in with a provider that is no longer configured
		return Principal{}, ErrSessionNotFound
	}
	return v.principal(who)
}
