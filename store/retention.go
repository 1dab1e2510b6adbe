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

// Retention is a store that can forget. Implementations pass storetest.RunRetention.
type Retention interface {
	// DeleteEnded deletes interactions that ended before the time, with their
	// journal: the oldest first, at most limit of them. It returns how many.
	DeleteEnded(ctx context.Context, before time.Time, limit int) (int, error)
	// DeleteNotes deletes what people wrote (consult.WithoutNotes) in interactions
	// that ended before the time, from their states and journals: the oldest first,
	// at most limit of them. It returns in how many there are none any more, each
	// once. Answers to commands go with their keys.
	DeleteNotes(ctx context.Context, before time.Time, limit int) (int, error)
	// DeleteClaims deletes idempotency keys that were taken before the time, at
	// most limit of them. It returns how many.
	DeleteClaims(ctx context.Context, before time.Time, limit int) (int, error)
	// DeleteRecents deletes consulted experts who were last consulted before
	// the time, of all agents, at most limit of them. It returns how many.
	DeleteRecents(ctx context.Context, before time.Time, limit int) (int, error)
	// DeleteReservations deletes reservations of consult numbers that were over
	// before the time, at most limit of them. It returns how many.
	DeleteReservations(ctx context.Context, before time.Time, limit int) (int, error)
	// DeleteAudit deletes audit lines from before the time, from each chain's
	// beginning, at most limit of them. It returns how many.
	DeleteAudit(ctx context.Context, before time.Time, limit int) (int, error)
}

// Keep says for how long things are kept; zero or less keeps them for ever.
type Keep struct {
	Interactions time.Duration // after they ended, with their journal
	Notes        time.Duration // what people wrote in interactions, after they ended; [KeyLife] at least
	Recents      time.Duration // whom an agent has consulted
	Audit        time.Duration
}

const sweepEvery = time.Hour

// A batch bounds how long a deletion keeps the steps of calls waiting; an
// interaction has some twenty rows, everything else has one.
const (
	interactionBatch = 50
	rowBatch         = 1000
)

// Sweeper forgets ended interactions, the notes in them before that, used
// idempotency keys, reservations that are over, whom agents have consulted and
// old lines of the audit.
type Sweeper struct {
	store   Retention
	keep    Keep
	logger  *slog.Logger
	deleted *prometheus.CounterVec
}

// NewSweeper makes a sweeper. Idempotency keys, and reservations that are over,
// are kept for [KeyLife] in any case.
func NewSweeper(store Retention, keep Keep, logger *slog.Logger, registerer prometheus.Registerer) *Sweeper {
	s := &Sweeper{store: store, keep: keep, logger: logger, deleted: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "teamsbridge_store_deleted_total",
		Help: "What was deleted because it was old enough, by kind: rows, or interactions whose notes are gone.",
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
	var all error
	for _, kind := range []struct {
		name   string
		keep   time.Duration
		batch  int
		remove func(ctx context.Context, before time.Time, limit int) (int, error)
	}{
		{"key", KeyLife, rowBatch, s.store.DeleteClaims},
		{"reservation", KeyLife, rowBatch, s.store.DeleteReservations}, // they hold their keys; the audit tells of them later
		{"recent", s.keep.Recents, rowBatch, s.store.DeleteRecents},
		{"interaction", s.keep.Interactions, interactionBatch, s.store.DeleteEnded},
		{"note", s.keep.Notes, interactionBatch, s.store.DeleteNotes},
		{"audit", s.keep.Audit, rowBatch, s.store.DeleteAudit},
	} {
		if kind.keep <= 0 {
			continue
		}
		all = errors.Join(all, s.all(kind.name, func() (int, error) { return kind.remove(ctx, now.Add(-kind.keep), kind.batch) }, kind.batch))
	}
	return all
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
