package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"teamsbridge/consult"
	"teamsbridge/store"
)

var _ store.Offboarding = (*Store)(nil)

// tenantTables finds the tables that have a column tenant; "_" stands for any
// character in a pattern.
const tenantTables = `SELECT t.name FROM sqlite_schema t, pragma_table_info(t.name) c
	WHERE t.type = 'table' AND c.name = 'tenant' AND t.name NOT LIKE 'audit\_%' ESCAPE '\' ORDER BY t.name`

// hanging are rows that belong to an organisation by other rows or by what they
// say; ?1 is the tenant. Journal lines and lists go with their interaction (ON
// DELETE CASCADE).
var hanging = []struct{ table, query string }{
	{"claims", `DELETE FROM claims WHERE substr(scope, 1, length(?1) + 1) = ?1 || '/'`},
	{"transactions", `DELETE FROM transactions WHERE json_extract(CAST(body AS TEXT), '$.Tenant') = ?1
		OR json_extract(CAST(body AS TEXT), '$.Session') IN (SELECT key FROM sessions WHERE tenant = ?1)`},
	{"directory_experts", `DELETE FROM directory_experts WHERE n IN (SELECT n FROM directory_generations WHERE tenant = ?1)`},
}

// Tenants names every organisation of which something is kept, in order.
func (s *Store) Tenants(ctx context.Context) ([]string, error) {
	tables, err := texts(ctx, s.readDB, tenantTables)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, table := range tables {
		some, err := texts(ctx, s.readDB, `SELECT DISTINCT tenant FROM "`+table+`" WHERE tenant <> ''`)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// Offboard deletes everything that is kept of an organisation but its audit,
// all of it or nothing, and counts the rows by table. The file keeps its size;
// the room is used again.
func (s *Store) Offboard(ctx context.Context, tenant string) (map[string]int, error) {
	var deleted map[string]int
	err := s.writer.sorted(s.writer.write)(ctx, func(t *tx) (refused, err error) {
		deleted = make(map[string]int)
		ids, err := texts(t.ctx, t.conn, `SELECT id FROM interactions WHERE tenant = ?`, tenant)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			t.heads[fullName{tenant, consult.InteractionID(id)}] = head{}
		}
		for _, h := range hanging {
			if err := t.count(deleted, h.table, h.query, tenant); err != nil {
				return nil, err
			}
		}
		tables, err := texts(t.ctx, t.conn, tenantTables)
		if err != nil {
			return nil, err
		}
		for _, table := range tables {
			if err := t.count(deleted, table, `DELETE FROM "`+table+`" WHERE tenant = ?`, tenant); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
	if err != nil {
		return nil, fmt.Errorf("sqlite: offboard: %w", err)
	}
	return deleted, nil
}

// count adds the rows that a deletion took to those of its table.
func (t *tx) count(deleted map[string]int, table, query, tenant string) error {
	done, err := t.conn.ExecContext(t.ctx, query, tenant)
	if err != nil {
		return fmt.Errorf("%s: %w", table, err)
	}
	rows, err := done.RowsAffected()
	if rows > 0 {
		deleted[table] += int(rows)
	}
	return err
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// texts reads one column.
func texts(ctx context.Context, from querier, query string, args ...any) (all []string, err error) {
	rows, err := from.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("sqlite: read: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, fmt.Errorf("sqlite: read: %w", err)
		}
		all = append(all, text)
	}
	return all, rows.Err()
}
