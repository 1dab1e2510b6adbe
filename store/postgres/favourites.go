package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"teamsbridge/graph"
)

// Favourites reads whom an agent has marked, in the order of marking.
func (s *Store) Favourites(ctx context.Context, tenant, agent string) ([]graph.UserID, error) {
	return collect(ctx, s, pgx.RowTo[graph.UserID],
		`SELECT expert FROM favourites WHERE tenant = $1 AND agent = $2 ORDER BY at, expert COLLATE "C"`, tenant, agent)
}

// AddFavourite marks an expert for an agent; marking again changes nothing. It
// is false, and nothing is changed, when the agent has marked most others.
func (s *Store) AddFavourite(ctx context.Context, tenant, agent string, expert graph.UserID, at time.Time, most int) (marked bool, err error) {
	err = s.write(ctx, func(ctx context.Context) error {
		// Two at the same instant may go one over the limit, which harms nobody.
		err := s.pool.QueryRow(ctx, `WITH added AS (
			INSERT INTO favourites (tenant, agent, expert, at) SELECT $1, $2, $3, $4
			WHERE (SELECT count(*) FROM favourites WHERE tenant = $1 AND agent = $2) < $5
			ON CONFLICT DO NOTHING RETURNING expert)
			SELECT EXISTS (SELECT FROM added) OR EXISTS (SELECT FROM favourites WHERE tenant = $1 AND agent = $2 AND expert = $3)`,
			tenant, agent, string(expert), at.UnixMilli(), most).Scan(&marked)
		if err != nil {
			return fmt.Errorf("postgres: add favourite: %w", err)
		}
		return nil
	})
	return marked, err
}

// RemoveFavourite takes a mark away; one that is not there is no error.
func (s *Store) RemoveFavourite(ctx context.Context, tenant, agent string, expert graph.UserID) error {
	if !isText(string(expert)) {
		return nil
	}
	_, err := s.exec(ctx, `DELETE FROM favourites WHERE tenant = $1 AND agent = $2 AND expert = $3`, tenant, agent, string(expert))
	return err
}

// Recents reads whom an agent has consulted, the latest first.
func (s *Store) Recents(ctx context.Context, tenant, agent string) ([]graph.UserID, error) {
	return collect(ctx, s, pgx.RowTo[graph.UserID],
		`SELECT expert FROM recents WHERE tenant = $1 AND agent = $2 ORDER BY at DESC, expert COLLATE "C"`, tenant, agent)
}

// AddRecent keeps that an agent has consulted an expert, and the latest most of
// such experts.
func (s *Store) AddRecent(ctx context.Context, tenant, agent string, expert graph.UserID, at time.Time, most int) error {
	if _, err := s.exec(ctx, `INSERT INTO recents AS known (tenant, agent, expert, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (tenant, agent, expert) DO UPDATE SET at = greatest(known.at, excluded.at)`,
		tenant, agent, string(expert), at.UnixMilli()); err != nil {
		return err
	}
	_, err := s.exec(ctx, `DELETE FROM recents WHERE tenant = $1 AND agent = $2 AND expert IN (
		SELECT expert FROM recents WHERE tenant = $1 AND agent = $2 ORDER BY at DESC, expert COLLATE "C" OFFSET $3)`, tenant, agent, most)
	return err
}

// DeleteRecents deletes consulted experts who were last consulted before the
// time, of all agents, at most limit of them.
func (s *Store) DeleteRecents(ctx context.Context, before time.Time, limit int) (int, error) {
	rows, err := s.exec(ctx, `DELETE FROM recents WHERE (tenant, agent, expert) IN (
		SELECT tenant, agent, expert FROM recents WHERE at < $1 ORDER BY at LIMIT $2)`, before.UnixMilli(), limit)
	return int(rows), err
}
