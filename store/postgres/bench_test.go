package postgres_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"teamsbridge/store/postgres"
	"teamsbridge/store/postgres/pgtest"
	"teamsbridge/store/storetest"
)

// BenchmarkPostgreSQL measures durable steps of many interactions in turns with
// the least that one statement can be: an INSERT of as many bytes into a table
// without an index, on the same server, over as many connections.
//
//	go test -run - -bench PostgreSQL -benchtime 15x ./store/postgres
func BenchmarkPostgreSQL(b *testing.B) {
	const round = 200 * time.Millisecond
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			dsn := pgtest.Database(b)
			s := openWith(b, dsn, postgres.Options{})
			plain := newPlain(b, dsn)
			body := bytes.Repeat([]byte("p"), storetest.LoadBytes)
			written := make([]int, writers)
			var ours, least storetest.Load
			for b.Loop() {
				if err := least.Round(writers, round, func(int) error {
					_, err := plain.Exec(b.Context(), `INSERT INTO plain (body) VALUES ($1)`, body)
					return err
				}); err != nil {
					b.Fatal(err)
				}
				if err := ours.Round(writers, round, func(w int) error {
					written[w]++
					return s.Append(b.Context(), storetest.LoadRecord(w, written[w]-1))
				}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(0, "ns/op") // a round is as long as it is
			b.ReportMetric(ours.PerSecond(), "steps/s")
			b.ReportMetric(least.PerSecond(), "plain_steps/s")
			b.ReportMetric(ours.PerSecond()/least.PerSecond(), "ratio")
			b.ReportMetric(float64(ours.Percentile(99)), "p99_ns")
			b.ReportMetric(float64(least.Percentile(99)), "plain_p99_ns")
		})
	}
}

func newPlain(b *testing.B, dsn string) *pgxpool.Pool {
	b.Helper()
	execute(b, dsn, `CREATE TABLE plain (body bytea NOT NULL)`)
	plain, err := pgxpool.New(b.Context(), fmt.Sprintf("%s pool_max_conns=%d", dsn, postgres.DefaultConnections))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(plain.Close)
	return plain
}
