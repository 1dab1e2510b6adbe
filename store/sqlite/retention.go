package sqlite

import (
	"context"
	"time"
)

// DeleteEnded deletes interactions that ended before the time, with their
// journal: the oldest first, at most limit of them. The file keeps its size;
// the room is used again.
func (s *Store) DeleteEnded(ctx context.Context, before time.Time, limit int) (int, error) {
	// Journal lines and lists go with the row (ON DELETE CASCADE).
	return s.deleteBy(ctx, s.writer.sorted(s.writer.write), `DELETE FROM interactions WHERE n IN (
		SELECT i.n FROM ended e JOIN interactions i ON i.n = e.interaction
		WHERE e.agent = '' AND e.at < ? AND i.live = 0 ORDER BY e.at, e.n LIMIT ?)`, before.UnixMilli(), limit)
}

// DeleteClaims deletes idempotency keys that were taken before the time, at
// most limit of them.
func (s *Store) DeleteClaims(ctx context.Context, before time.Time, limit int) (int, error) {
	return s.delete(ctx, `DELETE FROM claims WHERE (scope, key) IN (
		SELECT scope, key FROM claims WHERE at < ? LIMIT ?)`, before.UnixMilli(), limit)
}

// delete counts the rows that went.
func (s *Store) delete(ctx context.Context, query string, args ...any) (int, error) {
	return s.deleteBy(ctx, s.writer.write, query, args...)
}

func (s *Store) deleteBy(ctx context.Context, write writing, query string, args ...any) (int, error) {
	var rows int64
	err := write(ctx, func(t *tx) (refused, err error) {
		done, err := t.conn.ExecContext(t.ctx, query, args...)
		if err != nil {
			return nil, err
		}
		rows, err = done.RowsAffected()
		return nil, err
	})
	return int(rows), err
}
