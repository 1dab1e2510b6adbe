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
	Since    time.Time // since when, zero without a Reason
	Until    time.Time // Graph asked to wait until then and is not asked before; zero when it did not
}

// Health answers from memory at once.
func (c *Cache) Health(tenant graph.TenantID) Health {
	t := c.known(tenant)
	if t == nil {
		return Health{}
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	h := Health{Watched: t.watched, Reason: t.trouble.reason, Since: c.clock.time(t.trouble.since)}
	if c.clock.now() < t.trouble.blocked {
		h.Until = c.clock.time(t.trouble.blocked)
	}
	var oldest moment
	for _, e := range t.entries {
		if len(e.watchers) > 0 && e.observedAt != 0 && (oldest == 0 || e.observedAt < oldest) {
			oldest = e.observedAt
		}
	}
	h.OldestAt = c.clock.time(oldest)
	return h
}
