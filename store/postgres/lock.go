package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrInUse: another service works on the database.
var ErrInUse = errors.New("postgres: another service works on this database")

// errLingers: the server has not noticed yet that our own connection is lost.
var errLingers = errors.New("postgres: lock: our own lost session still has it")

// What our advisory locks are called, apart from others' in the same database.
const (
	serviceLock   = 0x7465616d // "team"
	migrationLock = 0x6d696772 // "migr"
)

// retakeEvery is how often a lock that got lost with its connection is tried for.
const retakeEvery = time.Second

// Lock claims a database for one service, as long as its connection lasts:
// whoever crashes gives it back. Schemas of one database are claimed apart.
type Lock struct {
	cfg    *pgx.ConnConfig
	conn   *pgx.Conn
	began  time.Time // the connection's session, by the server's clock
	logger *slog.Logger
}

// TakeLock claims the database that dsn names. ErrInUse when another service has it.
func TakeLock(ctx context.Context, dsn string, logger *slog.Logger) (*Lock, error) {
	cfg, err := configure(dsn, 0)
	if err != nil {
		return nil, err
	}
	l := &Lock{cfg: cfg.ConnConfig, logger: logger}
	if err := l.take(ctx); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *Lock) take(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, l.cfg)
	if err != nil {
		return fmt.Errorf("postgres: lock: %w", err)
	}
	began, err := l.takeOn(ctx, conn)
	if err != nil {
		return errors.Join(fmt.Errorf("postgres: lock: %w", err), conn.Close(ctx))
	}
	l.conn, l.began = conn, began
	return nil
}

// takeOn returns when the session that took the lock began.
func (l *Lock) takeOn(ctx context.Context, conn *pgx.Conn) (began time.Time, err error) {
	var lingered int
	if l.conn != nil {
		// Without this a cut network would make us our own rival until the server
		// notices. A process id alone may mean somebody else by now.
		if err := conn.QueryRow(ctx, `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2`,
			l.conn.PgConn().PID(), l.began).Scan(&lingered); err != nil {
			return began, err
		}
	}
	var taken bool
	err = conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1, hashtext(current_schema())), backend_start
		FROM pg_stat_activity WHERE pid = pg_backend_pid()`, serviceLock).Scan(&taken, &began)
	switch {
	case err != nil || taken:
		return began, err
	case lingered > 0:
		return began, errLingers
	}
	return began, ErrInUse
}

// Keep watches over the lock until ctx ends: when its connection is lost it is
// taken again as soon as the server is back. It returns nil, or ErrInUse when
// another service was quicker; this one must stop then, because what it knows
// of the calls is no longer true.
func (l *Lock) Keep(ctx context.Context) error {
	for {
		_, err := l.conn.WaitForNotification(ctx) // nobody notifies: it returns when the connection ends
		if ctx.Err() != nil {
			return nil
		}
		if err == nil {
			continue
		}
		l.logger.WarnContext(ctx, "database's lock lost with its connection", slog.Any("error", err))
		if err := l.retake(ctx); err != nil || ctx.Err() != nil {
			return err
		}
		l.logger.InfoContext(ctx, "database's lock taken again")
	}
}

func (l *Lock) retake(ctx context.Context) error {
	again := time.NewTicker(retakeEvery)
	defer again.Stop()
	for {
		switch err := l.take(ctx); {
		case err == nil || errors.Is(err, ErrInUse):
			return err
		case ctx.Err() != nil:
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-again.C:
		}
	}
}

// Release gives the database back; it is free when Release returns. It must not
// run together with Keep.
func (l *Lock) Release() error {
	ctx, cancel := context.WithTimeout(context.Background(), DefaultPatience)
	defer cancel()
	if !l.conn.IsClosed() {
		// The server ends a session only after it was told, and the next service may be
		// quicker. Where this fails the connection is lost, and the lock with it.
		_, _ = l.conn.Exec(ctx, `SELECT pg_advisory_unlock($1, hashtext(current_schema()))`, serviceLock)
	}
	return l.conn.Close(ctx)
}
