package presence

import "time"

// moment is a time as the cache keeps it by the hundred thousand: nanoseconds
// on the monotonic clock since the cache began. Zero is never.
type moment int64

// clock makes moments and reads them back.
type clock struct{ began time.Time }

func newClock() clock { return clock{began: time.Now().Add(-1)} } // so that no moment is zero

func (c clock) now() moment { return moment(time.Since(c.began)) }

// time is the zero time for never.
func (c clock) time(m moment) time.Time {
	if m == 0 {
		return time.Time{}
	}
	return c.began.Add(time.Duration(m))
}

func (m moment) add(d time.Duration) moment { return m + moment(d) }

func (m moment) sub(earlier moment) time.Duration { return time.Duration(m - earlier) }
