package graphtest

import (
	"math"
	"sync"
	"time"
)

// slots is into how many parts a window is cut: it slides by one at a time.
const slots = 10

// usage counts what was spent, by what it counts against. Safe for concurrent use.
type usage struct {
	mu      sync.Mutex
	windows map[string]*window
}

// window is what was spent in its last slots.
type window struct {
	spent  [slots]int // by slot number modulo their count
	newest int64      // slot number
}

// used is the state of a limit after a request was counted.
type used struct {
	limit  Limit
	amount int
	spent  [slots]int    // oldest first
	next   time.Duration // until the oldest slot leaves the window
}

// add counts an amount and tells how much has been spent. A zero limit counts nothing.
func (u *usage) add(key string, limit Limit, amount int, now time.Time) used {
	if limit.Amount == 0 {
		return used{}
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.windows == nil {
		u.windows = make(map[string]*window)
	}
	w, ok := u.windows[key]
	if !ok {
		w = &window{}
		u.windows[key] = w
	}
	length := limit.Window / slots
	slot := now.UnixNano() / int64(length)
	for n := max(w.newest+1, slot-slots+1); n <= slot; n++ {
		w.spent[n%slots] = 0
	}
	w.newest = max(w.newest, slot)
	w.spent[w.newest%slots] += amount

	state := used{limit: limit, next: time.Duration((slot+1)*int64(length) - now.UnixNano())}
	for i := range slots {
		state.spent[i] = w.spent[(w.newest+1+int64(i))%slots]
		state.amount += state.spent[i]
	}
	return state
}

// share is how much of the limit was used; 1 is all of it.
func (u used) share() float64 {
	if u.limit.Amount == 0 {
		return 0
	}
	return float64(u.amount) / float64(u.limit.Amount)
}

// over tells whether more than that share of the limit was used.
func (u used) over(share float64) bool { return u.share() > share }

// retryAfter is after how many seconds there is room again, if nothing more is
// asked until then.
func (u used) retryAfter() int {
	wait, left := u.next, u.amount
	for _, spent := range u.spent {
		if left -= spent; left < u.limit.Amount {
			break
		}
		wait += u.limit.Window / slots
	}
	return max(1, int(math.Ceil(wait.Seconds())))
}
