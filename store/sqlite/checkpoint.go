package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"sync"

	sqlite3 "modernc.org/sqlite"
)

const (
	// checkpointPages is how long the log may grow, in pages of 4 kB, before it
	// is written back into the database beside the writer. A flush of a log that
	// still grows takes twice as long as one of a log that is used again.
	checkpointPages = 2000
	// checkpointPagesAtMost is when the writer does it all by itself, because
	// nobody else did.
	checkpointPagesAtMost = 4 * checkpointPages
	// Without room the log is written back early and used again from its
	// beginning: the reserve is for the database's own growth.
	checkpointPagesWithoutRoom = 100
)

// checkpoints writes the log back while the writer goes on: SQLite's own way
// makes a commit do it, and everybody who waits for that commit wait for some
// thousand pages too. What was written meanwhile is little, and is left to the
// writer: only when nothing is left can the log be used from its beginning.
type checkpoints struct {
	db     *sql.DB
	logger *slog.Logger
	wanted chan struct{}
	rest   chan struct{} // holds a token when only the rest is to be written back
	done   sync.WaitGroup
}

func newCheckpoints(path string, logger *slog.Logger) (*checkpoints, error) {
	db, err := connect(path, "synchronous(FULL)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	c := &checkpoints{db: db, logger: logger, wanted: make(chan struct{}, 1), rest: make(chan struct{}, 1)}
	c.done.Go(c.run)
	return c, nil
}

// close waits for what is under way.
func (c *checkpoints) close() error {
	close(c.wanted)
	c.done.Wait()
	return c.db.Close()
}

func (c *checkpoints) run() {
	for range c.wanted {
		// The second time takes what was written during the first.
		for range 2 {
			if _, err := c.db.ExecContext(context.Background(), `PRAGMA wal_checkpoint(PASSIVE)`); err != nil {
				c.logger.WarnContext(context.Background(), "log not written back", "error", err)
			}
		}
		c.rest <- struct{}{}
	}
}

// logged says how many pages the writer has written to the log since the
// count began anew.
func (w *writer) logged(anew bool) (pages int, err error) {
	err = w.conn.Raw(func(conn any) error {
		status, ok := conn.(sqlite3.DBStatus)
		if !ok {
			return fmt.Errorf("sqlite: %T has no status", conn)
		}
		pages, _, err = status.Status(sqlite3.DBStatusCacheWrite, anew)
		return err
	})
	return pages, err
}

// checkpointWhenDue has the log written back when it is long.
func (w *writer) checkpointWhenDue() {
	if w.checkpointing || w.disk.full.Load() {
		return
	}
	pages, err := w.logged(false)
	if err != nil {
		w.disk.logger.WarnContext(context.Background(), "length of the log unknown", "error", err)
		return
	}
	if pages >= checkpointPages {
		w.checkpointing = true
		w.checkpoints.wanted <- struct{}{}
	}
}

// checkpointRest ends what checkpointWhenDue began.
func (w *writer) checkpointRest() {
	ctx := context.Background()
	if _, err := w.conn.ExecContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`); err != nil {
		w.disk.logger.WarnContext(ctx, "log not written back", "error", err)
	}
	if _, err := w.logged(true); err != nil {
		w.disk.logger.WarnContext(ctx, "length of the log unknown", "error", err)
	}
	w.checkpointing = false
}
