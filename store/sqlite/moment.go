package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
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
	var first, last int64
	err := tx.StmtContext(ctx, s.reads.arrivedRows).QueryRowContext(ctx).Scan(&first, &last)
	if err != nil || first == 0 {
		return nil, err
	}
	steps, ok := before.and(*s.writer.recent.Load())
	if !ok || s.disk.existing { // gone meanwhile, or another process has them
		return decodeAll(ctx, tx)
	}
	return inRows(steps, first, last), nil
}

// inRows leaves out the steps before and behind some rows: those that were
// sorted, and perhaps deleted since, and those that came later.
func inRows(steps []*step, first, last int64) []*step {
	for len(steps) > 0 && steps[0].row < first {
		steps = steps[1:]
	}
	for len(steps) > 0 && steps[len(steps)-1].row > last {
		steps = steps[:len(steps)-1]
	}
	return steps
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
