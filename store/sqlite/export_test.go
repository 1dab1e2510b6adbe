package sqlite

import "context"

// GatherFrom makes commits of so many steps busy ones, in which steps only
// arrive.
func GatherFrom(steps int) Option { return func(o *options) { o.pace.gatherFrom = steps } }

// SweepFrom sweeps from so many steps on, a few with each commit.
func SweepFrom(steps int) Option {
	return func(o *options) { o.pace.sweepFrom, o.pace.portion = steps, 2 }
}

// SortNow brings the steps that have arrived into their tables.
func (s *Store) SortNow(ctx context.Context) error {
	return s.writer.write(ctx, func(t *tx) (refused, err error) { return nil, t.sort() })
}

// Unpack gives what a value of the tables is when it is not compressed.
func Unpack(value []byte) ([]byte, error) { return unpack(value) }
