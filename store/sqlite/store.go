package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"teamsbridge/consult"
	"teamsbridge/sso"
	"teamsbridge/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

var (
	_ consult.Store         = (*Store)(nil)
	_ consult.Discarder     = (*Store)(nil)
	_ sso.SessionStore      = (*Store)(nil)
	_ sso.OrganizationStore = (*Store)(nil)
	_ store.Retention       = (*Store)(nil)
)

// ErrClosed: the store was closed before the operation began.
var ErrClosed = errors.New("sqlite: closed")

// maxReaders bounds the connections that read beside the writer.
const maxReaders = 4

// Store is one open database file.
type Store struct {
	path    string
	disk    *disk
	writer  *writer
	writeDB *sql.DB
	readDB  *sql.DB
	reads   queries
	close   func() error
}

// open is Open on a disk that has been looked at.
func open(ctx context.Context, path string, o options) (_ *Store, err error) {
	d := o.disk
	if err := createPrivate(path, d.existing); err != nil {
		return nil, err
	}
	s := &Store{path: path, disk: d}
	s.close = sync.OnceValue(s.shut)
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if s.writeDB, err = connect(path, "synchronous(FULL)", "foreign_keys(ON)", fmt.Sprintf("wal_autocheckpoint(%d)", checkpointPagesAtMost)); err != nil {
		return nil, err
	}
	s.writeDB.SetMaxOpenConns(1)
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("sqlite: migrations: %w", err)
	}
	if d.existing {
		err = store.SameSchema(ctx, s.writeDB, files)
	} else {
		err = store.Migrate(ctx, goose.DialectSQLite3, s.writeDB, files)
	}
	if err != nil {
		return nil, err
	}
	d.open(ctx)
	if s.writer, err = newWriter(ctx, s.writeDB, path, d, o.pace); err != nil {
		return nil, err
	}
	if s.readDB, err = connect(path, "query_only(ON)"); err != nil {
		return nil, err
	}
	s.readDB.SetMaxOpenConns(maxReaders)
	s.readDB.SetMaxIdleConns(maxReaders)
	if s.reads, err = prepareQueries(ctx, s.readDB); err != nil {
		return nil, err
	}
	return s, nil
}

// createPrivate makes the file with its user's permissions only; SQLite gives
// the same to the log files beside it.
func createPrivate(path string, existing bool) error {
	flags := os.O_CREATE | os.O_RDWR
	if existing {
		flags = os.O_RDWR
	}
	f, err := os.OpenFile(path, flags, 0o600)
	if err != nil {
		return fmt.Errorf("sqlite: open: %w", err)
	}
	return f.Close()
}

func connect(path string, pragmas ...string) (*sql.DB, error) {
	return connectWith(path, url.Values{"_pragma": append([]string{"busy_timeout(5000)", "journal_mode(WAL)"}, pragmas...)})
}

func connectWith(path string, options url.Values) (*sql.DB, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("sqlite: open: %w", err)
	}
	dsn := url.URL{Scheme: "file", Path: filepath.ToSlash(absolute), RawQuery: options.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, fmt.Errorf("sqlite: open: %w", err)
	}
	return db, nil
}

// Close finishes the writes that were begun and closes the file. Writes and
// reads after it fail.
func (s *Store) Close() error { return s.close() }

func (s *Store) shut() error {
	var errs []error
	if s.writer != nil {
		errs = append(errs, s.writer.close())
	}
	// The readers go first: the last connection to close writes the log back.
	for _, db := range []*sql.DB{s.readDB, s.writeDB} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}
