package web

import (
	"crypto/sha256"
	"sync"
	"time"
)

// seenTokens remembers tokens that were used, by their digests, until they end.
// It forgets all of them when there are too many: then some are told twice.
type seenTokens struct {
	mu   sync.Mutex
	seen map[[sha256.Size]byte]time.Time // when each ends
}

const mostSeenTokens = 100_000

// first reports whether the token is new here.
func (s *seenTokens) first(token string, ends, now time.Time) bool {
	key := sha256.Sum256([]byte(token))
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.seen[key]; known {
		return false
	}
	if len(s.seen) >= mostSeenTokens {
		for old, end := range s.seen {
			if end.Before(now) {
				delete(s.seen, old)
			}
		}
	}
	if s.seen == nil || len(s.seen) >= mostSeenTokens {
		s.seen = make(map[[sha256.Size]byte]time.Time)
	}
	s.seen[key] = ends
	return true
}
