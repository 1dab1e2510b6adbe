package sqlite

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

const unfinishedSuffix = ".part"

// Backup writes all that the database holds now to a new file, while a service
// may be working on it: calls do not wait. fs.ErrExist when the file is there.
// What stands under the name when Backup is over is whole, or nothing.
func (s *Store) Backup(ctx context.Context, to string) (err error) {
	if _, err := os.Lstat(to); err == nil {
		return fmt.Errorf("sqlite: back up: %s: %w", to, os.ErrExist)
	}
	unfinished := to + unfinishedSuffix
	// SQLite fills an empty file, and gives one that it makes to everybody.
	f, err := os.OpenFile(unfinished, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("sqlite: back up: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(unfinished)) }()
	if err := s.copyTo(ctx, unfinished); err != nil {
		return fmt.Errorf("sqlite: back up: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sqlite: back up: %w", err)
	}
	if err := os.Link(unfinished, to); err != nil { // unlike a renaming, this replaces nothing
		return fmt.Errorf("sqlite: back up: %w", err)
	}
	return syncFolder(filepath.Dir(to))
}

// copyTo reads one moment of the database, and reads the copy again.
func (s *Store) copyTo(ctx context.Context, path string) (err error) {
	source, err := connect(s.path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	if _, err := source.ExecContext(ctx, `VACUUM INTO ?`, path); err != nil {
		return err
	}
	written, err := connectWith(path, url.Values{"immutable": {"1"}}) // leaves no files beside it
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, written.Close()) }()
	var found string
	if err := written.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("the copy is damaged: %s", found)
	}
	return nil
}

// syncFolder makes a new name in a folder last.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sqlite: back up: %w", err)
	}
	return errors.Join(folder.Sync(), folder.Close())
}
