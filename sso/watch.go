package sso

import "sync"

// watchers tell any number of listeners which organisations changed, without
// ever waiting for one of them.
type watchers struct {
	mu  sync.Mutex
	all map[*watcher]struct{}
}

// watcher is one listener: what it has not heard of yet, in order.
type watcher struct {
	mu      sync.Mutex
	pending []string
	wake    chan struct{} // holds at most one token
	done    chan struct{}
}

func (w *watchers) add() (<-chan string, func()) {
	one := &watcher{wake: make(chan struct{}, 1), done: make(chan struct{})}
	w.mu.Lock()
	if w.all == nil {
		w.all = make(map[*watcher]struct{})
	}
	w.all[one] = struct{}{}
	w.mu.Unlock()

	told := make(chan string)
	go one.run(told)
	var once sync.Once
	return told, func() {
		once.Do(func() {
			w.mu.Lock()
			delete(w.all, one)
			w.mu.Unlock()
			close(one.done)
		})
	}
}

func (w *watchers) tell(tenant string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for one := range w.all {
		one.put(tenant)
	}
}

func (w *watcher) put(tenant string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, known := range w.pending {
		if known == tenant {
			return
		}
	}
	w.pending = append(w.pending, tenant)
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *watcher) take() (string, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.pending) == 0 {
		return "", false
	}
	tenant := w.pending[0]
	w.pending = w.pending[1:]
	return tenant, true
}

func (w *watcher) run(told chan<- string) {
	defer close(told)
	for {
		select {
		case <-w.done:
			return
		case <-w.wake:
		}
		for tenant, ok := w.take(); ok; tenant, ok = w.take() {
			select {
			case <-w.done:
				return
			case told <- tenant:
			}
		}
	}
}
