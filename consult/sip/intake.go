package sip

import "sync/atomic"

// atWork is how much this service works on at the same time before it refuses new
// calls: agents that are not rung yet, and lines and events on the way to the disk.
// A service that keeps up has some dozens of them; as many as this are half a second
// of work at 400 calls/s, and who calls then is better off elsewhere, or a little
// later, than behind them. Telephones that ring, and calls that are up, do not count.
const atWork = 1024

// intake counts what this service works on.
type intake struct{ count atomic.Int64 }

// admit begins the work on a new call, or refuses it.
func (i *intake) admit() bool {
	if i.count.Add(1) > atWork {
		i.count.Add(-1)
		return false
	}
	return true
}

// resume begins more work on a call that was admitted.
func (i *intake) resume() { i.count.Add(1) }

// rest ends the work that was begun.
func (i *intake) rest() { i.count.Add(-1) }
