package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"

	"teamsbridge/consult"
)

// Interaction reads one; consult.ErrNotFound.
func (s *Store) Interaction(ctx context.Context, tenant string, id consult.InteractionID) (one consult.Stored, err error) {
	err = s.read(ctx, "interaction", func(m *moment) error {
		arrived, err := m.of(ctx, fullName{tenant, id})
		if err != nil {
			return err
		}
		if len(arrived) > 0 {
			one = storedOf(arrived[len(arrived)-1].Record)
			return nil
		}
		rows, err := m.rows(ctx, s.reads.interaction, tenant, string(id))
		if err == nil && len(rows) == 0 {
			err = consult.ErrNotFound
		}
		if err == nil {
			one = rows[0].Stored
		}
		return err
	})
	return one, err
}

// Live reads all interactions that have not ended, of all tenants, oldest first.
func (s *Store) Live(ctx context.Context) (live []consult.Stored, err error) {
	err = s.read(ctx, "live interactions", func(m *moment) error {
		rows, err := m.rows(ctx, s.reads.live)
		if err != nil {
			return err
		}
		last, names, err := m.last(ctx)
		if err != nil {
			return err
		}
		add := func(name fullName) {
			if s := last[name]; s != nil && s.Live {
				live = append(live, storedOf(s.Record))
			}
			delete(last, name)
		}
		for _, row := range rows {
			name := fullName{row.Tenant, row.Interaction}
			if last[name] != nil {
				add(name)
			} else {
				live = append(live, row.Stored)
			}
		}
		for _, name := range names {
			add(name)
		}
		return nil
	})
	return live, err
}

// Owned reads the ended interactions that an agent owns or owned (agent ""
// means the whole tenant), newest first; a limit below one means all.
func (s *Store) Owned(ctx context.Context, tenant, agent string, limit int) (owned []consult.Stored, err error) {
	if limit < 1 {
		limit = math.MaxInt32
	}
	err = s.read(ctx, "ended interactions", func(m *moment) error {
		rows, err := m.rows(ctx, s.reads.owned, tenant, agent, limit)
		if err != nil {
			return err
		}
		var ended []row
		seen := make(map[consult.InteractionID]bool)
		for _, s := range slices.Backward(m.arrived) { // what was written later comes first
			if s.Tenant != tenant || seen[s.Interaction] {
				continue
			}
			seen[s.Interaction] = true
			if s.Live || agent != "" && !slices.Contains(s.Owners, agent) {
				continue
			}
			sorted, err := m.sorted(ctx, s.name())
			if err != nil {
				return err
			}
			if s.Version > sorted {
				ended = append(ended, row{storedOf(s.Record), s.At.UnixMilli()})
			}
		}
		ended = append(ended, rows...)
		slices.SortStableFunc(ended, func(a, b row) int { return cmp.Compare(b.at, a.at) })
		for _, one := range ended[:min(limit, len(ended))] {
			owned = append(owned, one.Stored)
		}
		return nil
	})
	return owned, err
}

func storedOf(r consult.Record) consult.Stored {
	return consult.Stored{Interaction: r.Interaction, Tenant: r.Tenant, Version: r.Version, Live: r.Live, State: blob(r.State)}
}

// row is an interaction of the tables.
type row struct {
	consult.Stored
	at int64 // when it ended, in Unix milliseconds, where that was asked for
}

func (m *moment) rows(ctx context.Context, query *sql.Stmt, args ...any) (all []row, err error) {
	rows, err := m.tx.StmtContext(ctx, query).QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.Interaction, &r.Tenant, &r.Version, &r.Live, &r.State, &r.at); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// History reads an interaction's entries in order; consult.ErrNotFound.
func (s *Store) History(ctx context.Context, tenant string, id consult.InteractionID) ([][]byte, error) {
	return s.lines(ctx, s.reads.entries, tenant, id, func(r consult.Record) []byte { return r.Entry })
}

// Inputs reads an interaction's inputs in order; consult.ErrNotFound.
func (s *Store) Inputs(ctx context.Context, tenant string, id consult.InteractionID) ([][]byte, error) {
	return s.lines(ctx, s.reads.inputs, tenant, id, func(r consult.Record) []byte { return r.Input })
}

func (s *Store) lines(
	ctx context.Context, query *sql.Stmt, tenant string, id consult.InteractionID, of func(consult.Record) []byte,
) (all [][]byte, err error) {
	err = s.read(ctx, "journal", func(m *moment) error {
		rows, err := m.tx.StmtContext(ctx, query).QueryContext(ctx, tenant, string(id))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var joined []byte
			if err := rows.Scan(&joined); err != nil {
				return err
			}
			all = append(all, splitLines(joined)...)
		}
		arrived, err := m.of(ctx, fullName{tenant, id})
		if err != nil {
			return err
		}
		for _, s := range arrived {
			all = append(all, of(s.Record))
		}
		if err := rows.Err(); err != nil {
			return err
		}
		if len(all) == 0 { // an interaction begins with its first entry
			return consult.ErrNotFound
		}
		return nil
	})
	return all, err
}
