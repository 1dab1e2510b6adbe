package sqlite

import (
	"context"

	"teamsbridge/consult"
)

// Discard removes an interaction with its journal and its idempotency keys;
// consult.ErrNotFound.
func (s *Store) Discard(ctx context.Context, tenant string, id consult.InteractionID) error {
	return s.writer.sorted(s.writer.urgent)(ctx, func(t *tx) (refused, err error) {
		t.heads[fullName{tenant, id}] = head{}
		// Journal lines and lists go with the row (ON DELETE CASCADE).
		done, err := t.conn.ExecContext(t.ctx, `DELETE FROM interactions WHERE tenant = ? AND id = ?`, tenant, string(id))
		if err != nil {
			return nil, err
		}
		if refused, err = missing(done, consult.ErrNotFound); refused != nil || err != nil {
			return refused, err
		}
		// A key's scope begins with the tenant, so the same id elsewhere keeps its own.
		_, err = t.conn.ExecContext(t.ctx, `DELETE FROM claims WHERE interaction = ? AND substr(scope, 1, ?) = ?`,
			string(id), len(tenant)+1, tenant+"/")
		return nil, err
	})
}
