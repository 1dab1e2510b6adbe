package web

import (
	"teamsbridge/presence"
)

// Presence is what is known of a person, with its age and origin; unknown
// is never shown as offline. Exported for the sake of huma, which looks into
// exported embedded structs only.
type Presence struct {
	Availability string                    `json:"availability" doc:"Lower camel case of Graph's value, or unknown"`
	Activity     *string                   `json:"activity"`
	ObservedAt   *string                   `json:"observedAt" format:"date-time"`
	AgeSeconds   *int64                    `json:"ageSeconds"`
	Stale        bool                      `json:"stale" doc:"Older than what counts as fresh"`
	Source       nullable[presence.Origin] `json:"source" doc:"How it was learnt; null while unknown"`
	OutOfOffice  bool                      `json:"outOfOffice"`
	Reason       *string                   `json:"reason" doc:"Why it is unknown or could not be renewed"`
}

// personPresence is a person's presence with their id, as refresh and events tell it.
type personPresence struct {
	ID string `json:"id"`
	Presence
}

func presenceViewOf(p presence.Presence) Presence {
	if p.Availability == "" || p.Availability == presence.Unknown && p.ObservedAt.IsZero() {
		return Presence{Availability: presence.Unknown, Stale: true, Reason: orNull(p.Reason)}
	}
	age := seconds(p.Age)
	return Presence{
		Availability: p.Availability,
		Activity:     orNull(p.Activity),
		ObservedAt:   timeOrNull(p.ObservedAt),
		AgeSeconds:   &age,
		Stale:        p.Stale,
		Source:       orNullWord(p.Origin),
		OutOfOffice:  p.OutOfOffice,
		Reason:       orNull(p.Reason),
	}
}

func personPresenceOf(p presence.Presence) personPresence {
	return personPresence{ID: string(p.ID), Presence: presenceViewOf(p)}
}

// reachable reports whether the search for available people keeps somebody:
// available, or nobody knows.
func reachable(p presence.Presence) bool { return isAvailable(p) || isUnknown(p) }

func isAvailable(p presence.Presence) bool {
	return p.Availability == "available" || p.Availability == "availableIdle"
}

func isUnknown(p presence.Presence) bool {
	return p.Availability == "" || p.Availability == presence.Unknown
}
