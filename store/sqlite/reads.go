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
	version *sql.Stmt
	arrived []*step // some of which may be sorted too
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
	m := &moment{tx: tx, version: tx.StmtContext(ctx, s.reads.version)}
	if m.arrived, err = s.arrived(ctx, tx); err != nil {
		return err
	}
	return do(m)
}

// arrived gives the steps in the table "arrived". The writer has them in memory:
// what it had before the first query, which decides what is read, and what
// came until that query was over is all of them, and more.
func (s *Store) arrived(ctx context.Context, tx *sql.Tx) ([]*step, error) {
	before := s.writer.recent.Load()
	var last int64
	if err := tx.StmtContext(ctx, s.reads.lastArrived).QueryRowContext(ctx).Scan(&last); err != nil || last == 0 {
		return nil, err
	}
	steps, ok := before.and(*s.writer.recent.Load())
	if !ok || s.disk.existing { // gone meanwhile, or another process has them
		return decodeAll(ctx, tx)
	}
	for len(steps) > 0 && steps[len(steps)-1].row > last {
		steps = steps[:len(steps)-1]
	}
	return steps, nil
}

// decodeAll reads the table itself.
func decodeAll(ctx context.Context, tx *sql.Tx) (steps []*step, err error) {
	rows, err := readArrived(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		records, err := decodeArrived(row.steps)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			steps = append(steps, &step{Record: r, row: row.n})
		}
	}
	return steps, nil
}

// of gives the steps of an interaction that are not in its tables.
func (m *moment) of(ctx context.Context, name fullName) (steps []*step, err error) {
	for _, s := range m.arrived {
		if s.Interaction == name.id && s.Tenant == name.tenant {
			steps = append(steps, s)
		}
	}
	if len(steps) == 0 {
		return nil, nil
	}
	sorted, err := m.sorted(ctx, name)
	return slices.DeleteFunc(steps, func(s *step) bool { return s.Version <= sorted }), err
}

// sorted is how far the tables have an interaction.
func (m *moment) sorted(ctx context.Context, name fullName) (version uint64, err error) {
	err = m.version.QueryRowContext(ctx, name.tenant, string(name.id)).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return version, err
}

// last gives the newest step of each interaction that has some which are not
// in its tables, and their names in the order of arrival.
func (m *moment) last(ctx context.Context) (last map[fullName]*step, names []fullName, err error) {
	last = make(map[fullName]*step)
	for _, s := range m.arrived {
		name := s.name()
		if last[name] == nil {
			names = append(names, name)
		}
		last[name] = s
	}
	names = slices.DeleteFunc(names, func(name fullName) bool {
		sorted, failed := m.sorted(ctx, name)
		if err = cmp.Or(err, failed); err != nil || last[name].Version > sorted {
			return false
		}
		delete(last, name)
		return true
	})
	return last, names, err
}

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
		last, _, err := m.last(ctx)
		if err != nil {
			return err
		}
		var ended []row
		for _, s := range slices.Backward(m.arrived) { // what was written later comes first
			if s != last[s.name()] {
				continue
			}
			if !s.Live && s.Tenant == tenant && (agent == "" || slices.Contains(s.Owners, agent)) {
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
