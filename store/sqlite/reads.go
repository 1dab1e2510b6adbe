package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"

	"teamsbridge/consult"
)

// moment is one state of the database, for reading: what is sorted, and what
// has only arrived.
type moment struct {
	tx      *sql.Tx
	arrived []consult.Record
}

// read lets a function read one state of the database.
func (s *Store) read(ctx context.Context, what string, do func(*moment) error) (err error) {
	defer func() {
		if err != nil && !errors.Is(err, consult.ErrNotFound) {
			err = fmt.Errorf("sqlite: read %s: %w", what, err)
		}
	}()
	tx, err := s.readDB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	rows, err := readArrived(ctx, tx)
	if err != nil {
		return err
	}
	m := &moment{tx: tx}
	for _, r := range rows {
		steps, err := decodeArrived(r.steps)
		if err != nil {
			return err
		}
		m.arrived = append(m.arrived, steps...)
	}
	return do(m)
}

// last gives the newest arrived step of each interaction that has one.
func (m *moment) last() map[fullName]consult.Record {
	last := make(map[fullName]consult.Record)
	for _, r := range m.arrived {
		last[fullName{r.Tenant, r.Interaction}] = r
	}
	return last
}

// Interaction reads one; consult.ErrNotFound.
func (s *Store) Interaction(ctx context.Context, tenant string, id consult.InteractionID) (one consult.Stored, err error) {
	err = s.read(ctx, "interaction", func(m *moment) error {
		if r, ok := m.last()[fullName{tenant, id}]; ok {
			one = storedOf(r)
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
		last := m.last()
		add := func(name fullName) {
			if r := last[name]; r.Live {
				live = append(live, storedOf(r))
			}
			delete(last, name)
		}
		for _, row := range rows {
			name := fullName{row.Tenant, row.Interaction}
			if _, newer := last[name]; newer {
				add(name)
			} else {
				live = append(live, row.Stored)
			}
		}
		for _, r := range m.arrived {
			add(fullName{r.Tenant, r.Interaction})
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
		last := m.last()
		var ended []row
		for _, r := range slices.Backward(m.arrived) { // what was written later comes first
			if _, ok := last[fullName{r.Tenant, r.Interaction}]; !ok {
				continue
			}
			delete(last, fullName{r.Tenant, r.Interaction})
			if !r.Live && r.Tenant == tenant && (agent == "" || slices.Contains(r.Owners, agent)) {
				ended = append(ended, row{storedOf(r), r.At.UnixMilli()})
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
		for _, r := range m.arrived {
			if r.Tenant == tenant && r.Interaction == id {
				all = append(all, of(r))
			}
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
