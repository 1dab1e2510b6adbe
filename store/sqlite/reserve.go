package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	sqlite3 "modernc.org/sqlite"

	"teamsbridge/consult"
)

// ErrFull: the disk is full, and what was to be written can wait. It is a
// consult.ErrStorage.
var ErrFull = fmt.Errorf("sqlite: disk full: %w", consult.ErrStorage)

const (
	reserveSuffix = "-reserve"
	// leastRoom must be free before a full disk counts as having room again,
	// where no reserve asks for more.
	leastRoom = 1 << 20
	lookEvery = time.Second
)

// disk knows whether there is room. Its reserve is a file beside the database
// that is given up when there is none, so that urgent steps can still be
// written; it is made again once there is room for two of them, which keeps
// the store from changing its mind with every write.
//
// Only the writer's goroutine calls its methods, full is for everybody.
type disk struct {
	path   string // of the reserve
	size   int64  // of the reserve; 0: none is kept
	logger *slog.Logger
	full   atomic.Bool

	existing bool                                // nothing is made and nothing migrated
	allocate func(f *os.File, bytes int64) error // takes room for the file's first bytes
	looks    <-chan time.Time                    // when to look for room, while there is none
}

// open makes the reserve if it is not there yet. A disk without room for it is full.
func (d *disk) open(ctx context.Context) {
	if d.size == 0 {
		return
	}
	if info, err := os.Stat(d.path); err == nil && info.Size() == d.size {
		return
	}
	if err := d.make(d.size); err != nil {
		d.full.Store(true)
		d.logger.ErrorContext(ctx, "no room for the reserve, only urgent steps are written", "bytes", d.size, "error", err)
	}
}

// make creates the reserve where so many bytes are free.
func (d *disk) make(room int64) (err error) {
	f, err := os.OpenFile(d.path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err = d.allocate(f, room); err == nil {
		err = f.Truncate(d.size)
	}
	err = errors.Join(err, f.Close())
	if err != nil || d.size == 0 {
		err = errors.Join(err, os.Remove(d.path))
	}
	return err
}

// ranOut notes that there is no room and gives the reserve up; false when
// there was none left to give.
func (d *disk) ranOut(ctx context.Context, cause error) (gave bool) {
	err := os.Remove(d.path)
	gave = err == nil
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if !d.full.Swap(true) || gave {
		d.logger.ErrorContext(ctx, "disk full, only urgent steps are written", "reserve_given_up", gave, "error", errors.Join(cause, err))
	}
	return gave
}

// look finds out whether there is room again, and makes the reserve anew.
func (d *disk) look(ctx context.Context) (back bool) {
	room := d.size + max(d.size, leastRoom)
	if free, known := freeBytes(filepath.Dir(d.path)); known && free < room {
		return false // taking room to find that out may be slow
	}
	if err := d.make(room); err != nil {
		return false
	}
	d.full.Store(false)
	d.logger.InfoContext(ctx, "room on the disk again", "reserve_bytes", d.size)
	return true
}

// isFull recognises a database's failure for want of room.
func isFull(err error) bool {
	const full, noRoomForIndex = 13, 10 | 19<<8 // SQLITE_FULL, SQLITE_IOERR_SHMSIZE
	failed, ok := errors.AsType[*sqlite3.Error](err)
	return ok && (failed.Code()&0xff == full || failed.Code() == noRoomForIndex)
}

// fill takes room by writing what no file system can compress away.
func fill(f *os.File, size int64) error {
	if _, err := io.CopyN(f, rand.NewChaCha8([32]byte{}), size); err != nil {
		return err
	}
	return f.Sync()
}
