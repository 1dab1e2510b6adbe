package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5/pgxpool"
)

// ErrNotDurable: the server confirms what it may forget at a crash.
var ErrNotDurable = errors.New("postgres: the server does not write through to its disk: fsync, full_page_writes and synchronous_commit must be on")

// statementTimeout ends a statement at the server, in milliseconds: what ended
// there is known not to be written. It is shorter than our own patience.
const statementTimeout = "4000"

// lockTimeout ends a step's wait for a row that somebody else holds, in
// milliseconds, so that its group waits no longer; the step itself comes again.
const lockTimeout = "250"

// configure reads a connection string. What it says of the session wins, except
// the isolation that the version check needs.
func configure(dsn string, connections int) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err) // pgx leaves passwords out
	}
	if connections <= 0 {
		connections = DefaultConnections
	}
	cfg.MaxConns = int32(min(connections, math.MaxInt32))
	session := cfg.ConnConfig.RuntimeParams
	for name, value := range map[string]string{
		"application_name":   "teamsbridge",
		"lock_timeout":       lockTimeout,
		"statement_timeout":  statementTimeout,
		"synchronous_commit": "on",
	} {
		if session[name] == "" {
			session[name] = value
		}
	}
	// A stale step then finds the newer version, instead of an error.
	session["default_transaction_isolation"] = "read committed"
	return cfg, nil
}

func (s *Store) demandDurable(ctx context.Context) error {
	var durable bool
	err := s.pool.QueryRow(ctx, `SELECT current_setting('fsync')::bool AND current_setting('full_page_writes')::bool
		AND current_setting('synchronous_commit') <> 'off'`).Scan(&durable)
	switch {
	case err != nil:
		return fmt.Errorf("postgres: connect: %w", err)
	case !durable:
		return ErrNotDurable
	}
	return nil
}
