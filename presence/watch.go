package presence

import (
	"slices"
	"sync"

	"teamsbridge/graph"
)

// Watch opens an empty watcher for one event stream.
func (c *Cache) Watch(tenant graph.TenantID) *Watcher {
	return &Watcher{tenant: c.tenant(tenant), changes: make(chan []Presence, 1)}
}

// Watcher is what one event stream looks at; it drives the polling. What it
// watches is guarded by the tenant's lock, what it delivers by its own, which
// is taken second.
type Watcher struct {
	tenant  *tenant
	watched []*entry

	mu      sync.Mutex
	changes chan []Presence // has room for one
	closed  bool
}

// Set replaces the watched ids (at most MaxBatch; more are not watched). Those
// that are not known are asked for at once, the others with the next poll.
func (w *Watcher) Set(ids []graph.UserID) {
	ids = ids[:min(len(ids), MaxBatch)]
	wanted := make(map[graph.UserID]struct{}, len(ids))
	t := w.tenant
	t.mu.Lock()
	if w.isClosed() {
		t.mu.Unlock()
		return
	}
	w.unwatchLocked()
	w.watched = make([]*entry, 0, len(ids))
	for _, id := range ids {
		if _, twice := wanted[id]; twice {
			continue
		}
		wanted[id] = struct{}{}
		e := t.entry(id)
		if len(e.watchers) == 0 {
			t.watched++
		}
		e.watchers = append(e.watchers, w)
		w.watched = append(w.watched, e)
	}
	w.withdraw(wanted)
	t.mu.Unlock()
	t.ask(ids, forFetch)
}

// Changes delivers what was learnt of watched ids: each new observation, also
// one that only renews the age, and each new reason for a failure. It is
// coalesced: a slow reader gets the newest of each id, never a backlog. Closed
// by Close.
func (w *Watcher) Changes() <-chan []Presence { return w.changes }

// Close ends the watch.
func (w *Watcher) Close() {
	w.tenant.mu.Lock()
	defer w.tenant.mu.Unlock()
	w.unwatchLocked()
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		w.closed = true
		close(w.changes)
	}
}

// unwatchLocked needs the tenant's lock.
func (w *Watcher) unwatchLocked() {
	for _, e := range w.watched {
		at := slices.Index(e.watchers, w)
		e.watchers = slices.Delete(e.watchers, at, at+1)
		if len(e.watchers) == 0 {
			e.watchers = nil
			w.tenant.watched--
		}
	}
	w.watched = nil
}

func (w *Watcher) isClosed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.closed
}

// news is what is to be told to each watcher.
type news map[*Watcher][]Presence

// add notes what is known of a person now, for all who watch them.
func (n news) add(e *entry, c *Cache, now moment) {
	if len(e.watchers) == 0 {
		return
	}
	p := e.presence(e.id, c, now)
	for _, w := range e.watchers {
		if n[w] == nil {
			n[w] = make([]Presence, 0, len(w.watched))
		}
		n[w] = append(n[w], p)
	}
}

func (n news) tell() {
	for w, presences := range n {
		w.tell(presences)
	}
}

// tell delivers without waiting: what the reader has not taken yet is taken
// back and joined with the news.
func (w *Watcher) tell(news []Presence) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	w.changes <- coalesce(w.takeBack(), news) // only tell sends, and it has made room
}

// withdraw takes back what is no longer watched.
func (w *Watcher) withdraw(watched map[graph.UserID]struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	rest := slices.DeleteFunc(w.takeBack(), func(p Presence) bool {
		_, still := watched[p.ID]
		return !still
	})
	if len(rest) > 0 {
		w.changes <- rest
	}
}

func (w *Watcher) takeBack() []Presence {
	select {
	case undelivered := <-w.changes:
		return undelivered
	default:
		return nil
	}
}

// coalesce keeps the newest of each id.
func coalesce(older, newer []Presence) []Presence {
	if len(older) == 0 {
		return newer
	}
	fresh := make(map[graph.UserID]struct{}, len(newer))
	for _, p := range newer {
		fresh[p.ID] = struct{}{}
	}
	older = slices.DeleteFunc(older, func(p Presence) bool {
		_, superseded := fresh[p.ID]
		return superseded
	})
	return append(older, newer...)
}
