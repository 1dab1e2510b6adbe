package sqlite

import (
	"context"
	"fmt"
)

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
		w.checkpointAfter(ctx, checkpointPagesAtMost)
	}
}

func (w *writer) checkpointAfter(ctx context.Context, pages int) {
	if _, err := w.conn.ExecContext(ctx, fmt.Sprintf(`PRAGMA wal_autocheckpoint(%d)`, pages)); err != nil {
		w.disk.logger.WarnContext(ctx, "checkpoints not set", "pages", pages, "error", err)
	}
}
