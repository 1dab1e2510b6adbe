package media

import (
	"slices"
	"testing"
)

func TestFewStreamsAreServedTogether(t *testing.T) {
	t.Parallel()
	shards := []*shard{{}, {}, {}}
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
