package sso

import (
	"context"
	"errors"
	"fmt"
)

// open makes the session of somebody who has just signed in. It always has a
// new secret: one that was known before the sign-in is worth nothing after it,
// be it the one that the browser had at its begin or the one it has by now. heard is
// how many logouts there had been when the code was redeemed.
func (s *SignIn) open(ctx context.Context, who proven, t Transaction, current string, heard uint64) (Completed, error) {
	if t.AdminCode != "" {
		if err := s.deps.FirstAdmins.redeem(ctx, who.person, t.AdminCode); err != nil {
			return Completed{}, err
		}
	}
	p, err := s.verifier.principal(who.person)
	if err != nil {
		return Completed{}, err
	}
	now, secret := s.deps.now(), newSecret()
	session := Session{
		Key:       digest(secret),
		Tenant:    who.tenant,
		EntraID:   who.objectID,
		Subject:   who.subject,
		Issuer:    who.issuer,
		Name:      who.name,
		Roles:     who.roles,
		IDToken:   who.tokens.idToken,
		Logins:    []Login{who.login},
		StartedAt: now,
		SeenAt:    now,
		ExpiresAt: now.Add(s.verifier.cfg.Session.Absolute),
	}
	before, err := s.before(ctx, t.Session)
	if err != nil {
		return Completed{}, err
	}
	session = s.join(session, before, p.agent.ID)
	brought := s.verifier.brought(ctx, session, before, who)
	brought.storedAt, session.Refresh = now, s.verifier.sealed(session.Key, brought)
	if err := s.deps.Sessions.PutSession(ctx, session); err != nil {
		return Completed{}, fmt.Errorf("keep session: %w", err)
	}
	if brought.objectID != "" {
		s.verifier.kept.put(session.Key, brought, now)
	}
	for _, old := range []string{before.Key, sessionKey(current)} {
		if err := s.verifier.endSession(ctx, old); err != nil {
			return Completed{}, err
		}
	}
	if s.logouts.ended(session, heard) { // while it was made
		return Completed{}, errors.Join(&SignInError{Reason: reasonRejected}, s.verifier.endByProvider(ctx, session))
	}
	return Completed{Secret: secret, Return: t.Return, ExpiresAt: session.ExpiresAt}, nil
}

// before finds the session that the browser had when the sign-in began.
func (s *SignIn) before(ctx context.Context, key string) (Session, error) {
	if key == "" {
		return Session{}, nil
	}
	before, err := s.deps.Sessions.Session(ctx, key)
	if err != nil && !errors.Is(err, ErrSessionNotFound) {
		return Session{}, fmt.Errorf("find the session before: %w", err)
	}
	return before, nil
}

// join carries the other kind of identity over from the session before, when
// both belong to the same agent. The older one's limit stays: signing in with
// the one does not prove the other anew. Name, roles and sign-out are Entra's.
// Each provider's end of its own sign-in ends the joint session.
func (s *SignIn) join(session, before Session, agent AgentID) Session {
	if before.Tenant != session.Tenant || !before.ExpiresAt.After(session.StartedAt) {
		return session
	}
	agents := s.deps.Agents
	switch {
	case session.EntraID != "" && before.Subject != "":
		if row, ok := agents.BySubject(before.Tenant, before.Subject); !ok || row.ID != agent {
			return session
		}
		session.Subject, session.Issuer = before.Subject, before.Issuer
	case session.Subject != "" && before.EntraID != "":
		if row, ok := agents.ByEntra(before.Tenant, before.EntraID); !ok || row.ID != agent {
			return session
		}
		if _, reviewable := s.verifier.recall(before); !reviewable {
			return session
		}
		session.EntraID = before.EntraID
		session.Name, session.Roles, session.IDToken = before.Name, before.Roles, before.IDToken
	default:
		return session
	}
	for _, login := range before.Logins {
		if login.Issuer != session.Logins[0].Issuer {
			session.Logins = append(session.Logins, login)
		}
	}
	if before.ExpiresAt.Before(session.ExpiresAt) {
		session.ExpiresAt = before.ExpiresAt
	}
	return session
}
