package postgres_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"teamsbridge/store/postgres/pgtest"
	"teamsbridge/store/storetest"
)

func TestOffboarding(t *testing.T) {
	storetest.RunOffboarding(t, func(t *testing.T) (storetest.WholeStore, storetest.Dump) {
		dsn := pgtest.Schema(t)
		return open(t, dsn), func(t *testing.T) map[string][]string { return dump(t, dsn) }
	})
}

// dump reads every table past the store; bytes as the text that they are.
func dump(t *testing.T, dsn string) map[string][]string {
	t.Helper()
	conn := connect(t, dsn)
	query := func(text string) []string {
		rows, err := conn.Query(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		all, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	all := make(map[string][]string)
	for _, table := range query(`SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()`) {
		// encode(…, 'escape') shows bytes as text; a row's own text shows them in hex.
		all[table] = query(`SELECT coalesce((SELECT string_agg(
			CASE WHEN value LIKE '\\x%' THEN encode(value::bytea, 'escape') ELSE value END, '|' ORDER BY key)
			FROM jsonb_each_text(to_jsonb(r))), '') AS line FROM ` + pgx.Identifier{table}.Sanitize() + ` r ORDER BY line`)
	}
	return all
}
