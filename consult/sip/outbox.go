package sip

import (
	"sync"

	"teamsbridge/consult"
)

// outbox holds events for a reader who may be slow: whoever tells never waits.
type outbox struct {
	events chan consult.Event
	wake   chan struct{}
	done   chan struct{}
	mu     sync.Mutex
	queue  []consult.Event
	closed bool
}

func newOutbox() *outbox {
	o := &outbox{events: make(chan consult.Event), wake: make(chan struct{}, 1), done: make(chan struct{})}
	go o.pump()
	return o
}

// put queues an event.
func (o *outbox) put(e consult.Event) {
	o.mu.Lock()
	o.queue = append(o.queue, e)
	o.mu.Unlock()
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

func (o *outbox) pump() {
	defer close(o.events)
	for {
		o.mu.Lock()
		batch := o.queue
		o.queue = nil
		o.mu.Unlock()
		for _, e := range batch {
			select {
			case o.events <- e:
			case <-o.done:
				return
			}
		}
		if len(batch) > 0 {
			continue
		}
		select {
		case <-o.wake:
		case <-o.done:
			return
		}
	}
}

// close ends the channel; what is queued is not told any more.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.closed {
		o.closed = true
		close(o.done)
	}
}
