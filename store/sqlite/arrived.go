package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/fxamacker/cbor/v2"

	"teamsbridge/consult"
)

// arrivedStep is how a step lies in the table "arrived". A later program may
// add fields at the end; readers ignore what they do not know.
type arrivedStep struct {
	Tenant      string                `cbor:"1,keyasint"`
	Interaction consult.InteractionID `cbor:"2,keyasint"`
	Version     uint64                `cbor:"3,keyasint"`
	Live        bool                  `cbor:"4,keyasint"`
	At          int64                 `cbor:"5,keyasint"` // Unix milliseconds
	Owners      []string              `cbor:"6,keyasint"`
	Input       []byte                `cbor:"7,keyasint"`
	State       []byte                `cbor:"8,keyasint"`
	Entry       []byte                `cbor:"9,keyasint"`
}

// arrivals are the steps that have arrived and are not swept away yet, a moment
// of them. Steps are numbered in the order in which they came; whoever holds
// the value may read it for ever.
type arrivals struct {
	from  uint64 // number of the first
	steps []*step
}

// and joins an earlier moment with a later one; false when steps that came
// between them are gone already.
func (a arrivals) and(later arrivals) ([]*step, bool) {
	end := a.from + uint64(len(a.steps))
	if later.from > end {
		return nil, false
	}
	known := int(end - later.from) // no more than len(a.steps)
	if known >= len(later.steps) {
		return a.steps, true
	}
	return slices.Concat(a.steps, later.steps[known:]), true
}

// drop forgets the first ones.
func (a *arrivals) drop(n int) {
	a.from += uint64(n)
	a.steps = a.steps[n:]
}

// step is a record on its way through the writer.
type step struct {
	consult.Record
	row int64 // of the table "arrived", once it lies there
}

func (s *step) name() fullName { return fullName{s.Tenant, s.Interaction} }

// decodeArrived reads the steps of a commit, in order.
func decodeArrived(blob []byte) ([]consult.Record, error) {
	blob, err := unpack(blob)
	if err != nil {
		return nil, err
	}
	var all []arrivedStep
	if err := cbor.Unmarshal(blob, &all); err != nil {
		return nil, fmt.Errorf("sqlite: decode arrived steps: %w", err)
	}
	steps := make([]consult.Record, len(all))
	for i, a := range all {
		steps[i] = consult.Record{Tenant: a.Tenant, Interaction: a.Interaction, Version: a.Version, Live: a.Live,
			At: time.UnixMilli(a.At), Owners: a.Owners, Input: a.Input, State: a.State, Entry: a.Entry}
	}
	return steps, nil
}

// arrivedRow is the steps of one commit.
type arrivedRow struct {
	n     int64
	steps []byte
}

// readArrived reads what is not sorted yet, in the order in which it was
// committed.
func readArrived(ctx context.Context, on interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}) (all []arrivedRow, err error) {
	rows, err := on.QueryContext(ctx, `SELECT n, steps FROM arrived WHERE damaged = 0 ORDER BY n`)
	if err != nil {
		return nil, fmt.Errorf("read arrived steps: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r arrivedRow
		if err := rows.Scan(&r.n, &r.steps); err != nil {
			return nil, fmt.Errorf("read arrived steps: %w", err)
		}
		all = append(all, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read arrived steps: %w", err)
	}
	return all, nil
}

// remember takes note of the steps that an earlier process has not sorted.
// Those of a commit that cannot be read are set apart: the interactions they
// belong to are found damaged, all others go on.
func (w *writer) remember(ctx context.Context) error {
	rows, err := readArrived(ctx, w.conn)
	if err != nil {
		return fmt.Errorf("sqlite: %w", err)
	}
	// Rows that were set apart keep theirs.
	if err := w.conn.QueryRowContext(ctx, `SELECT coalesce(max(n), 0) FROM arrived`).Scan(&w.row); err != nil {
		return fmt.Errorf("sqlite: read arrived steps: %w", err)
	}
	t := &tx{ctx: ctx, hot: w.hot, known: w.known}
	for _, row := range rows {
		records, err := decodeArrived(row.steps)
		if err != nil {
			w.disk.logger.ErrorContext(ctx, "steps damaged, set apart", "table", "arrived", "row", row.n, "error", err)
			if err := w.setApart(ctx, row.n); err != nil {
				return err
			}
			continue
		}
		w.last = row.n
		for _, r := range records {
			if err := w.rememberStep(t, &step{Record: r, row: row.n}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *writer) rememberStep(t *tx, s *step) error {
	h, err := t.head(s.name())
	if err != nil {
		return fmt.Errorf("sqlite: find an arrived step's interaction: %w", err)
	}
	if s.Version <= h.sorted { // a sweep came so far
		return nil
	}
	h.version, h.live = s.Version, s.Live
	w.known[s.name()] = h
	w.arrived.steps = append(w.arrived.steps, s)
	return nil
}

// setApart keeps a row from being sorted and deleted.
func (w *writer) setApart(ctx context.Context, n int64) error {
	if w.disk.existing { // only looked at
		return nil
	}
	if _, err := w.conn.ExecContext(ctx, `UPDATE arrived SET damaged = 1 WHERE n = ?`, n); err != nil {
		return fmt.Errorf("sqlite: set damaged steps apart: %w", err)
	}
	return nil
}
