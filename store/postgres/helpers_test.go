package postgres_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
)

// connect gives a connection beside the store's.
func connect(tb testing.TB, dsn string) *pgx.Conn {
	tb.Helper()
	conn, err := pgx.Connect(tb.Context(), dsn)
	if err != nil {
		tb.Fatal(err)
	}
	return conn
}

// execute runs SQL beside the store.
func execute(tb testing.TB, dsn, query string, args ...any) {
	tb.Helper()
	conn := connect(tb, dsn)
	_, err := conn.Exec(tb.Context(), query, args...)
	if closeErr := conn.Close(tb.Context()); err != nil || closeErr != nil {
		tb.Fatal(err, closeErr)
	}
}
