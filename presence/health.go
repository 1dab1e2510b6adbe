package presence

import (
	"time"

	"teamsbridge/graph"
)

// Health is how well one organisation's presence is kept.
type Health struct {
	Watched  int       // people somebody looks at now
	OldestAt time.Time // when the oldest presence among them was observed; zero when none was
	Reason   string    // why Graph does not answer at the moment, as in Presence; empty when it does
}

// Health answers from memory at once.
func (c *Cache) Health(tenant graph.TenantID) Health {
	t := c.known(tenant)
	if t == nil {
		return Health{}
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	h := Health{Watched: len(t.watchers), Reason: t.failing}
	for id := range t.watchers {
		e := t.entries[id]
		if e == nil || e.observedAt.IsZero() {
			continue
		}
		if h.OldestAt.IsZero() || e.observedAt.Before(h.OldestAt) {
			h.OldestAt = e.observedAt
		}
	}
	return h
}
