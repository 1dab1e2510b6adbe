package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// NewerSchemaError refuses a database that a newer version of the program wrote.
type NewerSchemaError struct {
	Has   int64 // the database's schema version
	Known int64 // the newest that this program knows
}

func (e *NewerSchemaError) Error() string {
	return fmt.Sprintf("store: the database has schema %d, this program knows up to %d: start a newer version", e.Has, e.Known)
}

// Migrate brings a database up to the newest of the migrations, which lie in
// the root of files. *NewerSchemaError when it is further already; it is
// unchanged then.
func Migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB, files fs.FS, options ...goose.ProviderOption) error {
	provider, err := goose.NewProvider(dialect, db, files, append(options, goose.WithDisableGlobalRegistry(true))...)
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	has, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("store: read schema version: %w", err)
	}
	sources := provider.ListSources()
	if known := sources[len(sources)-1].Version; has > known {
		return &NewerSchemaError{Has: has, Known: known}
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("store: migrate: %w", err)
	}
	return nil
}

// SameSchema refuses a database that would have to be migrated:
// *NewerSchemaError when it is further than the migrations.
func SameSchema(ctx context.Context, db *sql.DB, files fs.FS) error {
	names, err := fs.Glob(files, "*.sql") // in order
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	known, err := goose.NumericComponent(names[len(names)-1])
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	var has int64
	// Beside goose, which would make its table where there is none.
	row := db.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version WHERE is_applied`)
	switch err := row.Scan(&has); {
	case err != nil:
		return fmt.Errorf("store: read schema version: %w", err)
	case has > known:
		return &NewerSchemaError{Has: has, Known: known}
	case has < known:
		return fmt.Errorf("store: the database has schema %d, this program %d: start the service once, it brings the database up to date", has, known)
	}
	return nil
}
