package graphtest

import (
	"strings"
	"time"
)

// replicas are one tenant's directory: what was written, and what readers see,
// later by the server's lag.
type replicas struct {
	written *directory
	seen    *directory // the same one where nothing lags
	pending []pendingChange
}

// pendingChange is one that readers do not see yet.
type pendingChange struct {
	visibleAt time.Time
	apply     func(*directory) bool
}

func newReplicas(o Organization, lag time.Duration) *replicas {
	r := &replicas{written: newDirectory(o)}
	if r.seen = r.written; lag > 0 {
		r.seen = newDirectory(o)
	}
	return r
}

// due tells whether a change has become visible since the last look.
func (r *replicas) due(now time.Time) bool {
	return len(r.pending) > 0 && !r.pending[0].visibleAt.After(now)
}

// settle lets readers see what has become visible.
func (r *replicas) settle(now time.Time) {
	for r.due(now) {
		r.pending[0].apply(r.seen)
		r.pending = r.pending[1:]
	}
}

// change writes to a tenant's directory, making it when there is none; false
// when nothing changed.
func (s *Server) change(tenant string, apply func(*directory) bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	tenant = strings.ToLower(tenant)
	r, ok := s.directories[tenant]
	if !ok {
		r = newReplicas(Organization{Tenant: tenant}, s.lag)
		s.directories[tenant] = r
	}
	changed := apply(r.written)
	if changed && r.seen != r.written {
		r.pending = append(r.pending, pendingChange{s.clock().Add(s.lag), apply})
	}
	return changed
}

// replica is what readers see of a tenant's directory now.
func (s *Server) replica(tenant string) (*directory, bool) {
	tenant, now := strings.ToLower(tenant), s.clock()
	s.mu.RLock()
	r, ok := s.directories[tenant]
	due := ok && r.due(now)
	s.mu.RUnlock()
	if !ok {
		return nil, false
	}
	if due {
		s.mu.Lock()
		r.settle(now)
		s.mu.Unlock()
	}
	return r.seen, true
}

// primary is a tenant's directory as it was written. The caller holds the lock.
func (s *Server) primary(tenant string) (*directory, bool) {
	r, ok := s.directories[strings.ToLower(tenant)]
	if !ok {
		return nil, false
	}
	return r.written, true
}
