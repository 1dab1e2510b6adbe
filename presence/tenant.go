package presence

import (
	"context"
	"slices"
	"sync"
	"time"

	"teamsbridge/graph"
	"teamsbridge/graph/budget"
)

// tenant is one organisation's part of the cache: nothing of it is shared with
// another, not even a throttling.
type tenant struct {
	id    graph.TenantID
	cache *Cache

	mu      sync.RWMutex
	entries map[graph.UserID]*entry
	watched int     // entries with watchers
	queue   []*call // not yet sent, in the order asked
	timer   *time.Timer
	timerAt moment // when the timer sends what is due; zero: not set
	trouble trouble
}

func newTenant(id graph.TenantID, c *Cache) *tenant {
	return &tenant{id: id, cache: c, entries: map[graph.UserID]*entry{}}
}

// entry finds or makes a person's; with the lock held.
func (t *tenant) entry(id graph.UserID) *entry {
	e := t.entries[id]
	if e == nil {
		e = &entry{id: id}
		t.entries[id] = e
	}
	return e
}

// read renders what is known of the ids, in their order; with the lock held for
// reading. It finds first and looks afterwards: the processor then waits for
// the memory of many people at once rather than for one after the other.
func (t *tenant) read(ids []graph.UserID, into []Presence, now moment) {
	var found [32]*entry
	for at := 0; at < len(ids); at += len(found) {
		page := ids[at:min(at+len(found), len(ids))]
		for i, id := range page {
			found[i] = t.entries[id]
		}
		for i, id := range page {
			into[at+i] = found[i].presence(id, t.cache, now)
		}
	}
}

// ask joins or makes the calls for the distinct ids, in their order. A Fetch
// makes none for what is known.
func (t *tenant) ask(ids []graph.UserID, p purpose) []waiter {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.cache.clock.now()
	waiters := make([]waiter, 0, len(ids))
	asked := make(map[graph.UserID]struct{}, len(ids))
	for _, id := range ids {
		if _, twice := asked[id]; twice {
			continue
		}
		asked[id] = struct{}{}
		e := t.entry(id)
		if p == forFetch && !e.wanted(now, t.cache.cfg.StaleAfter) {
			continue
		}
		waiters = append(waiters, t.join(e, p, now).waiter())
	}
	t.arm(now)
	return waiters
}

// join finds the call that may answer: a refresh only one that has not begun.
func (t *tenant) join(e *entry, p purpose, now moment) *call {
	if now < t.trouble.blocked {
		e.fail(ReasonThrottled, now)
		done := make(chan struct{})
		close(done)
		return &call{entry: e, reason: ReasonThrottled, done: done}
	}
	if p != forRefresh && e.running != nil {
		return e.running
	}
	c := e.queued
	if c == nil {
		c = &call{entry: e, due: now.add(t.cache.cfg.CollectWindow)}
		e.queued = c
		t.queue = append(t.queue, c)
	}
	c.purpose = max(c.purpose, p)
	if p == forRefresh && e.refreshedAt != 0 {
		c.due = max(c.due, e.refreshedAt.add(refreshPause))
	}
	return c
}

// arm sets the timer for the earliest call that can be sent.
func (t *tenant) arm(now moment) {
	var next moment
	for _, c := range t.queue {
		if c.entry.running == nil && (next == 0 || c.due < next) {
			next = c.due
		}
	}
	if next == 0 || t.timerAt != 0 && next >= t.timerAt {
		return
	}
	t.timerAt = next
	if t.timer == nil {
		t.timer = time.AfterFunc(next.sub(now), t.flush)
	} else {
		t.timer.Reset(next.sub(now))
	}
}

// flush sends what is due.
func (t *tenant) flush() {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.cache.clock.now()
	t.timerAt = 0
	var ready []*call
	t.queue = slices.DeleteFunc(t.queue, func(c *call) bool {
		if c.due > now || c.entry.running != nil {
			return false
		}
		c.entry.queued = nil
		ready = append(ready, c)
		return true
	})
	if now < t.trouble.blocked {
		for _, c := range ready {
			c.entry.fail(ReasonThrottled, now)
			c.finish(ReasonThrottled)
		}
		ready = nil
	}
	for _, batch := range batches(ready, now) {
		for _, c := range batch {
			c.began, c.entry.running = now, c
			if c.purpose == forRefresh {
				c.entry.refreshedAt = now
			}
		}
		go t.send(batch, now)
	}
	t.arm(now)
}

// batches divides calls into requests: those that somebody waits for first and
// apart from polls, so that the budget takes none for the other. Whoever is
// suspected of making a request fail is asked for alone.
func batches(calls []*call, now moment) [][]*call {
	var list [][]*call
	calls = slices.DeleteFunc(calls, func(c *call) bool {
		suspect := now < c.entry.suspectUntil
		if suspect {
			list = append(list, []*call{c})
		}
		return suspect
	})
	slices.SortStableFunc(calls, func(a, b *call) int { return int(b.purpose.class()) - int(a.purpose.class()) })
	return slices.AppendSeq(list, slices.Chunk(calls, MaxBatch))
}

// send asks Graph for one batch. Those who wait may leave; the request stays,
// because others may join it.
func (t *tenant) send(batch []*call, sent moment) {
	ids := make([]graph.UserID, len(batch))
	why := forPoll
	for i, c := range batch {
		ids[i], why = c.entry.id, max(why, c.purpose)
	}
	ctx, cancel := context.WithTimeout(budget.With(context.Background(), why.class()), t.cache.cfg.RequestTimeout)
	defer cancel()
	a := newAnswer(ids)
	a.resolve(ctx, ids, func(ctx context.Context, ids []graph.UserID) ([]Observation, error) {
		observed, err := t.cache.source.Presences(ctx, t.id, ids)
		t.cache.metrics.asked(why, err)
		return observed, err
	})
	t.settle(ctx, batch, a, sent)
}

// settle keeps the answer, tells all who wait and all who watch.
func (t *tenant) settle(ctx context.Context, batch []*call, a *answer, sent moment) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.cache.clock.now()
	t.judge(ctx, a.err, now)
	news := news{}
	for _, c := range batch {
		e := c.entry
		e.running = nil
		reason, changed := a.failed[e.id], true
		if reason == "" {
			e.take(a.observed[e.id], sent, c.purpose.origin(), t.cache.cfg.StaleAfter)
		} else {
			changed = reason != e.reason
			e.fail(reason, now)
			if a.suspects[e.id] {
				e.suspectUntil = now.add(suspectPause)
			}
		}
		c.finish(reason)
		if changed {
			news.add(e, t.cache, now)
		}
	}
	news.tell()
	t.arm(now)
}

// forget drops what nobody has asked for in a long time.
func (t *tenant) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.cache.clock.now()
	for id, e := range t.entries {
		if e.forgettable(now, forgetAfter*t.cache.cfg.StaleAfter) {
			delete(t.entries, id)
		}
	}
}
