package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
)

// maxBatch bounds how many writes share a commit, and so how long one waits.
const maxBatch = 512

// writer is the one connection that writes. Writes that arrive while a commit
// is on its way to the disk share the next one.
type writer struct {
	conn    *sql.Conn
	hot     statements
	names   map[fullName]int64 // short names of live interactions; the writer's own
	disk    *disk
	writes  chan *write   // unbuffered: a write is handed over or was never begun
	closing chan struct{} // closed by close
	stopped chan struct{} // closed when the writer has stopped
}

// write is one operation on its way through the writer.
type write struct {
	// do runs inside the shared transaction. refused is an answer that concerns
	// only this write, given before it changed anything; err is a failure of
	// the database, after which the transaction is rolled back.
	do      func(t *tx) (refused, err error)
	urgent  bool // is written from the reserve when the disk is full
	refused error
	done    chan error
}

// tx is what a write works with. A write that was handed over is finished,
// whoever waits for it, so it has no context of its caller.
type tx struct {
	ctx   context.Context
	conn  *sql.Conn
	hot   statements
	names map[fullName]int64
}

func newWriter(ctx context.Context, db *sql.DB, d *disk) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("sqlite: connect writer: %w", err)
	}
	hot, err := prepareStatements(ctx, conn)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	w := &writer{
		conn:    conn,
		hot:     hot,
		names:   make(map[fullName]int64),
		disk:    d,
		writes:  make(chan *write),
		closing: make(chan struct{}),
		stopped: make(chan struct{}),
	}
	go w.run() //nolint:contextcheck // what was handed over is written, whoever waits for it
	return w, nil
}

// close waits for the commit that is on its way.
func (w *writer) close() error {
	close(w.closing)
	<-w.stopped
	return w.conn.Close()
}

// write hands an operation to the writer and waits until it is on disk.
func (w *writer) write(ctx context.Context, do func(t *tx) (refused, err error)) error {
	return w.hand(ctx, &write{do: do, done: make(chan error, 1)})
}

// urgent is a write that a full disk must not refuse.
func (w *writer) urgent(ctx context.Context, do func(t *tx) (refused, err error)) error {
	return w.hand(ctx, &write{do: do, urgent: true, done: make(chan error, 1)})
}

func (w *writer) hand(ctx context.Context, op *write) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case w.writes <- op:
		return <-op.done
	case <-w.closing:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// exec is a write of one statement that cannot be refused.
func (w *writer) exec(ctx context.Context, query string, args ...any) error {
	return w.write(ctx, func(t *tx) (refused, err error) {
		_, err = t.conn.ExecContext(t.ctx, query, args...)
		return nil, err
	})
}

func (w *writer) run() {
	defer close(w.stopped)
	var batch []*write
	for {
		select {
		case op := <-w.writes:
			batch = w.collect(append(batch[:0], op))
			w.commit(batch)
		case <-w.disk.looks:
			w.lookForRoom()
		case <-w.closing:
			return
		}
	}
}

// collect adds the writes that wait now. Those who were answered a moment ago
// and come with their next write get the processor first, else they would just
// miss the commit and every second one would be nearly empty.
func (w *writer) collect(batch []*write) []*write {
	runtime.Gosched()
	for len(batch) < maxBatch {
		select {
		case op := <-w.writes:
			batch = append(batch, op)
		default:
			return batch
		}
	}
	return batch
}

// commit writes a batch and answers everybody. A write that fails the
// transaction is taken out, and the others are tried again without it.
func (w *writer) commit(batch []*write) {
	if w.disk.full.Load() {
		batch = refuseAll(batch, ErrFull, false)
	}
	for len(batch) > 0 {
		failed, err := w.try(batch)
		if isFull(err) {
			urgentToo := !w.giveUpReserve(err)
			batch = refuseAll(batch, fmt.Errorf("%w: %w", ErrFull, err), urgentToo)
			continue
		}
		if failed >= 0 {
			batch[failed].done <- err
			batch = append(batch[:failed], batch[failed+1:]...)
			continue
		}
		for _, op := range batch {
			if err == nil {
				op.done <- op.refused
			} else {
				op.done <- err
			}
		}
		return
	}
}

// try runs a batch in one transaction. failed is the index of the write that
// failed it; -1 with an error when beginning or committing failed.
func (w *writer) try(batch []*write) (failed int, err error) {
	t := &tx{ctx: context.Background(), conn: w.conn, hot: w.hot, names: w.names}
	if _, err := w.hot.begin.ExecContext(t.ctx); err != nil {
		return -1, fmt.Errorf("sqlite: begin: %w", err)
	}
	for i, op := range batch {
		if op.refused, err = op.do(t); err != nil {
			return i, errors.Join(fmt.Errorf("sqlite: write: %w", err), w.rollback(t))
		}
	}
	if _, err := w.hot.commit.ExecContext(t.ctx); err != nil {
		return -1, errors.Join(fmt.Errorf("sqlite: commit: %w", err), w.rollback(t))
	}
	return -1, nil
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

// refuseAll answers the writes that can wait, or all, and returns the others.
func refuseAll(batch []*write, err error, urgentToo bool) []*write {
	kept := batch[:0]
	for _, op := range batch {
		if op.urgent && !urgentToo {
			kept = append(kept, op)
			continue
		}
		op.done <- err
	}
	return kept
}

const (
	// checkpointPages is how long the log may grow, in pages of 4 kB, before it
	// is written back into the database.
	checkpointPages = 4000
	// Without room the log is written back early and used again from its
	// beginning: the reserve is for the database's own growth.
	checkpointPagesWithoutRoom = 100
)

// giveUpReserve makes room for urgent writes; false when there is none to make.
func (w *writer) giveUpReserve(cause error) bool {
	ctx := context.Background()
	if !w.disk.ranOut(ctx, cause) {
		return false
	}
	w.checkpointAfter(ctx, checkpointPagesWithoutRoom)
	// Readers may keep it from finishing; then the log grows a little longer.
	if _, err := w.conn.ExecContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`); err != nil {
		w.disk.logger.WarnContext(ctx, "log not written back", "error", err)
	}
	return true
}

// lookForRoom ends the time of urgent writes once there is room again.
func (w *writer) lookForRoom() {
	if ctx := context.Background(); w.disk.full.Load() && w.disk.look(ctx) {
		w.checkpointAfter(ctx, checkpointPages)
	}
}

func (w *writer) checkpointAfter(ctx context.Context, pages int) {
	if _, err := w.conn.ExecContext(ctx, fmt.Sprintf(`PRAGMA wal_autocheckpoint(%d)`, pages)); err != nil {
		w.disk.logger.WarnContext(ctx, "checkpoints not set", "pages", pages, "error", err)
	}
}
