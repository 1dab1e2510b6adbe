package presence

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/graph"
)

// Origin says how a presence was learnt.
type Origin string

// The origins, in the words of the HTTP contract.
const (
	OriginPoll    Origin = "poll"
	OriginPush    Origin = "push"
	OriginRefresh Origin = "refresh"
)

// Unknown is the availability of somebody whose presence could not be learnt.
const Unknown = "unknown"

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

// Source asks Microsoft Graph. Ids that Graph leaves out of its answer are
// absent from the result. Errors are those of package graph.
type Source interface {
	Presences(ctx context.Context, tenant graph.TenantID, ids []graph.UserID) ([]Observation, error)
}

// Presence is what is known of one person now.
type Presence struct {
	ID           graph.UserID
	Availability string
	Activity     string
	ObservedAt   time.Time // zero when unknown
	Age          time.Duration
	Stale        bool
	Origin       Origin
	OutOfOffice  bool
	Reason       string // why unknown or not renewed: "", "not-fetched", "throttled", "unavailable", "denied", "not-in-answer"
}

// Failure says why one id could not be refreshed; Reason as in Presence.
type Failure struct {
	ID     graph.UserID
	Reason string
}

// Config is the presence part of the configuration.
type Config struct {
	PollInterval  time.Duration `koanf:"poll_interval"`  // of what somebody looks at
	StaleAfter    time.Duration `koanf:"stale_after"`    // age from which a presence is marked old
	CollectWindow time.Duration `koanf:"collect_window"` // ids are gathered this long into one request
}

// Deps are what the Cache works with.
type Deps struct {
	Source     Source
	Logger     *slog.Logger
	Registerer prometheus.Registerer
}

// Cache holds what is known, for all organisations of this process.
type Cache struct{}

// NewCache makes an empty cache.
func NewCache(cfg Config, deps Deps) (*Cache, error) { return nil, errors.ErrUnsupported }

// Run polls what is watched until ctx ends.
func (c *Cache) Run(ctx context.Context) error { return errors.ErrUnsupported }

// Read answers from memory at once, one Presence per id in the order asked.
func (c *Cache) Read(tenant graph.TenantID, ids []graph.UserID) []Presence { return nil }

// Fetch answers like Read after asking Graph for those that are not known or
// stale, one shared request for all who wait. It never fails: what could not
// be learnt is Unknown (or keeps its age) with the reason.
func (c *Cache) Fetch(ctx context.Context, tenant graph.TenantID, ids []graph.UserID) []Presence {
	return nil
}

// Refresh never answers from the cache: each presence was observed by a
// request that began after the call did.
func (c *Cache) Refresh(ctx context.Context, tenant graph.TenantID, ids []graph.UserID) ([]Presence, []Failure) {
	return nil, nil
}

// Watch opens an empty watcher for one event stream.
func (c *Cache) Watch(tenant graph.TenantID) *Watcher { return nil }

// Watcher is what one event stream looks at; it drives the polling.
type Watcher struct{}

// Set replaces the watched ids (at most MaxBatch).
func (w *Watcher) Set(ids []graph.UserID) {}

// Changes delivers presences of watched ids as they change, coalesced: a slow
// reader gets the newest of each id, never a backlog. Closed by Close.
func (w *Watcher) Changes() <-chan []Presence { return nil }

// Close ends the watch.
func (w *Watcher) Close() {}
