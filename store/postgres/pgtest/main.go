package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

// without names the environment variable that leaves PostgreSQL's tests out,
// where it cannot be installed.
const without = "TEAMSBRIDGE_WITHOUT_POSTGRES"

// shared is the server of a test binary. It starts with the first who needs it.
var shared struct {
	once   sync.Once
	server *server
	err    error
}

// names counts what was made.
var names atomic.Int64

// Main runs a package's tests and removes the server that they used; it
// returns the exit code. Where PostgreSQL is left out it says so.
func Main(m *testing.M) int {
	if os.Getenv(without) != "" {
		fmt.Fprintln(os.Stderr, notRun)
		return 0
	}
	code := m.Run()
	if shared.server != nil {
		if err := shared.server.remove(); err != nil {
			fmt.Fprintln(os.Stderr, "pgtest:", err)
			return 1
		}
	}
	return code
}

const notRun = "NOT RUN: the tests of PostgreSQL, because " + without + " is set"

// LeftOut reports, and tells, that PostgreSQL is left out, to a test among
// others that need none.
func LeftOut(tb testing.TB) bool {
	tb.Helper()
	if os.Getenv(without) == "" {
		return false
	}
	tb.Log(notRun)
	return true
}

// Schema makes an empty place for one test, in a database that all of them
// share, and returns how to reach it: quicker than a database of its own.
func Schema(tb testing.TB) (dsn string) {
	tb.Helper()
	name := fmt.Sprintf("test_%d", names.Add(1))
	running(tb).exec(tb, "CREATE SCHEMA "+name)
	return running(tb).dsn("postgres") + " search_path=" + name
}

// Database makes an empty database for one test.
func Database(tb testing.TB) (dsn string) {
	tb.Helper()
	return Own{running(tb)}.Database(tb)
}

// running is the shared server.
func running(tb testing.TB) *server {
	tb.Helper()
	shared.once.Do(func() { shared.server, shared.err = run() })
	if shared.err != nil {
		tb.Fatal(shared.err)
	}
	return shared.server
}

func (s *server) exec(tb testing.TB, query string) {
	tb.Helper()
	ctx := tb.Context()
	conn, err := pgx.Connect(ctx, s.dsn("postgres"))
	if err != nil {
		tb.Fatal(err)
	}
	_, err = conn.Exec(ctx, query)
	if closeErr := conn.Close(ctx); err != nil || closeErr != nil {
		tb.Fatal(err, closeErr)
	}
}

// Own is a server of one test's own, which may crash.
type Own struct{ *server }

// Start runs a server until the test ends.
func Start(tb testing.TB) Own {
	tb.Helper()
	s, err := run()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.remove(); err != nil {
			tb.Error(err)
		}
	})
	return Own{s}
}

// Database makes an empty database and returns how to reach it.
func (o Own) Database(tb testing.TB) (dsn string) {
	tb.Helper()
	name := fmt.Sprintf("test_%d", names.Add(1))
	o.exec(tb, "CREATE DATABASE "+name)
	return o.dsn(name)
}

// Crash ends the server without a word; it recovers at the next start.
func (o Own) Crash(tb testing.TB) {
	tb.Helper()
	if err := o.stop(); err != nil {
		tb.Fatal(err)
	}
}

// Restart runs a crashed server again.
func (o Own) Restart(tb testing.TB) {
	tb.Helper()
	if err := o.start(); err != nil {
		tb.Fatal(err)
	}
}

// run makes a server and starts it.
func run() (*server, error) {
	s, err := newServer(context.Background())
	if err != nil {
		return nil, err
	}
	if err := s.start(); err != nil {
		return nil, errors.Join(err, s.remove())
	}
	return s, nil
}
