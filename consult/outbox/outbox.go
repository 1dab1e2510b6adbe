package outbox

import (
	"sync"
	"time"

	"teamsbridge/consult"
)

// Outbox holds events until the engine takes them. Safe for concurrent use.
type Outbox struct {
	events chan consult.Event
	wake   chan struct{} // holds one token while the queue may have events
	done   chan struct{} // closed by Close
	ended  chan struct{} // closed when the last event was delivered

	mu     sync.Mutex
	queue  []consult.Event
	soon   bool // a timer ends the wait for company
	closed bool
}

// company is how long an event that nobody waits for may wait for others: too
// short for anybody to notice, and long enough that a busy service has some.
const company = 20 * time.Millisecond

// New starts an outbox, which runs until Close.
func New() *Outbox {
	o := &Outbox{
		events: make(chan consult.Event), wake: make(chan struct{}, 1), done: make(chan struct{}), ended: make(chan struct{}),
	}
	go o.deliver()
	return o
}

// Put queues an event. After Close it is dropped.
func (o *Outbox) Put(e consult.Event) {
	o.mu.Lock()
	if !o.closed {
		o.queue = append(o.queue, e)
	}
	o.mu.Unlock()
	o.deliverNow()
}

// PutSoon queues an event that nobody waits for. It goes with the next one that is
// put, at the latest after 20 ms.
func (o *Outbox) PutSoon(e consult.Event) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return
	}
	o.queue = append(o.queue, e)
	if !o.soon {
		o.soon = true
		time.AfterFunc(company, func() {
			o.mu.Lock()
			o.soon = false
			o.mu.Unlock()
			o.deliverNow()
		})
	}
}

func (o *Outbox) deliverNow() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Events delivers what was put, in order; closed by Close.
func (o *Outbox) Events() <-chan consult.Event { return o.events }

// Done is closed when Close is called.
func (o *Outbox) Done() <-chan struct{} { return o.done }

// Close ends the delivery and closes Events. Closing twice is fine.
func (o *Outbox) Close() {
	o.mu.Lock()
	if !o.closed {
		o.closed, o.queue = true, nil
		close(o.done)
	}
	o.mu.Unlock()
	<-o.ended
}

// deliver takes all that is queued at once, so that Put is held up by no reader.
func (o *Outbox) deliver() {
	defer close(o.ended)
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
