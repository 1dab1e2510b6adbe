package sessiontest

import (
	"context"
	"slices"
	"sync"
	"time"

	"teamsbridge/sso"
)

// Memory keeps sessions, transactions, organisations and agents for one test. Its zero
// value is empty and ready. Safe for concurrent use.
type Memory struct {
	mu            sync.Mutex
	sessions      map[string]sso.Session
	transactions  map[string]sso.Transaction
	used          map[string]time.Time
	organizations map[string]sso.Organization
	agents        map[agentKey]sso.Agent
	refuse        error // of agents' rows
	// refuseSessions is what lists of sessions fail with.
	refuseSessions error
	touches        int
}

// Touches counts the calls of TouchSession that found a session.
func (m *Memory) Touches() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.touches
}

// Sessions counts the sessions that are kept.
func (m *Memory) Sessions() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.sessions)
}

// PutSession keeps a session.
func (m *Memory) PutSession(_ context.Context, s sso.Session) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	put(&m.sessions, s.Key, copiedSession(s))
	return nil
}

// Session finds one by its key.
func (m *Memory) Session(_ context.Context, key string) (sso.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.sessions[key]
	if !ok {
		return sso.Session{}, sso.ErrSessionNotFound
	}
	return copiedSession(s), nil
}

// SessionsOf lists those of an organisation.
func (m *Memory) SessionsOf(_ context.Context, tenant string) ([]sso.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.refuseSessions != nil {
		return nil, m.refuseSessions
	}
	var found []sso.Session
	for _, s := range m.sessions {
		if s.Tenant == tenant {
			found = append(found, copiedSession(s))
		}
	}
	return found, nil
}

// TouchSession moves the last use forward.
func (m *Memory) TouchSession(_ context.Context, key string, seen time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.sessions[key]
	if !ok {
		return sso.ErrSessionNotFound
	}
	m.touches++
	if seen.After(s.SeenAt) {
		s.SeenAt = seen
		m.sessions[key] = s
	}
	return nil
}

// KeepRefresh replaces the sealed refresh token.
func (m *Memory) KeepRefresh(_ context.Context, key string, sealed []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.sessions[key]
	if !ok {
		return sso.ErrSessionNotFound
	}
	s.Refresh = slices.Clone(sealed)
	m.sessions[key] = s
	return nil
}

// copiedSession shares nothing with what it was made from.
func copiedSession(s sso.Session) sso.Session {
	s.Roles, s.Logins, s.Refresh = slices.Clone(s.Roles), slices.Clone(s.Logins), slices.Clone(s.Refresh)
	return s
}

// DeleteSession forgets a session.
func (m *Memory) DeleteSession(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.sessions, key)
	return nil
}

// PutTransaction keeps a transaction.
func (m *Memory) PutTransaction(_ context.Context, t sso.Transaction) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	put(&m.transactions, t.Key, t)
	return nil
}

// TakeTransaction gives a transaction once.
func (m *Memory) TakeTransaction(_ context.Context, key string) (sso.Transaction, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.transactions[key]
	if !ok {
		return sso.Transaction{}, sso.ErrTransactionNotFound
	}
	delete(m.transactions, key)
	return t, nil
}

// UseOnce remembers a key.
func (m *Memory) UseOnce(_ context.Context, key string, until time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, used := m.used[key]; used {
		return sso.ErrUsed
	}
	put(&m.used, key, until)
	return nil
}

// RefuseSessions makes lists of sessions fail with err; nil lets them pass again.
func (m *Memory) RefuseSessions(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refuseSessions = err
}

// DeleteExpired forgets what is past its limit.
func (m *Memory) DeleteExpired(_ context.Context, now time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, s := range m.sessions {
		if !s.ExpiresAt.After(now) {
			delete(m.sessions, key)
		}
	}
	for key, t := range m.transactions {
		if !t.ExpiresAt.After(now) {
			delete(m.transactions, key)
		}
	}
	for key, until := range m.used {
		if !until.After(now) {
			delete(m.used, key)
		}
	}
	return nil
}

// Organization finds one by its tenant.
func (m *Memory) Organization(_ context.Context, tenant string) (sso.Organization, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	org, ok := m.organizations[tenant]
	org.Consent = slices.Clone(org.Consent)
	return org, ok, nil
}

// PutOrganization keeps one.
func (m *Memory) PutOrganization(_ context.Context, org sso.Organization) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	org.Consent = slices.Clone(org.Consent)
	put(&m.organizations, org.Tenant, org)
	return nil
}

func put[V any](kept *map[string]V, key string, value V) {
	if *kept == nil {
		*kept = make(map[string]V)
	}
	(*kept)[key] = value
}
