package ua

import "sync"

// teller tells a watcher one thing after another in the order in which they
// were said, without a goroutine of its own and without a lock held.
type teller struct {
	mu     sync.Mutex
	queue  []func()
	active bool
}

// add queues f. Called with the dialog's lock held, it keeps the order of what happened.
func (t *teller) add(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.queue = append(t.queue, f)
}

// speak says what is queued, unless somebody speaks already, who will say it.
func (t *teller) speak() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.active {
		return
	}
	t.active = true
	for len(t.queue) > 0 {
		next := t.queue[0]
		t.queue[0] = nil // holds nobody longer than it is needed
		t.queue = t.queue[1:]
		t.mu.Unlock()
		next()
		t.mu.Lock()
	}
	t.active = false
}
