package media

import (
	"context"
	"slices"
	"sync"
	"time"
)

// shard is the streams and groups that one goroutine serves every 20 ms.
type shard struct {
	poller *poller

	mu      sync.Mutex
	streams []*Stream
	groups  []*group
	busy    chan struct{} // filled when somebody comes
	ticks   int

	// Of the goroutine: whom it serves in this tick, so that nobody who comes or
	// goes waits for its end.
	serving []*Stream
	mixing  []*group
}

func newShard(p *poller) *shard { return &shard{poller: p, busy: make(chan struct{}, 1)} }

const expireEvery = 5 // ticks between looks for keys that nobody let go

// shardFull streams that all send keep a shard's goroutines busy for about half
// of the time.
const shardFull = 1000

// place finds the shard for another stream: the first that is not full, since to
// wake another one costs as much for few streams as for many; else the one with
// the fewest.
func place(shards []*shard) *shard {
	for _, sh := range shards {
		if sh.size() < shardFull {
			return sh
		}
	}
	return slices.MinFunc(shards, func(a, b *shard) int { return a.size() - b.size() })
}

// size is how many streams it has.
func (sh *shard) size() int {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	return len(sh.streams)
}

// run ticks while there is somebody to serve.
func (sh *shard) run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for due := time.Now(); ; {
		if sh.rests() {
			select {
			case <-ctx.Done():
				return
			case <-sh.busy:
			}
			due = time.Now()
		}
		timer.Reset(time.Until(due))
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		now := time.Now()
		if now.Sub(due) > 5*frame {
			due = now // the machine stood still; who was not served then is not served twice now
		}
		for ; !due.After(now); due = due.Add(frame) {
			sh.tick(now)
		}
	}
}

func (sh *shard) rests() bool {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	return len(sh.streams)+len(sh.groups) == 0
}

func (sh *shard) tick(now time.Time) {
	sh.mu.Lock()
	sh.serving, sh.mixing = append(sh.serving[:0], sh.streams...), append(sh.mixing[:0], sh.groups...)
	sh.ticks++
	sh.mu.Unlock()
	for _, g := range sh.mixing {
		g.tick(now)
	}
	for _, s := range sh.serving {
		s.tick(now)
		s.report(now)
		if sh.ticks%expireEvery == 0 {
			s.expireDigits(now)
		}
	}
	clear(sh.serving) // who is gone is not kept
	clear(sh.mixing)
}

func (sh *shard) add(s *Stream)    { enter(sh, &sh.streams, s) }
func (sh *shard) remove(s *Stream) { quit(sh, &sh.streams, s) }
func (sh *shard) begin(g *group)   { enter(sh, &sh.groups, g) }
func (sh *shard) end(g *group)     { quit(sh, &sh.groups, g) }

func enter[T any](sh *shard, list *[]T, member T) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	*list = append(*list, member)
	select {
	case sh.busy <- struct{}{}:
	default: // it has been told already
	}
}

func quit[T comparable](sh *shard, list *[]T, member T) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if i := slices.Index(*list, member); i >= 0 {
		*list = slices.Delete(*list, i, i+1)
	}
}
