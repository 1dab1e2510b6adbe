package web

import (
	"slices"
	"time"
)

const (
	// resumeFor is how long a stream may be away and still miss nothing.
	resumeFor = 5 * time.Minute
	// ringMost bounds what is kept for one reader in that time.
	ringMost = 2048
)

// event is one event of a feed.
type event struct {
	seq  uint64
	at   time.Time
	name string
	data []byte // one line of JSON
}

// ring keeps a feed's events of the last resumeFor, in order.
type ring struct {
	events []event
	last   uint64 // sequence number of the newest event, kept or not
	lost   uint64 // newest sequence number that is no longer kept
}

// add appends an event. Of an event that only tells the newest state of
// something (newestOnly) the earlier one is forgotten, so that a directory
// being read does not push calls out.
func (r *ring) add(now time.Time, name string, data []byte, newestOnly bool) {
	if newestOnly {
		r.events = slices.DeleteFunc(r.events, func(e event) bool { return e.name == name })
	}
	r.last++
	r.events = append(r.events, event{seq: r.last, at: now, name: name, data: data})

	old := 0
	for old < len(r.events) && (now.Sub(r.events[old].at) > resumeFor || len(r.events)-old > ringMost) {
		r.lost = r.events[old].seq
		old++
	}
	r.events = slices.Delete(r.events, 0, old)
}

// after gives the events later than seq; ok is false when some of them are no
// longer kept, or seq was never given out.
func (r *ring) after(seq uint64) (later []event, ok bool) {
	if seq < r.lost || seq > r.last {
		return nil, false
	}
	first, _ := slices.BinarySearchFunc(r.events, seq, func(e event, seq uint64) int {
		if e.seq <= seq {
			return -1
		}
		return 1
	})
	return slices.Clone(r.events[first:]), true
}

// forget drops everything: whoever has not read it must start over.
func (r *ring) forget() {
	r.events = nil
	r.last++
	r.lost = r.last
}
