package postgres_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
)

// connect gives a connection beside the store's. It lasts as long as the test:
// one that nothing refers to any more is closed by the garbage collector, and
// what it had locked is free then.
func connect(tb testing.TB, dsn string) *pgx.Conn {
	tb.Helper()
	conn, err := pgx.Connect(tb.Context(), dsn)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := conn.Close(context.WithoutCancel(tb.Context())); err != nil {
			tb.Errorf("close a connection: %v", err)
		}
	})
	return conn
}

// execute runs SQL beside the store.
func execute(tb testing.TB, dsn, query string, args ...any) {
	tb.Helper()
	if _, err := connect(tb, dsn).Exec(tb.Context(), query, args...); err != nil {
		tb.Fatal(err)
	}
}
