package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// maxBatch bounds how many writes share a commit, and so how long one waits.
const maxBatch = 512

// writer is the one connection that writes. Writes that arrive while a commit
// is on its way to the disk share the next one.
type writer struct {
	conn *sql.Conn
	hot  statements
	disk *disk

	pace    pace
	known   map[fullName]head // of live interactions, and of those that have only arrived
	arrived arrivals          // committed, but not sorted yet, or not all of their sweep
	last    int64             // row of "arrived"; 0: there is none
	row     int64             // of "arrived", the last that was ever used
	recent  atomic.Pointer[arrivals]
	sweep   sweep
	brought int               // steps of the last commit
	heads   map[fullName]head // room for a commit's own
	blobs   blobs

	checkpoints   *checkpoints
	checkpointing bool // they are at it

	line    line
	batch   []*write      // room for a commit's own
	closing chan struct{} // closed by stop
	stopped chan struct{} // closed when the writer has stopped

	stopping sync.Once
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

func newWriter(ctx context.Context, db *sql.DB, path string, d *disk, p pace) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("sqlite: connect writer: %w", err)
	}
	hot, err := prepareStatements(ctx, conn)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	w := &writer{
		conn: conn,
		hot:  hot,
		disk: d,

		pace:  p,
		known: make(map[fullName]head),

		heads: make(map[fullName]head),

		line:    newLine(),
		closing: make(chan struct{}),
		stopped: make(chan struct{}),
	}
	if err := w.remember(ctx); err != nil {
		return nil, errors.Join(err, hot.close(), conn.Close())
	}
	w.publish()
	if w.checkpoints, err = newCheckpoints(path, d.logger); err != nil {
		return nil, errors.Join(err, hot.close(), conn.Close())
	}
	go w.run() //nolint:contextcheck // what was handed over is written, whoever waits for it
	return w, nil
}

// close waits for the commit that is on its way.
func (w *writer) close() error {
	w.stop()
	return errors.Join(w.checkpoints.close(), w.hot.close(), w.conn.Close())
}

// stop ends the writer's goroutine; its connection stays.
func (w *writer) stop() {
	w.stopping.Do(func() {
		w.line.close()
		close(w.closing)
	})
	<-w.stopped
}

// writing is how an operation reaches the disk: write, urgent or sorted.
type writing func(ctx context.Context, do func(t *tx) (refused, err error)) error

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
	if !w.line.join(op) {
		return ErrClosed
	}
	if ctx.Done() == nil {
		return <-op.done
	}
	select {
	case err := <-op.done:
		return err
	case <-ctx.Done():
		if w.line.leave(op) {
			return ctx.Err()
		}
		return <-op.done
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
	for {
		var quiet <-chan time.Time
		if w.last > 0 {
			quiet = time.After(w.pace.quietAfter)
		}
		select {
		case <-w.line.waiting:
			w.commit(w.gather)
			w.checkpointWhenDue()
		case <-w.checkpoints.rest:
			w.checkpointRest()
		case <-quiet:
			w.tidyUp()
		case <-w.disk.looks:
			w.lookForRoom()
		case <-w.closing:
			for w.line.length() > 0 {
				w.commit(w.gather)
			}
			w.tidy((*tx).sort)
			return
		}
	}
}

// gather takes who waits now.
func (w *writer) gather() []*write {
	// Those who were answered a moment ago and come with their next write get
	// the processor first, else they would just miss the commit and every second
	// one would be nearly empty. In a busy moment enough wait already, and the
	// disk has nothing to do meanwhile.
	if w.line.length() < gatherFrom {
		runtime.Gosched()
	}
	w.batch = w.line.take(w.batch[:0], maxBatch)
	return w.batch
}

// tidyUp sorts what has arrived, a portion at a time until somebody comes.
func (w *writer) tidyUp() {
	for w.last > 0 && w.line.length() == 0 {
		if w.sweep.upTo == 0 {
			w.sweep = newSweep(w.arrived, w.last, w.known)
		}
		if !w.tidy(func(*tx) error { return nil }) { // the commit itself goes on with the sweep
			return
		}
	}
}

// tidy is a commit of the writer's own; false when it came to nothing. It is
// tried again after the next quiet time; a full disk needs its reserve for
// other things.
func (w *writer) tidy(do func(*tx) error) bool {
	if w.last == 0 || w.disk.full.Load() || w.disk.existing {
		return false
	}
	own := []*write{{do: func(t *tx) (refused, err error) { return nil, do(t) }}}
	_, _, err := w.try(func() []*write { return own })
	if err != nil {
		w.disk.logger.WarnContext(context.Background(), "arrived steps not sorted yet", "steps", len(w.arrived.steps), "error", err)
	}
	return err == nil
}

// commit writes a batch and answers everybody. A write that fails the
// transaction is taken out, and the others are tried again without it.
func (w *writer) commit(take func() []*write) {
	for {
		batch, failed, err := w.try(take)
		switch {
		case isFull(err):
			urgentToo := !w.giveUpReserve(err)
			batch = refuseAll(batch, fmt.Errorf("%w: %w", ErrFull, err), urgentToo)
		case failed >= 0:
			batch[failed].done <- err
			batch = append(batch[:failed], batch[failed+1:]...)
		default:
			for _, op := range batch {
				op.done <- cmp.Or(err, op.refused)
			}
			return
		}
		if len(batch) == 0 {
			return
		}
		take = func() []*write { return batch }
	}
}
