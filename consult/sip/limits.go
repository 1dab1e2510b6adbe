package sip

import (
	"errors"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/time/rate"
)

// errLimits refuses a leg when as many as may be are there.
var errLimits = errors.New("sip: sip.limits are reached")

// limits bounds what a stolen password or a fault can cost.
type limits struct {
	config LimitsConfig
	legs   atomic.Int64
	rate   *rate.Limiter
}

func newLimits(c LimitsConfig) *limits {
	l := &limits{config: c, rate: rate.NewLimiter(rate.Inf, 0)}
	if c.PerSecond > 0 {
		l.rate = rate.NewLimiter(rate.Limit(c.PerSecond), c.PerSecond)
	}
	return l
}

// allows reports whether a number may be dialled; agents' own telephones always may.
func (l *limits) allows(number string, agent bool) bool {
	return agent || len(l.config.Allowed) == 0 ||
		slices.ContainsFunc(l.config.Allowed, func(prefix string) bool { return strings.HasPrefix(number, prefix) })
}

// take begins a leg, or says that there are too many.
func (l *limits) take() bool {
	if n := l.legs.Add(1); l.config.Calls > 0 && n > int64(l.config.Calls) || !l.rate.Allow() {
		l.legs.Add(-1)
		return false
	}
	return true
}

// give ends a leg that take began.
func (l *limits) give() { l.legs.Add(-1) }
