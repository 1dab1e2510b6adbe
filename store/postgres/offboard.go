package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"teamsbridge/store"
)

var _ store.Offboarding = (*Store)(nil)

// tenantTables finds the tables of this schema that have a column tenant.
const tenantTables = `SELECT c.table_name::text FROM information_schema.columns c
	JOIN information_schema.tables t USING (table_schema, table_name)
	WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
	AND c.column_name = 'tenant' AND c.table_name NOT LIKE 'audit\_%' ORDER BY 1`

// hanging are rows that belong to an organisation by other rows or by what they
// say; $1 is the tenant. Journal lines and lists go with their interaction (ON
// DELETE CASCADE).
var hanging = []struct{ table, query string }{
	{"claims", `DELETE FROM claims WHERE substring(scope FOR length($1::text) + 1) = convert_to($1::text || '/', 'UTF8')`},
	{"transactions", `DELETE FROM transactions WHERE convert_from(body, 'UTF8')::jsonb ->> 'Tenant' = $1
		OR convert_from(body, 'UTF8')::jsonb ->> 'Session' IN (SELECT key FROM sessions WHERE tenant = $1)`},
	{"directory_experts", `DELETE FROM directory_experts WHERE n IN (SELECT n FROM directory_generations WHERE tenant = $1)`},
}

// Tenants names every organisation of which something is kept, in order.
func (s *Store) Tenants(ctx context.Context) ([]string, error) {
	tables, err := collect(ctx, s, pgx.RowTo[string], tenantTables)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, table := range tables {
		some, err := collect(ctx, s, pgx.RowTo[string], `SELECT DISTINCT tenant FROM `+pgx.Identifier{table}.Sanitize()+` WHERE tenant <> ''`)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// Offboard deletes everything that is kept of an organisation but its audit,
// all of it or nothing, and counts the rows by table.
func (s *Store) Offboard(ctx context.Context, tenant string) (map[string]int, error) {
	deleted := make(map[string]int)
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		// The limits of time are for steps of calls; this is all of an organisation.
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0`); err != nil {
			return err
		}
		count := func(table, query string) error {
			done, err := tx.Exec(ctx, query, tenant)
			if err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
			if rows := done.RowsAffected(); rows > 0 {
				deleted[table] += int(rows)
			}
			return nil
		}
		for _, h := range hanging {
			if err := count(h.table, h.query); err != nil {
				return err
			}
		}
		rows, err := tx.Query(ctx, tenantTables)
		if err != nil {
			return err
		}
		tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		for _, table := range tables {
			if err := count(table, `DELETE FROM `+pgx.Identifier{table}.Sanitize()+` WHERE tenant = $1`); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("postgres: offboard: %w", err)
	}
	return deleted, nil
}
