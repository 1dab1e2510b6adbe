package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"teamsbridge/graph"
)

var _ graph.Store = (*Store)(nil)

// Checkpoints reads how far each organisation's directory is kept.
func (s *Store) Checkpoints(ctx context.Context) (map[graph.TenantID]graph.Checkpoint, error) {
	type row struct {
		tenant graph.TenantID
		kept   graph.Checkpoint
	}
	rows, err := collect(ctx, s, func(from pgx.CollectableRow) (r row, err error) {
		var body []byte
		if err := from.Scan(&r.tenant, &body); err != nil {
			return r, err
		}
		return r, json.Unmarshal(body, &r.kept)
	}, `SELECT tenant, body FROM directories`)
	if err != nil {
		return nil, err
	}
	all := make(map[graph.TenantID]graph.Checkpoint, len(rows))
	for _, r := range rows {
		all[r.tenant] = r.kept
	}
	return all, nil
}

// expertsPage is how many people are read at once: a whole directory would take
// longer than a statement may.
const expertsPage = 10_000

// KeptExperts yields everybody of a generation until yield fails; then it
// returns that error.
func (s *Store) KeptExperts(ctx context.Context, tenant graph.TenantID, generation int64, yield func(graph.Expert) error) error {
	for last := ""; ; {
		page, err := collect(ctx, s, pgx.RowToStructByPos[graph.Expert], `SELECT id, name, given_name, surname, role, department, number
			FROM directory_experts WHERE n = (SELECT n FROM directory_generations WHERE tenant = $1 AND generation = $2)
			AND id > $3 ORDER BY id LIMIT $4`, string(tenant), generation, last, expertsPage)
		if err != nil {
			return err
		}
		for _, e := range page {
			if err := yield(e); err != nil {
				return err
			}
		}
		if len(page) < expertsPage {
			return nil
		}
		last = string(page[len(page)-1].ID)
	}
}

// KeepExperts writes a batch, all of it or nothing. Written twice it is as if
// written once.
func (s *Store) KeepExperts(ctx context.Context, tenant graph.TenantID, b graph.Batch) error {
	body, err := json.Marshal(b.Checkpoint)
	if err != nil {
		return fmt.Errorf("postgres: encode directory: %w", err)
	}
	return s.write(ctx, func(ctx context.Context) error {
		err := pgx.BeginFunc(ctx, s.pool, func(t pgx.Tx) error {
			if _, err := t.Exec(ctx, `INSERT INTO directories (tenant, complete, reading, body) VALUES ($1, $2, $3, $4)
				ON CONFLICT (tenant) DO UPDATE SET complete = excluded.complete, reading = excluded.reading, body = excluded.body`,
				string(tenant), b.Checkpoint.Complete.Generation, b.Checkpoint.Reading.Generation, body); err != nil {
				return err
			}
			return keepExperts(ctx, t, tenant, b)
		})
		if err != nil {
			return fmt.Errorf("postgres: keep experts: %w", err)
		}
		return nil
	})
}

func keepExperts(ctx context.Context, t pgx.Tx, tenant graph.TenantID, b graph.Batch) error {
	if len(b.Put)+len(b.Delete) == 0 {
		return nil
	}
	var n int64
	// The update that changes nothing is what makes RETURNING speak.
	if err := t.QueryRow(ctx, `INSERT INTO directory_generations (tenant, generation) VALUES ($1, $2)
		ON CONFLICT (tenant, generation) DO UPDATE SET generation = excluded.generation RETURNING n`,
		string(tenant), b.Generation).Scan(&n); err != nil {
		return err
	}
	columns := columnsOf(b.Put)
	if _, err := t.Exec(ctx, `INSERT INTO directory_experts (n, id, name, given_name, surname, role, department, number)
		SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
		ON CONFLICT (n, id) DO UPDATE SET name = excluded.name, given_name = excluded.given_name, surname = excluded.surname,
			role = excluded.role, department = excluded.department, number = excluded.number`,
		n, columns[0], columns[1], columns[2], columns[3], columns[4], columns[5], columns[6]); err != nil {
		return err
	}
	gone := make([]string, len(b.Delete))
	for i, id := range b.Delete {
		gone[i] = string(id)
	}
	_, err := t.Exec(ctx, `DELETE FROM directory_experts WHERE n = $1 AND id = ANY ($2)`, n, gone)
	return err
}

// columnsOf turns experts into columns; of one who is there twice the last counts.
func columnsOf(experts []graph.Expert) (columns [7][]string) {
	last := make(map[graph.UserID]int, len(experts))
	for i, e := range experts {
		last[e.ID] = i
	}
	for i, e := range experts {
		if last[e.ID] != i {
			continue
		}
		for c, value := range [7]string{string(e.ID), e.Name, e.GivenName, e.Surname, e.Role, e.Department, e.Number} {
			columns[c] = append(columns[c], value)
		}
	}
	return columns
}

// ForgetDirectory deletes an organisation's checkpoint; what is not there is
// no error.
func (s *Store) ForgetDirectory(ctx context.Context, tenant graph.TenantID) error {
	_, err := s.exec(ctx, `DELETE FROM directories WHERE tenant = $1`, string(tenant))
	return err
}

// PruneExperts deletes people of generations that no checkpoint names, at most
// limit of them. It returns how many; fewer than limit means that none are left.
func (s *Store) PruneExperts(ctx context.Context, limit int) (int, error) {
	const forgotten = `SELECT n FROM directory_generations g WHERE NOT EXISTS (
		SELECT 1 FROM directories d WHERE d.tenant = g.tenant AND g.generation IN (d.complete, d.reading))`
	rows, err := s.exec(ctx, `DELETE FROM directory_experts WHERE (n, id) IN (
		SELECT e.n, e.id FROM directory_experts e WHERE e.n IN (`+forgotten+`) LIMIT $1)`, limit)
	if err != nil || int(rows) == limit {
		return int(rows), err
	}
	_, err = s.exec(ctx, `DELETE FROM directory_generations WHERE n IN (`+forgotten+`)
		AND NOT EXISTS (SELECT 1 FROM directory_experts e WHERE e.n = directory_generations.n)`)
	return int(rows), err
}
