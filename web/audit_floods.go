package web

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A flood of refused requests must not fill the store: beyond so many a second
// they are counted, and the next line tells how many.
const (
	refusalsPerSecond = 20
	refusalsAtOnce    = 200
)

// floods are those of the callers of each organization, and of everybody who
// proved nothing, apart: nobody can hide their refusals behind those of others.
// Its zero value is ready.
type floods struct {
	mu sync.Mutex
	of map[string]*flood // by tenant, of which there are no more than are admitted; "" for nobody's
}

type flood struct {
	limiter  *rate.Limiter
	withheld uint64 // refusals that have no line of their own yet
}

// admit reports whether a refusal gets a line; if so, how many had none before it.
func (f *floods) admit(tenant string, now time.Time) (told bool, withheld uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	one := f.of[tenant]
	if one == nil {
		if f.of == nil {
			f.of = make(map[string]*flood)
		}
		one = &flood{limiter: rate.NewLimiter(refusalsPerSecond, refusalsAtOnce)}
		f.of[tenant] = one
	}
	if !one.limiter.AllowN(now, 1) {
		one.withheld++
		return false, 0
	}
	withheld, one.withheld = one.withheld, 0
	return true, withheld
}
