package graph

import "sync"

// board shows an organisation's status and tells whoever subscribed.
type board struct {
	mu          sync.Mutex
	status      Status
	subscribers map[chan Status]struct{}
}

func newBoard(mode string) *board {
	return &board{status: Status{Mode: mode}, subscribers: map[chan Status]struct{}{}}
}

// change changes the status and hands it to every subscriber. A slow reader
// finds the newest one only: what it has not taken is replaced.
func (b *board) change(how func(*Status)) Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	how(&b.status)
	for ch := range b.subscribers {
		select {
		case <-ch:
		default:
		}
		ch <- b.status // room for one, and nobody else sends while mu is held
	}
	return b.status
}

// note changes what only those who ask want to know: nobody is told.
func (b *board) note(how func(*Status)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	how(&b.status)
}

func (b *board) current() Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.status
}

func (b *board) subscribe() (<-chan Status, func()) {
	ch := make(chan Status, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.subscribers[ch] = struct{}{}
	return ch, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if _, open := b.subscribers[ch]; open {
			delete(b.subscribers, ch)
			close(ch)
		}
	}
}
