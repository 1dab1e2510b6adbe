package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"time"

	"teamsbridge/consult"
)

// DeleteNotes deletes what people wrote in interactions that ended before the
// time, from their states and journals: the oldest first, at most limit of them.
// It returns in how many there are none any more.
func (s *Store) DeleteNotes(ctx context.Context, before time.Time, limit int) (done int, err error) {
	// Sorted, so that no note has only arrived.
	err = s.writer.sorted(s.writer.write)(ctx, func(t *tx) (refused, err error) {
		old, err := collectTx(t, func(rows *sql.Rows) (r bodyRow, err error) { return r, rows.Scan(&r.n, &r.one) },
			`SELECT i.n, i.state FROM ended e JOIN interactions i ON i.n = e.interaction
			WHERE e.agent = '' AND e.notes = 1 AND e.at < ? AND i.live = 0 ORDER BY e.at, e.n LIMIT ?`, before.UnixMilli(), limit)
		if err != nil {
			return nil, err
		}
		for _, r := range old {
			if err := t.dropNotes(r); err != nil {
				return nil, err
			}
		}
		done = len(old)
		return nil, nil
	})
	return done, err
}

// bodyRow is a row with what may hold notes: an interaction's state, or the
// inputs and entries of a row of its journal.
type bodyRow struct {
	n          int64
	one, other []byte
}

func (t *tx) dropNotes(interaction bodyRow) error {
	journal, err := collectTx(t, func(rows *sql.Rows) (r bodyRow, err error) { return r, rows.Scan(&r.n, &r.one, &r.other) },
		`SELECT n, input, entry FROM journal WHERE interaction = ?`, interaction.n)
	if err != nil {
		return err
	}
	for _, r := range journal {
		inputs, entries := linesWithoutNotes(r.one), linesWithoutNotes(r.other)
		if bytes.Equal(inputs, r.one) && bytes.Equal(entries, r.other) {
			continue
		}
		if _, err := t.conn.ExecContext(t.ctx, `UPDATE journal SET input = ?, entry = ? WHERE n = ?`, inputs, entries, r.n); err != nil {
			return err
		}
	}
	if state := consult.WithoutNotes(interaction.one); !bytes.Equal(state, interaction.one) {
		if _, err := t.conn.ExecContext(t.ctx, `UPDATE interactions SET state = ? WHERE n = ?`, state, interaction.n); err != nil {
			return err
		}
	}
	_, err = t.conn.ExecContext(t.ctx, `UPDATE ended SET notes = 0 WHERE interaction = ? AND agent = ''`, interaction.n)
	return err
}

func linesWithoutNotes(joined []byte) []byte {
	lines := splitLines(joined)
	for i, line := range lines {
		lines[i] = consult.WithoutNotes(line)
	}
	return joinLines(lines)
}

// collectTx reads all rows before the transaction goes on.
func collectTx[T any](t *tx, scan func(*sql.Rows) (T, error), query string, args ...any) (all []T, err error) {
	rows, err := t.conn.QueryContext(t.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
