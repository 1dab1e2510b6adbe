package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"teamsbridge/graph"
)

var _ graph.Store = (*Store)(nil)

// Checkpoints reads how far each organisation's directory is kept.
func (s *Store) Checkpoints(ctx context.Context) (map[graph.TenantID]graph.Checkpoint, error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT tenant, body FROM directories`)
	if err != nil {
		return nil, fmt.Errorf("sqlite: read directories: %w", err)
	}
	defer rows.Close()
	all := map[graph.TenantID]graph.Checkpoint{}
	for rows.Next() {
		var tenant graph.TenantID
		var body []byte
		if err := rows.Scan(&tenant, &body); err != nil {
			return nil, fmt.Errorf("sqlite: read directories: %w", err)
		}
		var c graph.Checkpoint
		if err := json.Unmarshal(body, &c); err != nil {
			return nil, fmt.Errorf("sqlite: decode directory: %w", err)
		}
		all[tenant] = c
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: read directories: %w", err)
	}
	return all, nil
}

// KeptExperts yields everybody of a generation until yield fails; then it
// returns that error.
func (s *Store) KeptExperts(ctx context.Context, tenant graph.TenantID, generation int64, yield func(graph.Expert) error) error {
	rows, err := s.readDB.QueryContext(ctx, `SELECT id, name, given_name, surname, role, department, number FROM directory_experts
		WHERE n = (SELECT n FROM directory_generations WHERE tenant = ? AND generation = ?)`, string(tenant), generation)
	if err != nil {
		return fmt.Errorf("sqlite: read experts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var e graph.Expert
		if err := rows.Scan(&e.ID, &e.Name, &e.GivenName, &e.Surname, &e.Role, &e.Department, &e.Number); err != nil {
			return fmt.Errorf("sqlite: read experts: %w", err)
		}
		if err := yield(e); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("sqlite: read experts: %w", err)
	}
	return nil
}

// KeepExperts writes a batch, all of it or nothing.
func (s *Store) KeepExperts(ctx context.Context, tenant graph.TenantID, b graph.Batch) error {
	body, err := json.Marshal(b.Checkpoint)
	if err != nil {
		return fmt.Errorf("sqlite: encode directory: %w", err)
	}
	return s.writer.write(ctx, func(t *tx) (refused, err error) {
		if _, err := t.conn.ExecContext(t.ctx, `INSERT OR REPLACE INTO directories (tenant, complete, reading, body) VALUES (?, ?, ?, ?)`,
			string(tenant), b.Checkpoint.Complete.Generation, b.Checkpoint.Reading.Generation, body); err != nil {
			return nil, err
		}
		if len(b.Put)+len(b.Delete) == 0 {
			return nil, nil
		}
		var n int64
		// The update that changes nothing is what makes RETURNING speak.
		if err := t.conn.QueryRowContext(t.ctx, `INSERT INTO directory_generations (tenant, generation) VALUES (?, ?)
			ON CONFLICT DO UPDATE SET generation = excluded.generation RETURNING n`, string(tenant), b.Generation).Scan(&n); err != nil {
			return nil, err
		}
		return nil, t.keepExperts(n, b)
	})
}

func (t *tx) keepExperts(n int64, b graph.Batch) (err error) {
	put, err := t.conn.PrepareContext(t.ctx, `INSERT OR REPLACE INTO directory_experts
		(n, id, name, given_name, surname, role, department, number) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, put.Close()) }()
	for _, e := range b.Put {
		if _, err := put.ExecContext(t.ctx, n, string(e.ID), e.Name, e.GivenName, e.Surname, e.Role, e.Department, e.Number); err != nil {
			return err
		}
	}
	for _, id := range b.Delete {
		if _, err := t.conn.ExecContext(t.ctx, `DELETE FROM directory_experts WHERE n = ? AND id = ?`, n, string(id)); err != nil {
			return err
		}
	}
	return nil
}

// ForgetDirectory deletes an organisation's checkpoint; what is not there is
// no error.
func (s *Store) ForgetDirectory(ctx context.Context, tenant graph.TenantID) error {
	return s.writer.exec(ctx, `DELETE FROM directories WHERE tenant = ?`, string(tenant))
}

// PruneExperts deletes people of generations that no checkpoint names, at most
// limit of them. It returns how many; fewer than limit means that none are left.
func (s *Store) PruneExperts(ctx context.Context, limit int) (int, error) {
	deleted := 0
	err := s.writer.write(ctx, func(t *tx) (refused, err error) {
		for deleted = 0; deleted < limit; {
			n, more, err := t.pruneGeneration(limit - deleted)
			if err != nil || !more {
				return nil, err
			}
			deleted += n
		}
		return nil, nil
	})
	if err != nil {
		return 0, err
	}
	return deleted, nil
}

// pruneGeneration deletes people of one generation that no checkpoint names;
// more is false when there is none.
func (t *tx) pruneGeneration(limit int) (deleted int, more bool, err error) {
	var n int64
	err = t.conn.QueryRowContext(t.ctx, `SELECT n FROM directory_generations g WHERE NOT EXISTS (
		SELECT 1 FROM directories d WHERE d.tenant = g.tenant AND g.generation IN (d.complete, d.reading)) LIMIT 1`).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	done, err := t.conn.ExecContext(t.ctx, `DELETE FROM directory_experts WHERE n = ?1 AND id IN (
		SELECT id FROM directory_experts WHERE n = ?1 LIMIT ?2)`, n, limit)
	if err != nil {
		return 0, false, err
	}
	rows, err := done.RowsAffected()
	if err != nil {
		return 0, false, err
	}
	if int(rows) < limit {
		_, err = t.conn.ExecContext(t.ctx, `DELETE FROM directory_generations WHERE n = ?`, n)
	}
	return int(rows), true, err
}
