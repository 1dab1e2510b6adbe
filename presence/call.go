package presence

import (
	"time"

	"teamsbridge/graph"
)

// purpose says who wants to know; the higher one names a request.
type purpose int

const (
	forPoll purpose = iota
	forFetch
	forRefresh
)

func (p purpose) String() string { return [...]string{"poll", "fetch", "refresh"}[p] }

func (p purpose) origin() Origin {
	if p == forRefresh {
		return OriginRefresh
	}
	return OriginPoll
}

// call is one question about one person, shared by all who wait for it. For
// each person at most one is under way and one is queued behind it.
type call struct {
	id      graph.UserID
	entry   *entry
	purpose purpose
	due     time.Time // not sent before
	began   time.Time // when it was sent; zero while queued
	reason  string    // why it failed; read after done
	done    chan struct{}
}

// finish tells all who wait; with the tenant's lock held, once.
func (c *call) finish(reason string) {
	c.reason = reason
	close(c.done)
}
