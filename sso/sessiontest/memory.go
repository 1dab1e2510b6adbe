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
	organizations map[string]sso.Organization
	agents        map[agentKey]sso.Agent
	refuse        error
	touches       int
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
	s.Roles = slices.Clone(s.Roles)
	put(&m.sessions, s.Key, s)
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
	s.Roles = slices.Clone(s.Roles)
	return s, nil
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
