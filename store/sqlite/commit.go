package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// tx is what a write works with. A write that was handed over is finished,
// whoever waits for it, so it has no context of its caller.
type tx struct {
	ctx        context.Context
	conn       *sql.Conn
	hot        statements
	known      map[fullName]head // before this commit; not to be changed
	heads      map[fullName]head // what this commit changes of it
	steps      []*step           // of this commit, to be written
	arrived    []*step           // of earlier ones, to be sorted
	sorted     bool              // whether that was done
	blob       []byte            // room for what arrives
	gatherFrom int
}

// try runs a batch in one transaction. failed is the index of the write that
// failed it; -1 with an error when beginning or committing failed.
func (w *writer) try(batch []*write) (failed int, err error) {
	clear(w.heads)
	t := &tx{
		ctx: context.Background(), conn: w.conn, hot: w.hot, known: w.known, heads: w.heads,
		arrived: w.arrived, gatherFrom: w.gatherFrom, blob: w.blob,
	}
	if _, err := w.hot.begin.ExecContext(t.ctx); err != nil {
		return -1, fmt.Errorf("sqlite: begin: %w", err)
	}
	for i, op := range batch {
		if op.refused, err = op.do(t); err != nil {
			return i, errors.Join(fmt.Errorf("sqlite: write: %w", err), w.rollback(t))
		}
	}
	if err := t.writeSteps(); err != nil {
		return -1, errors.Join(fmt.Errorf("sqlite: write steps: %w", err), w.rollback(t))
	}
	if _, err := w.hot.commit.ExecContext(t.ctx); err != nil {
		return -1, errors.Join(fmt.Errorf("sqlite: commit: %w", err), w.rollback(t))
	}
	w.committed(t)
	return -1, nil
}

// committed takes note of what is on disk now.
func (w *writer) committed(t *tx) {
	maps.Copy(w.known, t.heads)
	w.blob = t.blob
	if !t.sorted {
		for _, s := range t.steps {
			s.arrived = nil // it lies there
		}
		w.arrived = append(w.arrived, t.steps...)
		return
	}
	for name, h := range t.heads { // all that was sorted is among them
		came := func(s *step) bool { return name == s.name() }
		if !h.live && !slices.ContainsFunc(t.steps, came) {
			delete(w.known, name) // its tables know
		}
	}
	w.arrived = t.steps
}

// rollback ends a failed transaction. SQLite has done so itself after some
// failures (a full disk); the autocommit state then makes ROLLBACK an error
// that says nothing.
func (w *writer) rollback(t *tx) error {
	if _, err := w.hot.rollback.ExecContext(t.ctx); err != nil && !noTransaction(err) {
		return fmt.Errorf("sqlite: roll back: %w", err)
	}
	return nil
}
