package sso

import (
	"errors"
	"time"
)

const (
	firstPause   = time.Second // after a question without an answer; doubled each time
	longestPause = 30 * time.Second
	mostAsked    = 5 * time.Minute // of what Entra asks for by Retry-After
	// tooOftenPause is for a sign-in that Entra takes for a client in a loop: it
	// counts the requests of five minutes.
	tooOftenPause = 5 * time.Minute
)

// errLoop: Entra refuses one person's tokens for a while because this
// service has asked for too many (AADSTS50196). It says nothing of the person.
var errLoop = errors.New("sso: Entra was asked too often about a sign-in")

// BusyError: Entra does not answer, or wants to be left alone for a while. It
// matches ErrProviderUnavailable.
type BusyError struct {
	RetryAfter time.Duration // as long as Entra asks for; 0 when it does not say
}

func (e *BusyError) Error() string { return "sso: Entra is busy" }

// Is reports that it is no refusal.
func (e *BusyError) Is(target error) bool { return target == ErrProviderUnavailable }

// pause is for how long an organisation is not asked about.
type pause struct {
	failures int
	since    time.Time
	until    time.Time
}

// pauses are those of organisations whose questions went unanswered last.
type pauses map[string]pause

func (p pauses) at(tenant string, now time.Time) bool { return p[tenant].until.After(now) }

// failed begins a pause, or a longer one, and gives its end. Questions that began
// before the last pause did tell nothing new.
func (p pauses) failed(tenant string, asked, now time.Time, err error) (until time.Time) {
	last := p[tenant]
	if last.failures > 0 && !asked.After(last.since) {
		return last.until
	}
	wait := longestPause
	if last.failures < 5 {
		wait = min(firstPause<<last.failures, longestPause)
	}
	if busy, ok := errors.AsType[*BusyError](err); ok {
		wait = max(wait, busy.RetryAfter)
	}
	last = pause{failures: last.failures + 1, since: now, until: now.Add(wait)}
	p[tenant] = last
	return last.until
}
