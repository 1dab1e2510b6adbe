package store

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// KeyLife is how long an idempotency key is taken.
const KeyLife = 24 * time.Hour

// RecentLife is how long an agent is told whom they have consulted.
const RecentLife = 30 * 24 * time.Hour

// Retention is a store that can forget. Implementations pass storetest.RunRetention.
type Retention interface {
	// DeleteEnded deletes interactions that ended before the time, with their
	// journal: the oldest first, at most limit of them. It returns how many.
	DeleteEnded(ctx context.Context, before time.Time, limit int) (int, error)
	// DeleteClaims deletes idempotency keys that were taken before the time, at
	// most limit of them. It returns how many.
	DeleteClaims(ctx context.Context, before time.Time, limit int) (int, error)
	// DeleteRecents deletes consulted experts who were last consulted before
	// the time, of all agents, at most limit of them. It returns how many.
	DeleteRecents(ctx context.Context, before time.Time, limit int) (int, error)
}

const sweepEvery = time.Hour

// A batch bounds how long a deletion keeps the steps of calls waiting; an
// interaction has some twenty rows, everything else has one.
const (
	interactionBatch = 50
	rowBatch         = 1000
)

// Sweeper forgets ended interactions, used idempotency keys and whom agents
// have consulted.
type Sweeper struct {
	store   Retention
	keep    time.Duration
	logger  *slog.Logger
	deleted *prometheus.CounterVec
}

// NewSweeper makes a sweeper that keeps ended interactions for so long; zero or
// less keeps them for ever. Idempotency keys are kept for [KeyLife] and consulted
// experts for [RecentLife] in any case.
func NewSweeper(store Retention, keep time.Duration, logger *slog.Logger, registerer prometheus.Registerer) *Sweeper {
	s := &Sweeper{store: store, keep: keep, logger: logger, deleted: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "teamsbridge_store_deleted_total",
		Help: "Rows deleted because they were old enough, by kind.",
	}, []string{"kind"})}
	registerer.MustRegister(s.deleted)
	return s
}

// Run sweeps at once and then every hour, until ctx ends. It returns nil: what
// could not be deleted now is deleted an hour later.
func (s *Sweeper) Run(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.logger.WarnContext(ctx, "old rows not deleted", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Sweep deletes all that is old enough now, batch by batch.
func (s *Sweeper) Sweep(ctx context.Context) error {
	now := time.Now()
	err := errors.Join(
		s.all("key", func() (int, error) { return s.store.DeleteClaims(ctx, now.Add(-KeyLife), rowBatch) }, rowBatch),
		s.all("recent", func() (int, error) { return s.store.DeleteRecents(ctx, now.Add(-RecentLife), rowBatch) }, rowBatch))
	if s.keep <= 0 {
		return err
	}
	return errors.Join(err, s.all("interaction", func() (int, error) {
		return s.store.DeleteEnded(ctx, now.Add(-s.keep), interactionBatch)
	}, interactionBatch))
}

// all deletes until a batch is not full.
func (s *Sweeper) all(kind string, remove func() (int, error), batch int) error {
	for {
		n, err := remove()
		s.deleted.WithLabelValues(kind).Add(float64(n))
		if err != nil || n < batch {
			return err
		}
	}
}
