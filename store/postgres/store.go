package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

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
	_ sso.AgentStore        = (*Store)(nil)
	_ store.Retention       = (*Store)(nil)
)

// DefaultConnections is how many connections a Store opens at most. PostgreSQL
// commits those together that come together: fewer make steps queue, more make
// a small server change between processes.
const DefaultConnections = 16

// Store is one database, reached through a pool of connections.
type Store struct{ pool *pgxpool.Pool }

// Open connects to the database that dsn names (a URL or key=value words, as
// PostgreSQL's own programs take them) and brings its schema up to date. It
// uses at most so many connections; 0 means DefaultConnections.
//
// Refused: a newer schema with *store.NewerSchemaError, a server that may
// forget what it has confirmed with ErrNotDurable.
func Open(ctx context.Context, dsn string, connections int) (_ *Store, err error) {
	cfg, err := configure(dsn, connections)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("postgres: connect: %w", err)
	}
	s := &Store{pool: pool}
	defer func() {
		if err != nil {
			pool.Close()
		}
	}()
	if err := s.demandDurable(ctx); err != nil {
		return nil, err
	}
	if err := migrate(ctx, cfg); err != nil {
		return nil, err
	}
	return s, nil
}

// Close waits for what was begun and closes the connections. Writes and reads
// after it fail.
func (s *Store) Close() error {
	s.pool.Close()
	return nil
}

// migrate works on a connection of its own, without the limit of time that
// steps of calls have.
func migrate(ctx context.Context, cfg *pgxpool.Config) (err error) {
	own := cfg.ConnConfig.Copy()
	own.RuntimeParams["statement_timeout"] = "0"
	db := stdlib.OpenDB(*own)
	defer func() { err = errors.Join(err, db.Close()) }()
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("postgres: migrations: %w", err)
	}
	one, err := lock.NewPostgresSessionLocker() // two services may start at once
	if err != nil {
		return fmt.Errorf("postgres: migrations: %w", err)
	}
	return store.Migrate(ctx, goose.DialectPostgres, db, files, goose.WithSessionLocker(one))
}
