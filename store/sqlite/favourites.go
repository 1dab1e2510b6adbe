package sqlite

import (
	"context"
	"fmt"
	"time"

	"teamsbridge/graph"
)

// Favourites reads whom an agent has marked, in the order of marking.
func (s *Store) Favourites(ctx context.Context, tenant, agent string) ([]graph.UserID, error) {
	return s.experts(ctx, `SELECT expert FROM favourites WHERE tenant = ? AND agent = ? ORDER BY at, expert`, tenant, agent)
}

// AddFavourite marks an expert for an agent; marking again changes nothing. It
// is false, and nothing is changed, when the agent has marked most others.
func (s *Store) AddFavourite(ctx context.Context, tenant, agent string, expert graph.UserID, at time.Time, most int) (marked bool, err error) {
	err = s.writer.write(ctx, func(t *tx) (refused, err error) {
		if _, err := t.conn.ExecContext(t.ctx, `INSERT INTO favourites (tenant, agent, expert, at) SELECT ?1, ?2, ?3, ?4
			WHERE (SELECT count(*) FROM favourites WHERE tenant = ?1 AND agent = ?2) < ?5 ON CONFLICT DO NOTHING`,
			tenant, agent, string(expert), at.UnixMilli(), most); err != nil {
			return nil, err
		}
		return nil, t.conn.QueryRowContext(t.ctx, `SELECT EXISTS (SELECT 1 FROM favourites WHERE tenant = ? AND agent = ? AND expert = ?)`,
			tenant, agent, string(expert)).Scan(&marked)
	})
	return marked, err
}

// RemoveFavourite takes a mark away; one that is not there is no error.
func (s *Store) RemoveFavourite(ctx context.Context, tenant, agent string, expert graph.UserID) error {
	return s.writer.exec(ctx, `DELETE FROM favourites WHERE tenant = ? AND agent = ? AND expert = ?`, tenant, agent, string(expert))
}

// Recents reads whom an agent has consulted, the latest first.
func (s *Store) Recents(ctx context.Context, tenant, agent string) ([]graph.UserID, error) {
	return s.experts(ctx, `SELECT expert FROM recents WHERE tenant = ? AND agent = ? ORDER BY at DESC, expert`, tenant, agent)
}

// AddRecent keeps that an agent has consulted an expert, and the latest most of
// such experts.
func (s *Store) AddRecent(ctx context.Context, tenant, agent string, expert graph.UserID, at time.Time, most int) error {
	return s.writer.write(ctx, func(t *tx) (refused, err error) {
		if _, err := t.conn.ExecContext(t.ctx, `INSERT INTO recents (tenant, agent, expert, at) VALUES (?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET at = max(at, excluded.at)`, tenant, agent, string(expert), at.UnixMilli()); err != nil {
			return nil, err
		}
		_, err = t.conn.ExecContext(t.ctx, `DELETE FROM recents WHERE tenant = ?1 AND agent = ?2 AND expert NOT IN (
			SELECT expert FROM recents WHERE tenant = ?1 AND agent = ?2 ORDER BY at DESC, expert LIMIT ?3)`, tenant, agent, most)
		return nil, err
	})
}

// DeleteRecents deletes consulted experts who were last consulted before the
// time, of all agents, at most limit of them.
func (s *Store) DeleteRecents(ctx context.Context, before time.Time, limit int) (int, error) {
	return s.delete(ctx, `DELETE FROM recents WHERE (tenant, agent, expert) IN (
		SELECT tenant, agent, expert FROM recents WHERE at < ? LIMIT ?)`, before.UnixMilli(), limit)
}

// experts reads ids. The lists are read when a person opens them: not worth
// preparing.
func (s *Store) experts(ctx context.Context, query string, args ...any) ([]graph.UserID, error) {
	rows, err := s.readDB.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("sqlite: read experts: %w", err)
	}
	defer rows.Close()
	var all []graph.UserID
	for rows.Next() {
		var id graph.UserID
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("sqlite: read experts: %w", err)
		}
		all = append(all, id)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: read experts: %w", err)
	}
	return all, nil
}
