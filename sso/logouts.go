package sso

import (
	"slices"
	"sync"
	"time"
)

const (
	// logoutsKept is longer than a sign-in takes from its code to its session.
	logoutsKept = 2 * time.Minute
	maxLogouts  = 10_000
)

// logouts are the logout tokens of the last moments. A sign-in that completes
// while its provider ends it is not in the store yet when the token looks there: so
// a token is noted before it looks, and a session is held against what was noted
// since its code was redeemed, after it was kept. One of the two finds the other.
// Its zero value is ready.
type logouts struct {
	mu    sync.Mutex
	count uint64        // of all that were noted
	noted []notedLogout // the oldest first
}

type notedLogout struct {
	logout
	number uint64 // 1, 2, …
	at     time.Time
}

// note remembers a logout; of too many, the oldest are forgotten.
func (l *logouts) note(one logout, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	old := 0
	for old < len(l.noted) && (now.Sub(l.noted[old].at) >= logoutsKept || len(l.noted)-old >= maxLogouts) {
		old++
	}
	l.count++
	l.noted = append(slices.Delete(l.noted, 0, old), notedLogout{one, l.count, now})
}

// soFar is how many there have been, for ended to go on from.
func (l *logouts) soFar() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count
}

// ended reports whether one that was noted since is about a sign-in of the session.
func (l *logouts) ended(s Session, since uint64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.noted, func(one notedLogout) bool {
		return one.number > since && slices.ContainsFunc(s.Logins, one.ends)
	})
}
