package web

import (
	"testing"
	"time"
)

func TestABucketEmptiesAndFillsAgain(t *testing.T) {
	b := newBuckets[string](RateConfig{Rate: 2, Burst: 3}, 10)
	now := time.Now()
	for i := range 3 {
		if wait := b.take("anja", now); wait != 0 {
			t.Fatalf("request %d has to wait %v", i, wait)
		}
	}
	if wait := b.look("anja", now); wait != 500*time.Millisecond {
		t.Errorf("to wait %v, want half a second", wait)
	}
	if wait := b.take("anja", now); wait != 500*time.Millisecond {
		t.Errorf("to wait %v, want half a second", wait)
	}
	if wait := b.take("ben", now); wait != 0 {
		t.Errorf("somebody else has to wait %v", wait)
	}
	if wait := b.take("anja", now.Add(500*time.Millisecond)); wait != 0 {
		t.Errorf("after the wait there is another one of %v", wait)
	}
	if wait := b.look("nobody", now); wait != 0 || len(b.of) != 2 {
		t.Errorf("looking waits %v and leaves %d buckets", wait, len(b.of))
	}
}

func TestAFloodOfKeysSharesOneBucketAndEvictsNobody(t *testing.T) {
	b := newBuckets[int](RateConfig{Rate: 1, Burst: 2}, 100)
	now := time.Now()
	for key := range 100 {
		b.take(key, now)
	}
	b.take(0, now) // has used up its own
	refused := 0
	for key := 100; key < 10_000; key++ {
		if b.take(key, now) > 0 {
			refused++
		}
	}
	if len(b.of) != 100 || refused != 9_900-2 {
		t.Errorf("%d buckets, %d refused", len(b.of), refused)
	}
	if b.take(0, now) == 0 {
		t.Error("the flood gave somebody a new bucket")
	}
	later := now.Add(time.Minute) // all are at rest
	if wait := b.take(10_000, later); wait != 0 || len(b.of) != 1 {
		t.Errorf("after a minute: %v, %d buckets", wait, len(b.of))
	}
}

func TestARateOfNothingLimitsNothing(t *testing.T) {
	b := newBuckets[string](RateConfig{Burst: 1}, 1)
	for range 1000 {
		if b.take("anja", time.Now()) != 0 || b.look("anja", time.Now()) != 0 {
			t.Fatal("limited")
		}
	}
}
