package sso

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Sessions lists and ends browser sessions: a person's own, and for an admin
// those of the organisation. Safe for concurrent use.
type Sessions struct{ verifier *Verifier }

// Sessions gives the sessions that v knows.
func (v *Verifier) Sessions() Sessions { return Sessions{v} }

// SignedIn is a live session as its person or an admin may see it.
type SignedIn struct {
	ID         string
	Agent      Agent // zero when the person is in no table, or not admitted, any more
	Name       string
	Identities []Identity
	StartedAt  time.Time
	SeenAt     time.Time
	ExpiresAt  time.Time // at the latest
	Current    bool      // it vouches for whoever asks
}

// Own lists the caller's sessions, the latest first, whichever way they signed in.
// Errors: ErrSignInRequired, ErrStorage.
func (s Sessions) Own(ctx context.Context, p Principal) ([]SignedIn, error) {
	if !p.Valid() {
		return nil, ErrSignInRequired
	}
	return s.list(ctx, p, p.agent.ID)
}

// EndOwn ends one of the caller's sessions, perhaps the one they ask with.
// Errors: ErrSessionNotFound, ErrSignInRequired, ErrStorage.
func (s Sessions) EndOwn(ctx context.Context, p Principal, id string) error {
	if !p.Valid() {
		return ErrSignInRequired
	}
	return s.endOne(ctx, p, p.agent.ID, id)
}

// EndOthers ends all sessions of the caller but the one they ask with, and names
// those that it ended, with an error too. Errors: as Own.
func (s Sessions) EndOthers(ctx context.Context, p Principal) (ended []string, err error) {
	if !p.Valid() {
		return nil, ErrSignInRequired
	}
	return s.endAll(ctx, p, p.agent.ID)
}

// OfOrganization lists the sessions of an admin's organisation, or those of one
// agent of it. Errors: ErrSignInRequired for everybody but admins,
// ErrStorage.
func (s Sessions) OfOrganization(ctx context.Context, admin Principal, agent AgentID) ([]SignedIn, error) {
	if !admin.Has(RoleAdmin) {
		return nil, ErrSignInRequired
	}
	return s.list(ctx, admin, agent)
}

// EndOfOrganization ends one session of an admin's organisation. Errors:
// ErrSessionNotFound, also for another organisation's; ErrSignInRequired for
// everybody but admins; ErrStorage.
func (s Sessions) EndOfOrganization(ctx context.Context, admin Principal, id string) error {
	if !admin.Has(RoleAdmin) {
		return ErrSignInRequired
	}
	return s.endOne(ctx, admin, everybody, id)
}

// EndOfAgent ends all sessions of one agent of an admin's organisation, but the
// one that the admin asks with. Errors: as OfOrganization.
func (s Sessions) EndOfAgent(ctx context.Context, admin Principal, agent AgentID) error {
	if !admin.Has(RoleAdmin) || agent == everybody {
		return ErrSignInRequired
	}
	_, err := s.endAll(ctx, admin, agent)
	return err
}

// everybody stands for all people of an organisation.
const everybody AgentID = ""

func (s Sessions) list(ctx context.Context, p Principal, agent AgentID) ([]SignedIn, error) {
	kept, err := s.verifier.deps.Sessions.SessionsOf(ctx, p.tenant)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	var all []SignedIn
	for _, session := range kept {
		if s.verifier.over(session) {
			continue
		}
		one := s.verifier.signedIn(session)
		if agent == everybody || one.Agent.ID == agent {
			one.Current = one.ID == p.session
			all = append(all, one)
		}
	}
	slices.SortFunc(all, func(a, b SignedIn) int { return b.StartedAt.Compare(a.StartedAt) })
	return all, nil
}

func (s Sessions) endOne(ctx context.Context, p Principal, agent AgentID, id string) error {
	ended, err := s.end(ctx, p, agent, func(session Session) bool { return session.ID() == id })
	if err == nil && len(ended) == 0 {
		return ErrSessionNotFound
	}
	return err
}

func (s Sessions) endAll(ctx context.Context, p Principal, agent AgentID) (ended []string, err error) {
	return s.end(ctx, p, agent, func(session Session) bool { return session.ID() != p.session })
}

// end ends what is chosen of the sessions of an agent, or of everybody in the
// organisation of p, and names it.
func (s Sessions) end(ctx context.Context, p Principal, agent AgentID, chosen func(Session) bool) (ended []string, err error) {
	kept, err := s.verifier.deps.Sessions.SessionsOf(ctx, p.tenant)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	for _, session := range kept {
		if !chosen(session) || agent != everybody && s.verifier.signedIn(session).Agent.ID != agent {
			continue
		}
		if err := s.verifier.endSession(ctx, session.Key); err != nil {
			return ended, err
		}
		ended = append(ended, session.ID())
	}
	return ended, nil
}

// signedIn says whose a session is by the agent table of today.
func (v *Verifier) signedIn(s Session) SignedIn {
	one := SignedIn{ID: s.ID(), Name: s.Name, StartedAt: s.StartedAt, SeenAt: s.SeenAt, ExpiresAt: s.ExpiresAt}
	if s.EntraID != "" {
		one.Identities = append(one.Identities, IdentityEntra)
	}
	if s.Subject != "" {
		one.Identities = append(one.Identities, IdentityContactCentre)
	}
	if p, err := v.sessionPrincipal(s); err == nil {
		one.Agent, one.Name = p.agent, p.agent.Name
	}
	return one
}
