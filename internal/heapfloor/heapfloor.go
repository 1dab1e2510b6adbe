package heapfloor

import (
	"runtime"
	"runtime/debug"
)

// Bytes is the service's floor.
const Bytes = 64 << 20

// limitAtLeast is how many floors must fit the memory limit, if one is set
// (GOMEMLIMIT): the runtime counts the floor as memory that is in use.
const limitAtLeast = 8

// Hold counts the heap as so many bytes larger than it is, until release is
// called. Under a tight memory limit it does nothing.
func Hold(bytes int) (release func()) {
	if debug.SetMemoryLimit(-1)/limitAtLeast < int64(bytes) {
		return func() {}
	}
	floor := make([]byte, bytes)
	return func() { runtime.KeepAlive(floor) }
}
