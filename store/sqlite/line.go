package sqlite

import (
	"slices"
	"sync"
)

// line is where writes wait for the writer, in order.
type line struct {
	waiting chan struct{} // holds one token while somebody may wait

	mu     sync.Mutex
	all    []*write
	closed bool
}

func newLine() line { return line{waiting: make(chan struct{}, 1)} }

// join puts a write at the end; false when the line is closed.
func (l *line) join(op *write) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	l.all = append(l.all, op)
	if len(l.all) == 1 {
		l.call()
	}
	return true
}

// call tells the writer. The caller holds l.mu.
func (l *line) call() {
	select {
	case l.waiting <- struct{}{}:
	default:
	}
}

// leave takes a write back; false when the writer has it already.
func (l *line) leave(op *write) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := slices.Index(l.all, op)
	if at < 0 {
		return false
	}
	l.all = slices.Delete(l.all, at, at+1)
	return true
}

// take moves the first writes, at most so many, to the end of a batch.
func (l *line) take(batch []*write, most int) []*write {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(len(l.all), most)
	batch = append(batch, l.all[:n]...)
	l.all = slices.Delete(l.all, 0, n)
	if len(l.all) > 0 {
		l.call()
	}
	return batch
}

// length is how many wait.
func (l *line) length() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.all)
}

// close lets nobody join any more; who waits is still served.
func (l *line) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
}
