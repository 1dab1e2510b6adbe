package postgres

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

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

// DefaultPatience outlasts most restarts of a server, and leaves time of the ten
// seconds that a command has for everything.
const DefaultPatience = 5 * time.Second

// Store is one database, reached through a pool of connections.
type Store struct {
	pool     *pgxpool.Pool
	groups   *groups
	teller   *teller
	patience time.Duration
	logger   *slog.Logger
}

// Options are what a Store can be told beside where its database is.
type Options struct {
	Connections int // at most; 0 means DefaultConnections
	// Patience is how long a server that restarts or changes over is waited for;
	// 0 means DefaultPatience.
	Patience time.Duration
	// Existing: the schema must be there and is left as it is, for looking at it
	// beside the service.
	Existing bool
	Logger   *slog.Logger // nil: nothing is logged
}

// Open connects to the database that dsn names (a URL or key=value words, as
// PostgreSQL's own programs take them) and brings its schema up to date.
//
// Refused: a newer schema with *store.NewerSchemaError, a server that may
// forget what it has confirmed with ErrNotDurable.
func Open(ctx context.Context, dsn string, o Options) (_ *Store, err error) {
	cfg, err := configure(dsn, o.Connections)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("postgres: connect: %w", err)
	}
	s := &Store{
		pool:     pool,
		patience: cmp.Or(o.Patience, DefaultPatience),
		logger:   cmp.Or(o.Logger, slog.New(slog.DiscardHandler)),
	}
	defer func() {
		if err != nil {
			pool.Close()
		}
	}()
	if err := s.demandDurable(ctx); err != nil {
		return nil, err
	}
	if err := migrate(ctx, cfg, o.Existing); err != nil {
		return nil, err
	}
	s.groups = newGroups(s.together)
	s.teller = newTeller(s.notify, s.patience, s.logger) //nolint:contextcheck // it tells until Close, not until Open's caller is served
	if !o.Existing {
		s.teller.everywhere() // who was here before may have ended without telling
	}
	return s, nil
}

// Close waits for what was begun and closes the connections. Writes and reads
// after it fail.
func (s *Store) Close() error {
	s.groups.close()
	s.teller.close()
	s.pool.Close()
	return nil
}

// migrate works on connections of its own, without the limits of time that
// steps of calls have.
func migrate(ctx context.Context, cfg *pgxpool.Config, existing bool) (err error) {
	own := cfg.ConnConfig.Copy()
	own.RuntimeParams["statement_timeout"], own.RuntimeParams["lock_timeout"] = "0", "0"
	db := stdlib.OpenDB(*own)
	defer func() { err = errors.Join(err, db.Close()) }()
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("postgres: migrations: %w", err)
	}
	if existing {
		return store.SameSchema(ctx, db, files)
	}
	// Two programs may start at once. goose's own lock waits in steps of seconds.
	alone, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("postgres: connect: %w", err)
	}
	defer func() { err = errors.Join(err, alone.Close()) }()
	if _, err := alone.ExecContext(ctx, `SELECT pg_advisory_lock($1, hashtext(current_schema()))`, migrationLock); err != nil {
		return fmt.Errorf("postgres: wait for another migration: %w", err)
	}
	return store.Migrate(ctx, goose.DialectPostgres, db, files)
}
