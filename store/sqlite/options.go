package sqlite

import (
	"context"
	"log/slog"
	"time"
)

// Option is what a Store can be given beside its file.
type Option func(*options)

type options struct {
	disk *disk
	pace pace
}

// WithReserve keeps so many bytes beside the database for urgent steps of the
// time when the disk is full. Without it none are kept.
func WithReserve(bytes int64) Option { return func(o *options) { o.disk.size = max(bytes, 0) } }

// WithLogger tells of a disk that fills and has room again. Without it nobody
// is told.
func WithLogger(l *slog.Logger) Option { return func(o *options) { o.disk.logger = l } }

// Existing opens a file that is there and of this program's schema, and leaves
// both as they are: for looking at it beside the service.
func Existing() Option { return func(o *options) { o.disk.existing = true } }

// Open opens or creates the file and brings its schema up to date. A file of a
// newer schema is refused with *store.NewerSchemaError. On a full disk the
// reserve is given up where opening needs its room.
func Open(ctx context.Context, path string, changes ...Option) (*Store, error) {
	d := &disk{
		path: path + reserveSuffix, logger: slog.New(slog.DiscardHandler), allocate: allocate, looks: time.Tick(lookEvery),
	}
	o := options{disk: d, pace: pace{gatherFrom: gatherFrom, sweepFrom: sweepFrom, portion: portion, quietAfter: quietAfter}}
	for _, change := range changes {
		change(&o)
	}
	s, err := open(ctx, path, o)
	if isFull(err) && d.ranOut(ctx, err) {
		s, err = open(ctx, path, o)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Full reports whether the disk is full: urgent steps are written as long as
// the reserve lasts, everything else is refused with [ErrFull].
func (s *Store) Full() bool { return s.disk.full.Load() }
