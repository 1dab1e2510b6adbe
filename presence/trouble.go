package presence

import (
	"context"
	"errors"
	"time"

	"teamsbridge/graph"
	"teamsbridge/graph/budget"
)

// trouble is what stands between one organisation and Graph. Its tenant's lock
// guards it.
type trouble struct {
	reason  string // as in Presence; empty when all is well
	since   moment
	blocked moment // Graph asked to wait: it is not asked before
	times   int    // throttled answers in a row
}

// judge keeps what a request tells of Graph itself, and logs what has changed.
func (t *tenant) judge(ctx context.Context, err error, now moment) {
	if err == nil {
		if t.trouble.reason != "" {
			t.cache.logger.InfoContext(ctx, "presence is learnt again", "tenant", t.id)
		}
		t.trouble = trouble{blocked: t.trouble.blocked}
		return
	}
	if after, throttled := askedToWait(err); throttled {
		t.trouble.times++
		t.trouble.blocked = max(t.trouble.blocked, now.add(throttlePause(after, t.trouble.times)))
	}
	if reason := reasonOf(err); reason != t.trouble.reason {
		t.trouble.reason, t.trouble.since = reason, now
		t.cache.logger.WarnContext(ctx, "presence cannot be learnt", "tenant", t.id, "reason", reason, "error", err)
	}
}

// patience is how long a Fetch may wait. Graph being away shall not make every
// search slow: whoever watches is told when it answers again.
func (t *tenant) patience() time.Duration {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.trouble.reason == ReasonUnavailable {
		return min(hurry, t.cache.cfg.FetchTimeout)
	}
	return t.cache.cfg.FetchTimeout
}

// askedToWait tells whether Graph wants to be left alone, and how long if it
// said so. That our own budget is used up for one class is no such reason:
// others may still have room.
func askedToWait(err error) (time.Duration, bool) {
	if limit, ok := errors.AsType[*budget.LimitError](err); ok {
		return limit.RetryAfter, limit.Asked
	}
	if throttled, ok := errors.AsType[*graph.ThrottledError](err); ok {
		return throttled.RetryAfter, true
	}
	return 0, false
}

// throttlePause honours Retry-After; without one it doubles up to a minute.
func throttlePause(retryAfter time.Duration, times int) time.Duration {
	if retryAfter > 0 {
		return retryAfter
	}
	return min(time.Second<<min(times-1, 6), time.Minute)
}
