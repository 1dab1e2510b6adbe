package presence

import (
	"context"

	"teamsbridge/graph/budget"
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

// class is how urgent a request of the purpose is to the budget.
func (p purpose) class() budget.Class {
	if p == forPoll {
		return budget.Poll
	}
	return budget.Click
}

// call is one question about one person, shared by all who wait for it. For
// each person at most one is under way and one is queued behind it.
type call struct {
	entry   *entry
	purpose purpose
	due     moment        // not sent before
	began   moment        // when it was sent; zero while queued
	reason  string        // why it failed; read after done
	done    chan struct{} // made for the first who waits: nobody waits for a poll
}

// waiter is a call somebody waits for, with its beginning as it was when they
// joined it.
type waiter struct {
	call  *call
	done  <-chan struct{}
	began moment
}

// waiter joins the call; with the tenant's lock held.
func (c *call) waiter() waiter {
	if c.done == nil {
		c.done = make(chan struct{})
	}
	return waiter{call: c, done: c.done, began: c.began}
}

// finish tells all who wait; with the tenant's lock held, once.
func (c *call) finish(reason string) {
	c.reason = reason
	if c.done != nil {
		close(c.done)
	}
}

// wait is false when ctx ended first. It never cancels the request, for which
// others may wait.
func (w waiter) wait(ctx context.Context) bool {
	select {
	case <-w.done:
		return true
	case <-ctx.Done():
		return w.isDone()
	}
}

func (w waiter) isDone() bool {
	select {
	case <-w.done:
		return true
	default:
		return false
	}
}
