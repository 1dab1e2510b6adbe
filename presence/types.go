package presence

import (
	"context"
	"time"

	"teamsbridge/graph"
)

// Origin says how a presence was learnt.
type Origin string

// The origins, in the words of the HTTP contract. What Fetch learns is polled:
// nobody asked for that person in particular.
const (
	OriginPoll    Origin = "poll"
	OriginPush    Origin = "push"
	OriginRefresh Origin = "refresh"
)

// Origins lists every origin.
var Origins = [...]Origin{OriginPoll, OriginPush, OriginRefresh}

// Unknown is the availability of somebody whose presence could not be learnt.
const Unknown = "unknown"

// The reasons why a presence is unknown or was not renewed.
const (
	ReasonNotFetched  = "not-fetched"   // nobody has asked yet
	ReasonThrottled   = "throttled"     // Microsoft asked us to wait
	ReasonUnavailable = "unavailable"   // Microsoft did not answer, or not in time
	ReasonDenied      = "denied"        // a permission is missing
	ReasonNotInAnswer = "not-in-answer" // Microsoft does not tell this person's presence
	ReasonNotKnown    = "not-known"     // Microsoft answers that it does not know
	// ReasonNotOffered: the organisation's cloud tells nobody's presence.
	ReasonNotOffered = "not-offered"
	// ReasonSignInRequired: presence is read on behalf of agents, and none of
	// those who look has a sign-in that would do.
	ReasonSignInRequired = "sign-in-required"
)

// MaxBatch is how many ids Graph takes in one getPresencesByUserId.
const MaxBatch = 650

// Observation is one presence as Graph answered it, translated to the names of
// the HTTP contract (lower camel case: available, busy, doNotDisturb, away,
// beRightBack, offline, unknown ...).
type Observation struct {
	ID           graph.UserID
	Availability string
	Activity     string
	OutOfOffice  bool
	Sequence     string // Graph's sequenceNumber; empty where the cloud has none
}

// Source asks Microsoft Graph, for at most MaxBatch ids. Ids that Graph leaves
// out of its answer are absent from the result. Errors are those of package graph.
// Implementations must pass presencetest.Run.
type Source interface {
	Presences(ctx context.Context, tenant graph.TenantID, ids []graph.UserID) ([]Observation, error)
}

// Presence is what is known of one person now.
type Presence struct {
	ID           graph.UserID
	Availability string
	Activity     string
	ObservedAt   time.Time // when the request that saw it was sent; zero when unknown
	Age          time.Duration
	Stale        bool
	OutOfOffice  bool
	Origin       Origin
	Reason       string // why unknown or not renewed; empty when all is well
}

// Failure says why one id could not be refreshed; Reason as in Presence.
type Failure struct {
	ID     graph.UserID
	Reason string
}
