package sqlite

import (
	"context"
	"fmt"

	"teamsbridge/consult"
)

// KeepLine stores what it takes to end legs after this process.
func (s *Store) KeepLine(ctx context.Context, lines ...consult.Line) error {
	return s.writer.write(ctx, func(t *tx) (refused, err error) {
		for _, l := range lines {
			if _, err := t.hot.keepLine.ExecContext(t.ctx, string(l.Leg), string(l.Interaction), l.Memo); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
}

// DropLine forgets a line; one that is not there is no error.
func (s *Store) DropLine(ctx context.Context, leg consult.LegID) error {
	return s.writer.write(ctx, func(t *tx) (refused, err error) {
		_, err = t.hot.dropLine.ExecContext(t.ctx, string(leg))
		return nil, err
	})
}

// AllLines reads every line, in the order of the legs' ids.
func (s *Store) AllLines(ctx context.Context) ([]consult.Line, error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT leg, interaction, memo FROM switch_lines ORDER BY leg`)
	if err != nil {
		return nil, fmt.Errorf("sqlite: read lines: %w", err)
	}
	defer rows.Close()
	var all []consult.Line
	for rows.Next() {
		var l consult.Line
		if err := rows.Scan(&l.Leg, &l.Interaction, &l.Memo); err != nil {
			return nil, fmt.Errorf("sqlite: read lines: %w", err)
		}
		all = append(all, l)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: read lines: %w", err)
	}
	return all, nil
}
