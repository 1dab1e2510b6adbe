package consult

import (
	"context"
	"sync"
)

// atWork counts the commands that the switch is carrying out. Unlike a
// [sync.WaitGroup] it may be waited for while others begin: a service that drains
// still takes what brings a call to its end.
type atWork struct {
	mu   sync.Mutex
	n    int
	none chan struct{} // closed when there is none; nil while nobody waits
}

func (w *atWork) begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.n++
}

func (w *atWork) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.n--
	if w.n == 0 && w.none != nil {
		close(w.none)
		w.none = nil
	}
}

// wait returns once there is none, or with ctx's error.
func (w *atWork) wait(ctx context.Context) error {
	w.mu.Lock()
	if w.n == 0 {
		w.mu.Unlock()
		return nil
	}
	if w.none == nil {
		w.none = make(chan struct{})
	}
	none := w.none
	w.mu.Unlock()
	select {
	case <-none:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
