package ua

import (
	"sync"
	"time"
)

// recentLife is how long what is over may still be asked for: as long as
// messages of it may come that were sent before (64*T1, RFC 3261 17).
const recentLife = 32 * time.Second

// recentSweep is the least time between two looks at what can be forgotten: one
// timer for all, not one for each call.
const recentSweep = time.Second

// recent remembers what was over a moment ago. Its zero value is ready. Safe for
// concurrent use.
type recent[K comparable] struct {
	mu     sync.Mutex
	until  map[K]time.Time
	queue  []K // in the order in which they are forgotten
	timer  *time.Timer
	closed bool
}

// add remembers a key for recentLife; one that is there stays as it is.
func (r *recent[K]) add(key K) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, there := r.until[key]; there || r.closed {
		return
	}
	if r.until == nil {
		r.until = map[K]time.Time{}
	}
	r.until[key] = time.Now().Add(recentLife)
	r.queue = append(r.queue, key)
	if len(r.queue) == 1 {
		r.timer = time.AfterFunc(recentLife, r.sweep)
	}
}

// has reports whether a key is remembered.
func (r *recent[K]) has(key K) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, there := r.until[key]
	return there
}

// sweep forgets what is old, and gives its memory back when nothing is left.
func (r *recent[K]) sweep() {
	r.mu.Lock()
	defer r.mu.Unlock()
	now, old := time.Now(), 0
	for old < len(r.queue) && !now.Before(r.until[r.queue[old]]) {
		delete(r.until, r.queue[old])
		old++
	}
	if r.queue = r.queue[old:]; len(r.queue) == 0 || r.closed {
		r.until, r.queue = nil, nil
		return
	}
	r.timer = time.AfterFunc(max(r.until[r.queue[0]].Sub(now), recentSweep), r.sweep)
}

// close forgets everything and remembers nothing any more.
func (r *recent[K]) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	if r.timer != nil {
		r.timer.Stop()
	}
	r.until, r.queue = nil, nil
}
