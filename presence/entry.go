package presence

import (
	"time"
	"unique"

	"teamsbridge/graph"
)

// entry is all that is known of one person. Its tenant's lock guards it. What
// readers need stands first, so that it shares a line of the processor's cache.
type entry struct {
	observedAt   moment                // zero: never seen
	availability unique.Handle[string] // Graph has a dozen words for a hundred thousand people
	activity     unique.Handle[string]
	outOfOffice  bool
	origin       Origin
	reason       string // of the last request, empty when it succeeded

	id          graph.UserID
	sequence    string
	confirmedAt moment // of the last answer that was not older than what is held
	failedAt    moment // with reason

	queued       *call  // not yet sent
	running      *call  // under way
	refreshedAt  moment // when the last refresh's request began
	suspectUntil moment // a batch failed because of this id

	watchers []*Watcher
}

// take keeps an answer to a request sent at the given moment, if it is newer
// than what is held: by Graph's sequence numbers where both have one, else by
// time.
//
// Graph's replicas lag, so an answer may carry an older sequence than an
// earlier one did. It confirms that nothing newer is to be had, so the held
// state stays and counts as observed; but when only older ones have come for
// longer than limit, that is no replica's lag: the sequence has started over
// and the answer is taken.
func (e *entry) take(o Observation, sent moment, origin Origin, limit time.Duration) {
	e.reason, e.suspectUntil = "", 0
	held := e.observedAt != 0
	switch {
	case held && o.Sequence != "" && e.sequence != "":
		if o.Sequence >= e.sequence || sent.sub(e.confirmedAt) > limit {
			e.hold(o)
			e.confirmedAt = max(e.confirmedAt, sent)
		}
	case held && sent < e.observedAt:
		return
	default:
		e.hold(o)
		e.confirmedAt = sent
	}
	if sent >= e.observedAt {
		e.observedAt, e.origin = sent, origin
	}
}

func (e *entry) hold(o Observation) {
	e.availability, e.activity = unique.Make(o.Availability), unique.Make(o.Activity)
	e.outOfOffice, e.sequence = o.OutOfOffice, o.Sequence
}

// fail keeps why a request brought nothing.
func (e *entry) fail(reason string, now moment) { e.reason, e.failedAt = reason, now }

// presence renders the entry; a nil entry is a person never asked for.
func (e *entry) presence(id graph.UserID, c *Cache, now moment) Presence {
	if e == nil || e.observedAt == 0 {
		p := Presence{ID: id, Availability: Unknown, Activity: Unknown, Reason: ReasonNotFetched}
		if e != nil && e.reason != "" {
			p.Reason = e.reason
		}
		return p
	}
	age := max(now.sub(e.observedAt), 0)
	p := Presence{
		ID: id, Availability: e.availability.Value(), Activity: e.activity.Value(), OutOfOffice: e.outOfOffice,
		ObservedAt: c.clock.time(e.observedAt), Age: age, Stale: age > c.cfg.StaleAfter, Origin: e.origin, Reason: e.reason,
	}
	if p.Availability == Unknown && p.Reason == "" { // an unknown presence always says why
		p.Reason = ReasonNotKnown
	}
	return p
}

// wanted tells whether Fetch should ask: unknown or stale, and not asked in
// vain a moment ago.
func (e *entry) wanted(now moment, staleAfter time.Duration) bool {
	if e.observedAt != 0 && now.sub(e.observedAt) <= staleAfter {
		return false
	}
	switch e.reason {
	case "":
		return true
	case ReasonNotInAnswer:
		return now.sub(e.failedAt) > staleAfter
	}
	return now.sub(e.failedAt) > retryPause
}

// due tells whether polling should ask: somebody watches, nobody asks or has
// asked for that long, and the entry is not known to spoil others' requests.
func (e *entry) due(now moment, after time.Duration) bool {
	return len(e.watchers) > 0 && e.running == nil && e.queued == nil && now >= e.suspectUntil &&
		(e.asked() == 0 || now.sub(e.asked()) >= after)
}

// asked is when Graph was last asked, or would have been.
func (e *entry) asked() moment { return max(e.observedAt, e.failedAt) }

// forgettable tells whether nobody would miss the entry.
func (e *entry) forgettable(now moment, limit time.Duration) bool {
	return len(e.watchers) == 0 && e.queued == nil && e.running == nil &&
		now.sub(e.asked()) > limit && now > e.suspectUntil
}
