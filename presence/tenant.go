package presence

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"teamsbridge/graph"
)

// tenant is one organisation's part of the cache: nothing of it is shared with
// another, not even a throttling.
type tenant struct {
	id    graph.TenantID
	cache *Cache

	mu       sync.RWMutex
	entries  map[graph.UserID]*entry
	queue    []*call                // not yet sent, in the order asked
	queued   map[graph.UserID]*call // the same by id
	timer    *time.Timer            // sends what is due
	timerAt  time.Time              // zero: not set
	blocked  time.Time              // Graph is not asked before
	throttle int                    // throttled answers in a row
	failing  string                 // the reason last logged; empty when all is well

	watchers map[graph.UserID]map[*Watcher]struct{}
}

func newTenant(id graph.TenantID, c *Cache) *tenant {
	return &tenant{
		id: id, cache: c,
		entries:  map[graph.UserID]*entry{},
		queued:   map[graph.UserID]*call{},
		watchers: map[graph.UserID]map[*Watcher]struct{}{},
	}
}

// waiter is a call somebody waits for, with its beginning as it was when they
// joined it.
type waiter struct {
	call  *call
	began time.Time
}

// ask joins or makes the calls for the distinct ids, in their order. A Fetch
// makes none for what is known.
func (t *tenant) ask(ids []graph.UserID, p purpose) []waiter {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	waiters := make([]waiter, 0, len(ids))
	asked := make(map[graph.UserID]struct{}, len(ids))
	for _, id := range ids {
		if _, twice := asked[id]; twice {
			continue
		}
		asked[id] = struct{}{}
		e := t.entries[id]
		if e == nil {
			e = &entry{}
			t.entries[id] = e
		}
		if p == forFetch && !e.wanted(now, t.cache.cfg.StaleAfter) {
			continue
		}
		c := t.join(id, e, p, now)
		waiters = append(waiters, waiter{c, c.began})
	}
	t.arm(now)
	return waiters
}

// join finds the call that may answer: a refresh only one that has not begun.
func (t *tenant) join(id graph.UserID, e *entry, p purpose, now time.Time) *call {
	if now.Before(t.blocked) {
		c := &call{id: id, entry: e, done: make(chan struct{})}
		e.fail(ReasonThrottled, now)
		c.finish(ReasonThrottled)
		return c
	}
	if p != forRefresh && e.running != nil {
		return e.running
	}
	c := t.queued[id]
	if c == nil {
		c = &call{id: id, entry: e, due: now.Add(t.cache.cfg.CollectWindow), done: make(chan struct{})}
		t.queued[id] = c
		t.queue = append(t.queue, c)
	}
	c.purpose = max(c.purpose, p)
	if p == forRefresh {
		c.due = latest(c.due, e.refreshedAt.Add(refreshPause))
	}
	return c
}

// arm sets the timer for the earliest call that can be sent.
func (t *tenant) arm(now time.Time) {
	var next time.Time
	for _, c := range t.queue {
		if c.entry.running == nil && (next.IsZero() || c.due.Before(next)) {
			next = c.due
		}
	}
	if next.IsZero() || !t.timerAt.IsZero() && !next.Before(t.timerAt) {
		return
	}
	t.timerAt = next
	if t.timer == nil {
		t.timer = time.AfterFunc(next.Sub(now), t.flush)
	} else {
		t.timer.Reset(next.Sub(now))
	}
}

// flush sends what is due.
func (t *tenant) flush() {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	t.timerAt = time.Time{}
	var ready []*call
	t.queue = slices.DeleteFunc(t.queue, func(c *call) bool {
		if c.due.After(now) || c.entry.running != nil {
			return false
		}
		delete(t.queued, c.id)
		ready = append(ready, c)
		return true
	})
	if now.Before(t.blocked) {
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

// batches divides calls into requests. Whoever is suspected of making a
// request fail is asked for alone.
func batches(calls []*call, now time.Time) [][]*call {
	var list [][]*call
	calls = slices.DeleteFunc(calls, func(c *call) bool {
		suspect := now.Before(c.entry.suspectUntil)
		if suspect {
			list = append(list, []*call{c})
		}
		return suspect
	})
	return slices.AppendSeq(list, slices.Chunk(calls, MaxBatch))
}

// send asks Graph for one batch. Those who wait may leave; the request stays,
// because others may join it.
func (t *tenant) send(batch []*call, sent time.Time) {
	ctx, cancel := context.WithTimeout(context.Background(), t.cache.cfg.RequestTimeout)
	defer cancel()
	ids := make([]graph.UserID, len(batch))
	why := forPoll
	for i, c := range batch {
		ids[i], why = c.id, max(why, c.purpose)
	}
	a := newAnswer(ids)
	a.resolve(ctx, ids, func(ctx context.Context, ids []graph.UserID) ([]Observation, error) {
		observed, err := t.cache.source.Presences(ctx, t.id, ids)
		t.cache.metrics.asked(why, err)
		return observed, err
	})
	t.settle(ctx, batch, a, sent)
}

// settle keeps the answer, tells all who wait and all who watch.
func (t *tenant) settle(ctx context.Context, batch []*call, a *answer, sent time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	t.judge(ctx, a.err, now)
	news := make(map[*Watcher][]Presence)
	for _, c := range batch {
		e := c.entry
		e.running = nil
		reason, changed := a.failed[c.id], true
		if reason == "" {
			e.take(a.observed[c.id], sent, c.purpose.origin(), t.cache.cfg.StaleAfter)
		} else {
			changed = reason != e.reason
			e.fail(reason, now)
			if a.suspects[c.id] {
				e.suspectUntil = now.Add(suspectPause)
			}
		}
		c.finish(reason)
		for w := range t.watchers[c.id] {
			if changed {
				news[w] = append(news[w], e.presence(c.id, now, t.cache.cfg.StaleAfter))
			}
		}
	}
	for w, presences := range news {
		w.tell(presences)
	}
	t.arm(now)
}

// judge keeps what a request tells of Graph itself, and logs what has changed.
func (t *tenant) judge(ctx context.Context, err error, now time.Time) {
	if err == nil {
		if t.failing != "" {
			t.cache.logger.InfoContext(ctx, "presence is learnt again", "tenant", t.id)
		}
		t.throttle, t.failing = 0, ""
		return
	}
	if throttled, ok := errors.AsType[*graph.ThrottledError](err); ok {
		t.throttle++
		t.blocked = latest(t.blocked, now.Add(throttlePause(throttled.RetryAfter, t.throttle)))
	}
	if reason := reasonOf(err); reason != t.failing {
		t.failing = reason
		t.cache.logger.WarnContext(ctx, "presence cannot be learnt", "tenant", t.id, "reason", reason, "error", err)
	}
}

// throttlePause honours Retry-After; without one it doubles up to a minute.
func throttlePause(retryAfter time.Duration, times int) time.Duration {
	if retryAfter > 0 {
		return retryAfter
	}
	return min(time.Second<<min(times-1, 6), time.Minute)
}

// poll asks for what is watched, except what was observed just now.
func (t *tenant) poll() {
	t.mu.Lock()
	now := time.Now()
	ids := make([]graph.UserID, 0, len(t.watchers))
	if !now.Before(t.blocked) {
		for id := range t.watchers {
			if e := t.entries[id]; e == nil || e.running == nil && !now.Before(e.suspectUntil) &&
				now.Sub(e.observedAt) >= t.cache.cfg.PollInterval/2 {
				ids = append(ids, id)
			}
		}
	}
	t.mu.Unlock()
	if len(ids) > 0 {
		t.ask(ids, forPoll)
	}
}

// forget drops what nobody has asked for in a long time.
func (t *tenant) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	for id, e := range t.entries {
		if t.queued[id] == nil && len(t.watchers[id]) == 0 && e.forgettable(now, forgetAfter*t.cache.cfg.StaleAfter) {
			delete(t.entries, id)
		}
	}
}
