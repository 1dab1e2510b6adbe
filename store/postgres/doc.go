// Package postgres keeps everything that must survive a restart in a
// PostgreSQL database: the same as store/sqlite, under the same contracts.
//
//	Append ─► append_step() ── one statement, one commit ─► answered
//	             │ key taken, or another step came first
//	             └─► raised, nothing written
//
// Invariants:
//   - An Append that returned nil is on the server's disk; a server that may
//     forget what it confirmed is refused at the start.
//   - The version is checked in the statement that writes, and a key is claimed
//     with its step or not at all.
//   - A step whose answer got lost is written again; it meets itself by the
//     version and is told from another one by its content.
//   - A write that was begun is finished, whoever gave up waiting.
//   - A schema of a newer version is refused, never changed.
//
// A server that restarts or changes over within seconds costs time, not calls.
// Connections keep state (prepared statements, the [Lock]): a pooler in between
// has to pool sessions, not transactions.
//
// One service works on a database at a time, which [Lock] ensures. No presence
// is ever written here.
package postgres
