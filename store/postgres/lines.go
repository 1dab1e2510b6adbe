package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"teamsbridge/consult"
)

// KeepLine stores what it takes to end legs after this process.
func (s *Store) KeepLine(ctx context.Context, lines ...consult.Line) error {
	var legs, interactions []string
	var memos [][]byte
	for _, l := range lines {
		legs, interactions, memos = append(legs, string(l.Leg)), append(interactions, string(l.Interaction)), append(memos, l.Memo)
	}
	_, err := s.exec(ctx, `INSERT INTO switch_lines (leg, interaction, memo)
		SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[])
		ON CONFLICT (leg) DO UPDATE SET interaction = excluded.interaction, memo = excluded.memo`, legs, interactions, memos)
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
