package storetest

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// Load measures writers that write as fast as they are answered. Rounds add
// up, so that two things can be measured in turns and share the same weather.
type Load struct {
	took  time.Duration
	waits []time.Duration
}

// Round lets so many writers call do, one after the other each, for the time
// given. It returns the writers' errors; a writer ends with its first.
func (l *Load) Round(writers int, lasts time.Duration, do func(writer int) error) error {
	waits := make([][]time.Duration, writers)
	errs := make([]error, writers)
	began := time.Now()
	end := began.Add(lasts)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for start := time.Now(); start.Before(end) && errs[w] == nil; {
				errs[w] = do(w)
				now := time.Now()
				waits[w] = append(waits[w], now.Sub(start))
				start = now
			}
		})
	}
	all.Wait()
	l.took += time.Since(began)
	l.waits = append(l.waits, slices.Concat(waits...)...)
	return errors.Join(errs...)
}

// Took is how long all rounds took together.
func (l *Load) Took() time.Duration { return l.took }

// PerSecond is how many calls were answered in a second.
func (l *Load) PerSecond() float64 { return float64(len(l.waits)) / l.took.Seconds() }

// Percentile is the time within which so many of a hundred calls were answered.
func (l *Load) Percentile(percent int) time.Duration {
	if len(l.waits) == 0 {
		return 0
	}
	slices.Sort(l.waits)
	return l.waits[(len(l.waits)-1)*percent/100]
}
