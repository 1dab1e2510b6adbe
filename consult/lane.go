package consult

import (
	"context"
	"hash/maphash"
	"sync"
)

// laneCount is how many interactions can have an event journaled at the same
// moment; those that share a lane share its order. Enough for group commit to fill.
const laneCount = 64

// lane is an unbounded queue of work that one goroutine does in order. Putting
// never blocks, because the putter may hold an interaction's lock.
type lane struct {
	mu    sync.Mutex
	queue []func(context.Context)
	wake  chan struct{}
}

func newLane() *lane { return &lane{wake: make(chan struct{}, 1)} }

func (l *lane) put(work func(context.Context)) {
	l.mu.Lock()
	l.queue = append(l.queue, work)
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *lane) run(ctx context.Context) error {
	for {
		l.mu.Lock()
		queue := l.queue
		l.queue = nil
		l.mu.Unlock()
		for _, work := range queue {
			if ctx.Err() != nil {
				return nil
			}
			work(ctx)
		}
		if len(queue) > 0 {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-l.wake:
		}
	}
}

var laneSeed = maphash.MakeSeed()

// lane is the one of an interaction.
func (e *Engine) lane(id InteractionID) *lane {
	return e.lanes[maphash.String(laneSeed, string(id))%laneCount]
}
