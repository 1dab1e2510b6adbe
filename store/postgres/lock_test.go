package postgres_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"teamsbridge/store/postgres"
	"teamsbridge/store/postgres/pgtest"
)

func takeLock(t *testing.T, dsn string, logger *slog.Logger) *postgres.Lock {
	t.Helper()
	l, err := postgres.TakeLock(t.Context(), dsn, logger)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func wantInUse(t *testing.T, dsn string) {
	t.Helper()
	if _, err := postgres.TakeLock(t.Context(), dsn, slog.New(slog.DiscardHandler)); !errors.Is(err, postgres.ErrInUse) {
		t.Errorf("TakeLock: %v, want ErrInUse", err)
	}
}

func TestADatabaseBelongsToOneServiceUntilItIsReleased(t *testing.T) {
	dsn := pgtest.Schema(t)
	first := takeLock(t, dsn, slog.New(slog.DiscardHandler))
	wantInUse(t, dsn)
	beside := takeLock(t, pgtest.Schema(t), slog.New(slog.DiscardHandler)) // another schema is another place
	for _, l := range []*postgres.Lock{first, beside} {
		if err := l.Release(); err != nil {
			t.Fatalf("Release: %v", err)
		}
	}
	if err := takeLock(t, dsn, slog.New(slog.DiscardHandler)).Release(); err != nil {
		t.Fatalf("Release: %v", err)
	}
}

// The server takes its time to end a session: a service that is started the
// moment another has stopped must not meet its lock.
func TestAReleasedDatabaseIsFreeAtOnce(t *testing.T) {
	dsn := pgtest.Schema(t)
	for n := range 50 {
		l := takeLock(t, dsn, slog.New(slog.DiscardHandler))
		watching, stop := context.WithCancel(t.Context())
		kept := make(chan error, 1)
		go func() { kept <- l.Keep(watching) }()
		stop()
		if err := errors.Join(<-kept, l.Release()); err != nil {
			t.Fatalf("Release %d: %v", n, err)
		}
	}
}

// endHolder cuts the connection of whoever holds the lock of this schema.
const endHolder = `SELECT pg_terminate_backend(pid) FROM pg_locks
	WHERE locktype = 'advisory' AND granted AND objid::bigint = hashtext(current_schema())::bigint & 4294967295`

// said is a log that tells of each line.
type said chan string

func (s said) Write(line []byte) (int, error) {
	s <- string(line)
	return len(line), nil
}

func (s said) wait(t *testing.T, words string) {
	t.Helper()
	for {
		select {
		case line := <-s:
			if strings.Contains(line, words) {
				return
			}
		case <-t.Context().Done():
			t.Fatalf("%q was never logged", words)
		}
	}
}

func TestALostLockIsTakenAgain(t *testing.T) {
	dsn := pgtest.Schema(t)
	log := make(said, 10)
	l := takeLock(t, dsn, slog.New(slog.NewTextHandler(log, nil)))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Keep(ctx) }()
	execute(t, dsn, endHolder)
	log.wait(t, "lost")
	log.wait(t, "taken again")
	wantInUse(t, dsn)
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Keep: %v", err)
	}
	if err := l.Release(); err != nil {
		t.Errorf("Release: %v", err)
	}
}

func TestALockThatAnotherServiceTookIsGivenUp(t *testing.T) {
	dsn := pgtest.Schema(t)
	log := make(said, 10)
	l := takeLock(t, dsn, slog.New(slog.NewTextHandler(log, nil)))
	// The other one waits in line, so that it is quicker.
	rival := connect(t, dsn)
	waiting := make(chan error, 1)
	go func() {
		_, err := rival.Exec(t.Context(), `SELECT pg_advisory_lock($1, hashtext(current_schema()))`, 0x7465616d)
		waiting <- err
	}()
	beside := connect(t, dsn)
	for queued := 0; queued == 0; {
		if err := beside.QueryRow(t.Context(), `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`).Scan(&queued); err != nil {
			t.Fatal(err)
		}
	}
	ended := make(chan error, 1)
	go func() { ended <- l.Keep(t.Context()) }()
	execute(t, dsn, endHolder)
	if err := <-waiting; err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, postgres.ErrInUse) {
		t.Errorf("Keep: %v, want ErrInUse", err)
	}
}
