package media

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestFewStreamsAreServedTogether(t *testing.T) {
	t.Parallel()
	shards := []*shard{newShard(nil), newShard(nil), newShard(nil)}
	sizes := func() (n []int) {
		for _, sh := range shards {
			n = append(n, sh.size())
		}
		return n
	}
	fill := func(n int) (placed []*Stream) {
		for range n {
			s := &Stream{shard: place(shards)}
			s.shard.add(s)
			placed = append(placed, s)
		}
		return placed
	}
	few := fill(2)
	if got := sizes(); !slices.Equal(got, []int{2, 0, 0}) {
		t.Errorf("two streams are placed as %v", got)
	}
	fill(3*shardFull + 1)
	if got := sizes(); !slices.Equal(got, []int{shardFull + 1, shardFull + 1, shardFull + 1}) {
		t.Errorf("three shards are filled as %v", got)
	}
	for _, s := range few {
		s.shard.remove(s)
	}
	fill(1)
	if got := sizes(); !slices.Equal(got, []int{shardFull, shardFull + 1, shardFull + 1}) {
		t.Errorf("where there is room again, they are placed as %v", got)
	}
}

func TestAShardThatServesNobodySleeps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sh := newShard(nil)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			sh.run(ctx)
		}()
		ticks := func() int {
			synctest.Wait()
			sh.mu.Lock()
			defer sh.mu.Unlock()
			return sh.ticks
		}
		someone := &Stream{}
		for _, c := range []struct {
			name  string
			act   func()
			ticks int // of a second after it
		}{
			{"nobody is there", func() {}, 0},
			{"somebody comes", func() { sh.add(someone) }, 50},
			{"and stays", func() {}, 50},
			{"and goes", func() { sh.remove(someone) }, 0},
			{"and comes again", func() { sh.add(someone) }, 50},
		} {
			c.act()
			time.Sleep(7 * frame / 4) // into the middle between two ticks, behind one that was due
			before := ticks()
			time.Sleep(time.Second)
			if got := ticks() - before; got != c.ticks {
				t.Errorf("%s: %d ticks, not %d", c.name, got, c.ticks)
			}
		}
		cancel()
		<-ended
	})
}
