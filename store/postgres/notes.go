package postgres

import (
	"bytes"
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"teamsbridge/consult"
)

// DeleteNotes deletes what people wrote in interactions that ended before the
// time, from their states and journals: the oldest first, at most limit of them.
// It returns in how many there are none any more. Those that somebody else is
// working on are left for the next time.
func (s *Store) DeleteNotes(ctx context.Context, before time.Time, limit int) (done int, err error) {
	err = s.inTransaction(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var ns []int64
		var states [][]byte
		rows, _ := tx.Query(ctx, `SELECT i.n, i.state FROM ended e JOIN interactions i ON i.n = e.interaction
			WHERE e.agent = '' AND e.notes AND e.at < $1 AND NOT i.live ORDER BY e.at, e.n LIMIT $2
			FOR UPDATE OF i SKIP LOCKED`, before.UnixMilli(), limit) // its error comes from ForEachRow
		var n int64
		var state []byte
		if _, err := pgx.ForEachRow(rows, []any{&n, &state}, func() error {
			ns, states = append(ns, n), append(states, consult.WithoutNotes(state))
			return nil
		}); err != nil {
			return err
		}
		if err := dropNotes(ctx, tx, ns, states); err != nil {
			return err
		}
		done = len(ns)
		return nil
	})
	return done, err
}

// dropNotes takes the notes out of the journals of locked interactions and puts
// their new states in place.
func dropNotes(ctx context.Context, tx pgx.Tx, ns []int64, states [][]byte) error {
	var of, versions []int64
	var inputs, entries [][]byte
	rows, _ := tx.Query(ctx, `SELECT interaction, version, input, entry FROM journal WHERE interaction = ANY($1)`, ns) // its error comes from ForEachRow
	var n, version int64
	var input, entry []byte
	if _, err := pgx.ForEachRow(rows, []any{&n, &version, &input, &entry}, func() error {
		newInput, newEntry := consult.WithoutNotes(input), consult.WithoutNotes(entry)
		if !bytes.Equal(newInput, input) || !bytes.Equal(newEntry, entry) {
			of, versions = append(of, n), append(versions, version)
			inputs, entries = append(inputs, newInput), append(entries, newEntry)
		}
		return nil
	}); err != nil {
		return err
	}
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`UPDATE journal j SET input = s.input, entry = s.entry
			FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[]) AS s(interaction, version, input, entry)
			WHERE j.interaction = s.interaction AND j.version = s.version`, []any{of, versions, inputs, entries}},
		{`UPDATE interactions i SET state = s.state FROM unnest($1::bigint[], $2::bytea[]) AS s(n, state)
			WHERE i.n = s.n AND i.state <> s.state`, []any{ns, states}},
		{`UPDATE ended SET notes = false WHERE agent = '' AND interaction = ANY($1)`, []any{ns}},
	} {
		if _, err := tx.Exec(ctx, step.query, step.args...); err != nil {
			return err
		}
	}
	return nil
}
