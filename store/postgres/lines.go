package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"teamsbridge/consult"
)

// KeepLine stores what it takes to end a leg after this process.
func (s *Store) KeepLine(ctx context.Context, l consult.Line) error {
	_, err := s.exec(ctx, `INSERT INTO switch_lines (leg, interaction, memo) VALUES ($1, $2, $3)
		ON CONFLICT (leg) DO UPDATE SET interaction = excluded.interaction, memo = excluded.memo`, string(l.Leg), string(l.Interaction), l.Memo)
	return err
}

// DropLine forgets a line; one that is not there is no error.
func (s *Store) DropLine(ctx context.Context, leg consult.LegID) error {
	_, err := s.exec(ctx, `DELETE FROM switch_lines WHERE leg = $1`, string(leg))
	return err
}

// AllLines reads every line, in the order of the legs' ids.
func (s *Store) AllLines(ctx context.Context) ([]consult.Line, error) {
	return collect(ctx, s, pgx.RowToStructByPos[consult.Line],
		`SELECT leg, interaction, memo FROM switch_lines ORDER BY leg COLLATE "C"`)
}
