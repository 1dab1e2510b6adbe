package ua

import "sync"

// pending counts what is under way. Unlike a sync.WaitGroup it may be waited for
// while more begins.
type pending struct {
	mu    sync.Mutex
	count int
	empty chan struct{} // made by whoever waits; closed when nothing is left
}

// begin counts one more; done, called once, counts it off.
func (p *pending) begin() (done func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count++
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.count--; p.count == 0 && p.empty != nil {
			close(p.empty)
			p.empty = nil
		}
	}
}

// idle is closed when nothing is under way; nil when nothing is already.
func (p *pending) idle() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.count == 0 {
		return nil
	}
	if p.empty == nil {
		p.empty = make(chan struct{})
	}
	return p.empty
}
