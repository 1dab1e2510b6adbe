package presence

import (
	"time"

	"teamsbridge/graph"
)

// entry is all that is known of one person. Its tenant's lock guards it.
type entry struct {
	state       Observation
	observedAt  time.Time // zero: never seen
	confirmedAt time.Time // of the last answer that was not older than state
	origin      Origin

	reason   string // of the last request, empty when it succeeded
	failedAt time.Time

	running      *call     // the request under way
	refreshedAt  time.Time // when the last refresh's request began
	suspectUntil time.Time // a batch failed because of this id
}

// take keeps an answer to a request sent at the given time, if it is newer
// than what is held: by Graph's sequence numbers where both have one, else by
// time.
//
// Graph's replicas lag, so an answer may carry an older sequence than an
// earlier one did. It confirms that nothing newer is to be had, so the held
// state stays and counts as observed; but when only older ones have come for
// longer than limit, that is no replica's lag: the sequence has started over
// and the answer is taken.
func (e *entry) take(o Observation, sent time.Time, origin Origin, limit time.Duration) {
	e.reason, e.suspectUntil = "", time.Time{}
	held := !e.observedAt.IsZero()
	switch {
	case held && o.Sequence != "" && e.state.Sequence != "":
		if o.Sequence >= e.state.Sequence || sent.Sub(e.confirmedAt) > limit {
			e.state = o
			e.confirmedAt = latest(e.confirmedAt, sent)
		}
	case held && sent.Before(e.observedAt):
		return
	default:
		e.state, e.confirmedAt = o, sent
	}
	if !sent.Before(e.observedAt) {
		e.observedAt, e.origin = sent, origin
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// fail keeps why a request brought nothing.
func (e *entry) fail(reason string, now time.Time) { e.reason, e.failedAt = reason, now }

// presence renders the entry; a nil entry is a person never asked for.
func (e *entry) presence(id graph.UserID, now time.Time, staleAfter time.Duration) Presence {
	if e == nil || e.observedAt.IsZero() {
		p := Presence{ID: id, Availability: Unknown, Activity: Unknown, Reason: ReasonNotFetched}
		if e != nil && e.reason != "" {
			p.Reason = e.reason
		}
		return p
	}
	age := max(now.Sub(e.observedAt), 0)
	return Presence{
		ID: id, Availability: e.state.Availability, Activity: e.state.Activity, OutOfOffice: e.state.OutOfOffice,
		ObservedAt: e.observedAt, Age: age, Stale: age > staleAfter, Origin: e.origin, Reason: e.reason,
	}
}

// wanted tells whether Fetch should ask: unknown or stale, and not asked in
// vain a moment ago.
func (e *entry) wanted(now time.Time, staleAfter time.Duration) bool {
	if !e.observedAt.IsZero() && now.Sub(e.observedAt) <= staleAfter {
		return false
	}
	switch e.reason {
	case "":
		return true
	case ReasonNotInAnswer:
		return now.Sub(e.failedAt) > staleAfter
	}
	return now.Sub(e.failedAt) > retryPause
}

// forgettable tells whether nobody would miss the entry.
func (e *entry) forgettable(now time.Time, limit time.Duration) bool {
	return e.running == nil && now.Sub(latest(e.observedAt, e.failedAt)) > limit && now.After(e.suspectUntil)
}
