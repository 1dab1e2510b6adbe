package sip

import (
	"sync"
	"time"
)

// dropEvery is how long lines of legs that are over stay stored: forgotten
// together they cost the disk one write. A process that dies meanwhile costs its
// successor a BYE that is answered 481.
const dropEvery = 500 * time.Millisecond

// rounds lets those who are in no hurry go together.
type rounds struct {
	every time.Duration
	mu    sync.Mutex
	start chan struct{} // of the next round; nil: nobody waits
}

// next is closed when the next round begins.
func (r *rounds) next() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.start == nil {
		r.start = make(chan struct{})
		time.AfterFunc(r.every, r.begin)
	}
	return r.start
}

func (r *rounds) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.start)
	r.start = nil
}
