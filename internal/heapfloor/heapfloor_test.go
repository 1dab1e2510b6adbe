package heapfloor

import (
	"runtime"
	"runtime/debug"
	"testing"
)

// nextCollection is the size of the heap at which the next collection begins.
func nextCollection() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.NextGC
}

func TestAFloorPutsCollectionsOff(t *testing.T) {
	release := Hold(Bytes)
	if next := nextCollection(); next < Bytes {
		t.Errorf("the next collection is at %d bytes, want more than the floor", next)
	}
	release()
	if next := nextCollection(); next >= Bytes {
		t.Errorf("released, the next collection is at %d bytes, want less than the floor", next)
	}
}

func TestATightMemoryLimitIsNotMadeTighter(t *testing.T) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(4 * Bytes))
	release := Hold(Bytes)
	defer release()
	if next := nextCollection(); next >= Bytes {
		t.Errorf("the next collection is at %d bytes, want no floor under this limit", next)
	}
}
