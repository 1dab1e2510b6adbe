package postgres

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"teamsbridge/consult"
)

// isText reports whether PostgreSQL can hold the text. What it cannot hold is
// not there either.
func isText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// Interaction reads one; consult.ErrNotFound.
func (s *Store) Interaction(ctx context.Context, tenant string, id consult.InteractionID) (consult.Stored, error) {
	if !isText(string(id)) {
		return consult.Stored{}, consult.ErrNotFound
	}
	all, err := s.stored(ctx, `SELECT id, tenant, version, live, state FROM interactions WHERE tenant = $1 AND id = $2`, tenant, string(id))
	if err != nil {
		return consult.Stored{}, err
	}
	if len(all) == 0 {
		return consult.Stored{}, consult.ErrNotFound
	}
	return all[0], nil
}

// Live reads all interactions that have not ended, of all tenants, oldest first.
func (s *Store) Live(ctx context.Context) ([]consult.Stored, error) {
	return s.stored(ctx, `SELECT id, tenant, version, live, state FROM interactions WHERE live ORDER BY n`)
}

// Owned reads the ended interactions that an agent owns or owned (agent ""
// means the whole tenant), newest first; a limit below one means all.
func (s *Store) Owned(ctx context.Context, tenant, agent string, limit int) ([]consult.Stored, error) {
	var most *int
	if limit >= 1 {
		most = &limit
	}
	return s.stored(ctx, `SELECT i.id, i.tenant, i.version, i.live, i.state FROM ended e JOIN interactions i ON i.n = e.interaction
		WHERE e.tenant = $1 AND e.agent = $2 AND NOT i.live ORDER BY e.at DESC, e.n DESC LIMIT $3`, tenant, agent, most)
}

func (s *Store) stored(ctx context.Context, query string, args ...any) ([]consult.Stored, error) {
	return collect(ctx, s, func(row pgx.CollectableRow) (one consult.Stored, err error) {
		err = row.Scan(&one.Interaction, &one.Tenant, &one.Version, &one.Live, &one.State)
		return one, err
	}, query, args...)
}

// History reads an interaction's entries in order; consult.ErrNotFound.
func (s *Store) History(ctx context.Context, tenant string, id consult.InteractionID) ([][]byte, error) {
	return s.lines(ctx, `SELECT j.entry FROM journal j JOIN interactions i ON i.n = j.interaction
		WHERE i.tenant = $1 AND i.id = $2 ORDER BY j.version`, tenant, id)
}

// Inputs reads an interaction's inputs in order; consult.ErrNotFound.
func (s *Store) Inputs(ctx context.Context, tenant string, id consult.InteractionID) ([][]byte, error) {
	return s.lines(ctx, `SELECT j.input FROM journal j JOIN interactions i ON i.n = j.interaction
		WHERE i.tenant = $1 AND i.id = $2 ORDER BY j.version`, tenant, id)
}

func (s *Store) lines(ctx context.Context, query, tenant string, id consult.InteractionID) ([][]byte, error) {
	if !isText(string(id)) {
		return nil, consult.ErrNotFound
	}
	all, err := collect(ctx, s, pgx.RowTo[[]byte], query, tenant, string(id))
	if err == nil && len(all) == 0 { // an interaction begins with its first entry
		return nil, consult.ErrNotFound
	}
	return all, err
}

// collect reads all rows of a query.
func collect[T any](ctx context.Context, s *Store, scan pgx.RowToFunc[T], query string, args ...any) (all []T, err error) {
	err = s.insist(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, query, args...)
		if err != nil {
			return fmt.Errorf("postgres: read: %w", err)
		}
		if all, err = pgx.CollectRows(rows, scan); err != nil {
			return fmt.Errorf("postgres: read: %w", err)
		}
		return nil
	})
	return all, err
}
