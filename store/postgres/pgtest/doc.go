// Package pgtest starts a throw-away PostgreSQL server for tests.
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
//
//	func TestX(t *testing.T) { s := open(t, pgtest.Schema(t)) … }
//
// The server is the installed one (Debian: package postgresql), in a folder and
// behind a socket of its own, and ends with the tests. It syncs to its disk, as
// a real one does.
//
// It never lives in a production path.
package pgtest
