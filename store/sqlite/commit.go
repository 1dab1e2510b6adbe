package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// tx is what a write works with. A write that was handed over is finished,
// whoever waits for it, so it has no context of its caller.
type tx struct {
	ctx     context.Context
	conn    *sql.Conn
	hot     statements
	known   map[fullName]head // before this commit; not to be changed
	heads   map[fullName]head // what this commit changes of it
	steps   []*step           // of this commit, to be written
	arrived arrivals          // of earlier ones, to be sorted
	row     int64             // of "arrived", the last that was ever used
	last    int64             // row of "arrived"; 0: there is none
	sweep   sweep             // how far it is
	blobs   *blobs
	pace    pace
}

// try runs a batch in one transaction. failed is the index of the write that
// failed it; -1 with an error when beginning or committing failed.
//
// The batch is taken as late as may be: while steps of earlier commits are
// swept, those who were answered a moment ago come with their next write.
func (w *writer) try(take func() []*write) (batch []*write, failed int, err error) {
	clear(w.heads)
	t := &tx{
		ctx: context.Background(), conn: w.conn, hot: w.hot, known: w.known, heads: w.heads,
		arrived: w.arrived, pace: w.pace, last: w.last, row: w.row, sweep: w.sweep, blobs: &w.blobs,
	}
	err = w.begin(t)
	batch = take()
	if err != nil {
		return batch, -1, err
	}
	if w.disk.full.Load() {
		batch = refuseAll(batch, ErrFull, false)
	}
	for i, op := range batch {
		if op.refused, err = op.do(t); err != nil {
			return batch, i, errors.Join(fmt.Errorf("sqlite: write: %w", err), w.rollback(t))
		}
	}
	if err := t.writeSteps(); err != nil {
		return batch, -1, errors.Join(fmt.Errorf("sqlite: write steps: %w", err), w.rollback(t))
	}
	if _, err := w.hot.commit.ExecContext(t.ctx); err != nil {
		return batch, -1, errors.Join(fmt.Errorf("sqlite: commit: %w", err), w.rollback(t))
	}
	w.committed(t)
	return batch, -1, nil
}

// begin begins a transaction and goes on with the sweep.
func (w *writer) begin(t *tx) error {
	if _, err := w.hot.begin.ExecContext(t.ctx); err != nil {
		return fmt.Errorf("sqlite: begin: %w", err)
	}
	if t.sweep.upTo == 0 && len(w.arrived.steps) >= w.pace.sweepFrom {
		t.sweep = newSweep(w.arrived, w.last, w.known)
	}
	if t.sweep.upTo == 0 || w.disk.full.Load() {
		return nil
	}
	if err := t.sweepPortion(max(w.pace.portion, 4*w.brought)); err != nil {
		return errors.Join(fmt.Errorf("sqlite: sweep steps: %w", err), w.rollback(t))
	}
	return nil
}

// committed takes note of what is on disk now.
func (w *writer) committed(t *tx) {
	for name, h := range t.heads {
		if !h.live && h.sorted == h.version {
			delete(w.known, name) // its tables know
		} else {
			w.known[name] = h
		}
	}
	for _, s := range t.steps {
		s.row = t.row
	}
	w.arrived = t.arrived
	w.arrived.steps = append(w.arrived.steps, t.steps...)
	w.last, w.row, w.sweep, w.brought = t.last, t.row, t.sweep, len(t.steps)
	if w.sweep.swept {
		w.arrived.drop(w.sweep.steps)
		w.sweep = sweep{}
		if len(w.arrived.steps) == 0 {
			w.last = 0
		}
	}
	w.publish()
}

// publish shows readers what has arrived.
func (w *writer) publish() {
	now := w.arrived
	w.recent.Store(&now)
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
