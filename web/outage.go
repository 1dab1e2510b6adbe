package web

import (
	"sync"
	"time"
)

// outageGap is how long nobody has met an outage when it counts as over: a page
// asks again every few seconds.
const outageGap = time.Minute

// outage is since when something could not be had, as far as requests have met it:
// that it is back is noticed by nobody telling so. Its zero value is ready.
type outage struct {
	mu          sync.Mutex
	since, last time.Time
}

// met notes that a request met it now, and gives since when others have.
func (o *outage) met(now time.Time) (since time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if gone := now.Sub(o.last); gone > outageGap || gone < 0 {
		o.since = now
	}
	o.last = now
	return o.since
}
