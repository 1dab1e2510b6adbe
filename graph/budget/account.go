package budget

import (
	"time"

	"golang.org/x/time/rate"
)

const (
	// saved is the share of a limit that an account may save up. With the rest
	// earned over the window, no window sees more than the limit.
	saved = 0.2
	// slowest is how far throttling brings the pace down.
	slowest = 1.0 / 8
	// longestPause without a Retry-After.
	longestPause = time.Minute
)

// earning makes a limiter that keeps l in every window.
func earning(l limit) *rate.Limiter {
	return rate.NewLimiter(pace(l), burst(l))
}

func pace(l limit) rate.Limit {
	return rate.Limit(float64(l.units-burst(l)) / l.window.Seconds())
}

func burst(l limit) int { return int(float64(l.units) * saved) }

// account is what one tenant has of one workload. Its pool's lock guards it.
type account struct {
	limit   limit
	limiter *rate.Limiter
	waiting [classes][]*turn
	served  uint64 // the pool's count when it was last granted a turn

	since  time.Time // Graph began asking to wait; zero when it does not
	until  time.Time // nothing is sent before
	times  int       // throttled answers in a row
	slow   float64   // share of the pace since until; 1 when all is well
	strain time.Time // Graph said that the limit is near: the background waits until then
}

func newAccount(l limit) *account {
	return &account{limit: l, limiter: earning(l), slow: 1}
}

// resize gives the account another limit; what it has saved up stays.
func (a *account) resize(units int, now time.Time) {
	if units == a.limit.units {
		return
	}
	a.limit.units = units
	a.limiter.SetBurstAt(now, burst(a.limit))
	a.recover(now)
}

// recover sets the pace for now: halved by a throttling, it doubles with each
// window in which there was none.
func (a *account) recover(now time.Time) {
	share := a.slow
	for passed := now.Sub(a.until); passed >= a.limit.window && share < 1; passed -= a.limit.window {
		share *= 2
	}
	if share >= 1 {
		share, a.slow = 1, 1
	}
	if want := pace(a.limit) * rate.Limit(share); a.limiter.Limit() != want {
		a.limiter.SetLimitAt(now, want)
	}
}

// throttled notes that Graph asked to wait; zero means it did not say how long.
func (a *account) throttled(retryAfter time.Duration, now time.Time) {
	if a.since.IsZero() || now.Sub(a.until) > a.limit.window {
		a.since, a.times = now, 0
	}
	if !now.Before(a.until) { // answers to what was sent at the same time count once
		a.recover(now)
		a.times++
		a.slow = max(a.limiterShare()/2, slowest)
	}
	if retryAfter <= 0 {
		retryAfter = min(time.Second<<min(a.times-1, 6), longestPause)
	}
	if until := now.Add(retryAfter); until.After(a.until) {
		a.until = until
	}
}

func (a *account) limiterShare() float64 { return float64(a.limiter.Limit() / pace(a.limit)) }

// succeeded notes an answer that was not throttled.
func (a *account) succeeded(now time.Time) {
	if !now.Before(a.until) {
		a.since, a.times = time.Time{}, 0
	}
}

// ready tells how long a request of this class has to wait if the units before
// it are taken first; 0 means that it may be sent now.
func (a *account) ready(c Class, units, before int, now time.Time) time.Duration {
	if now.Before(a.until) {
		return a.until.Sub(now)
	}
	a.recover(now)
	need := float64(min(units, a.limiter.Burst())+before) + c.reserve()*float64(a.limiter.Burst())
	// A reserve that leaves no room for the request itself would keep it for ever.
	need = min(need, float64(a.limiter.Burst()+before))
	wait := time.Duration(0)
	if lacking := need - a.limiter.TokensAt(now); lacking > 1e-9 { // of float64's own rounding
		wait = max(time.Duration(lacking/float64(a.limiter.Limit())*float64(time.Second)), time.Microsecond)
	}
	if c == Background {
		wait = max(wait, a.strain.Sub(now))
	}
	return wait
}

// take charges units; what is more than was saved up is owed.
func (a *account) take(units int, now time.Time) {
	for units > 0 {
		part := min(units, a.limiter.Burst())
		a.limiter.ReserveN(now, part)
		units -= part
	}
}

// next is the turn that goes first; nil when nobody waits.
func (a *account) next() *turn {
	for c := classes - 1; c >= 0; c-- {
		if len(a.waiting[c]) > 0 {
			return a.waiting[c][0]
		}
	}
	return nil
}

// ahead is how many units wait before a newcomer of this class.
func (a *account) ahead(class Class) int {
	units := 0
	for c := int(class); c < classes; c++ {
		for _, w := range a.waiting[c] {
			units += w.units
		}
	}
	return units
}
