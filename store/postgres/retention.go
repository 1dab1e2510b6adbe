package postgres

import (
	"context"
	"time"

	"teamsbridge/consult"
)

// DeleteEnded deletes interactions that ended before the time, with their
// journal: the oldest first, at most limit of them.
func (s *Store) DeleteEnded(ctx context.Context, before time.Time, limit int) (int, error) {
	// Journal lines and lists go with the row (ON DELETE CASCADE).
	rows, err := s.exec(ctx, `DELETE FROM interactions WHERE n IN (
		SELECT i.n FROM ended e JOIN interactions i ON i.n = e.interaction
		WHERE e.agent = '' AND e.at < $1 AND NOT i.live ORDER BY e.at, e.n LIMIT $2)`, before.UnixMilli(), limit)
	return int(rows), err
}

// DeleteClaims deletes idempotency keys that were taken before the time, at
// most limit of them.
func (s *Store) DeleteClaims(ctx context.Context, before time.Time, limit int) (int, error) {
	rows, err := s.exec(ctx, `DELETE FROM claims WHERE (scope, key) IN (
		SELECT scope, key FROM claims WHERE at < $1 ORDER BY at LIMIT $2)`, before.UnixMilli(), limit)
	return int(rows), err
}

// Discard removes an interaction with its journal and its idempotency keys;
// consult.ErrNotFound.
func (s *Store) Discard(ctx context.Context, tenant string, id consult.InteractionID) error {
	if !isText(string(id)) {
		return consult.ErrNotFound
	}
	// A key's scope begins with the tenant, so the same id elsewhere keeps its own.
	rows, err := s.exec(ctx, `WITH taken_out AS (DELETE FROM interactions WHERE tenant = $1 AND id = $2 RETURNING id),
		keys AS (DELETE FROM claims WHERE interaction = (SELECT id FROM taken_out) AND substring(scope FOR length($3::bytea)) = $3)
		SELECT FROM taken_out`, tenant, string(id), []byte(tenant+"/"))
	if err == nil && rows == 0 {
		return consult.ErrNotFound
	}
	return err
}
