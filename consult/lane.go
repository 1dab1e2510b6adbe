package consult

import (
	"context"
	"sync"
)

// lanes do what happens to interactions: of one interaction in order, of
// different ones at the same time, so that nobody waits for the disk on behalf
// of somebody else's call. Work that is put before begin waits for it.
type lanes struct {
	mu      sync.Mutex
	waiting map[InteractionID][]func(context.Context) // there is an entry while a goroutine works for it
	start   func(InteractionID)                       // nil before begin and after end
	idle    chan InteractionID                        // takes one from whoever gives it to a worker that waits
	workers sync.WaitGroup
}

// idleWorkers is how many goroutines stay when there is no work, because one
// that is used again has its stack already.
const idleWorkers = 64

func newLanes() *lanes {
	return &lanes{waiting: make(map[InteractionID][]func(context.Context)), idle: make(chan InteractionID)}
}

// put never blocks, because the putter may hold an interaction's lock.
func (l *lanes) put(id InteractionID, work func(context.Context)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	queue, working := l.waiting[id]
	l.waiting[id] = append(queue, work)
	if !working && l.start != nil {
		l.start(id)
	}
}

// begin works off what is put until ctx ends.
func (l *lanes) begin(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	places := make(chan struct{}, idleWorkers)
	l.start = func(id InteractionID) {
		select {
		case l.idle <- id:
		default:
			l.workers.Go(func() { l.work(ctx, id, places) })
		}
	}
	for id := range l.waiting {
		l.start(id)
	}
}

// end waits for the work that was begun; its context must have ended. What was
// not begun is forgotten: the journal knows, and recovery goes on from there.
func (l *lanes) end() {
	l.mu.Lock()
	l.start = nil
	l.mu.Unlock()
	l.workers.Wait()
}

// work works off one interaction after the other while it has a place to wait.
func (l *lanes) work(ctx context.Context, id InteractionID, places chan struct{}) {
	for {
		l.workOff(ctx, id)
		select {
		case places <- struct{}{}:
		default:
			return
		}
		select {
		case <-ctx.Done():
			return
		case id = <-l.idle:
			<-places
		}
	}
}

func (l *lanes) workOff(ctx context.Context, id InteractionID) {
	for {
		work, ok := l.next(ctx, id)
		if !ok {
			return
		}
		work(ctx)
	}
}

func (l *lanes) next(ctx context.Context, id InteractionID) (func(context.Context), bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	queue := l.waiting[id]
	if len(queue) == 0 || ctx.Err() != nil {
		delete(l.waiting, id)
		return nil, false
	}
	l.waiting[id] = queue[1:]
	return queue[0], true
}
