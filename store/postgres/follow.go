package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
)

// DefaultCatchUp is how long a follower may be behind when it was not told.
const DefaultCatchUp = time.Minute

// Follow calls hear with what stores of the same database and schema tell after
// their commits, in order, until ctx ends. Its connection is its own and comes
// back by itself.
//
// Whatever goes wrong, nobody stays behind: Follow says "everywhere" each time
// it has begun to listen, since something may have been missed before, and
// every catchUp (0 means DefaultCatchUp), since a store may have ended between
// a commit and its telling. Who hears "everywhere" reads Live, and Interaction
// for those it knew that are not among them any more.
//
// hear holds up what comes after it.
func (s *Store) Follow(ctx context.Context, catchUp time.Duration, hear func(Told)) {
	if catchUp <= 0 {
		catchUp = DefaultCatchUp
	}
	for pause, following := firstPause, true; ctx.Err() == nil; pause = min(2*pause, lastPause) {
		listening, err := s.listen(ctx, catchUp, hear)
		if ctx.Err() != nil {
			return
		}
		if listening || following { // else it was said before
			s.logger.WarnContext(ctx, "following the database interrupted", slog.Any("error", err))
		}
		if following = listening; listening {
			pause = firstPause
		}
		await(ctx, pause)
	}
}

// listen hears until its connection is lost, or ctx ends. listening is true
// once it has heard anything.
func (s *Store) listen(ctx context.Context, catchUp time.Duration, hear func(Told)) (listening bool, err error) {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return false, fmt.Errorf("postgres: follow: %w", err)
	}
	defer func() {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.patience)
		defer cancel()
		_ = conn.Close(bounded) // it is lost, or not needed any more
	}()
	var name string
	if err := conn.QueryRow(ctx, `SELECT `+channel).Scan(&name); err != nil {
		return false, fmt.Errorf("postgres: follow: %w", err)
	}
	if _, err := conn.Exec(ctx, `LISTEN `+pgx.Identifier{name}.Sanitize()); err != nil {
		return false, fmt.Errorf("postgres: follow: %w", err)
	}
	for {
		hear(Told{Everywhere: true})
		if err := s.hearUntil(ctx, conn, time.Now().Add(catchUp), hear); err != nil {
			return true, err
		}
	}
}

// hearUntil hears until the time given, and then makes sure that the connection
// has not died in silence.
func (s *Store) hearUntil(ctx context.Context, conn *pgx.Conn, end time.Time, hear func(Told)) error {
	until, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	for {
		told, err := conn.WaitForNotification(until)
		switch {
		case err == nil:
			hear(heard(told.Payload))
		case ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded):
			alive, cancel := context.WithTimeout(ctx, s.patience)
			defer cancel()
			return conn.Ping(alive)
		default:
			return fmt.Errorf("postgres: follow: %w", err)
		}
	}
}
