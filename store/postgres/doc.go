// Package postgres keeps everything that must survive a restart in a
// PostgreSQL database: the same as store/sqlite, under the same contracts.
//
//	Append ─► group ─► append_step() for each ── one statement, one commit ─► answered
//	             │                                                               │
//	             └─ one is refused: nothing written,                             └─ told: Follow
//	                each goes alone
//
// Invariants:
//   - An Append that returned nil is on the server's disk; a server that may
//     forget what it confirmed is refused at the start.
//   - The version is checked in the statement that writes, and a key is claimed
//     with its step or not at all.
//   - Steps that come together share a commit and nothing else: a step is
//     refused for its own reasons only.
//   - A step whose answer got lost is written again; it meets itself by the
//     version and is told from another one by its content. One that stays
//     unconfirmed for longer than patience is found by the next step's version.
//   - A write that was begun is finished, whoever gave up waiting.
//   - A schema of a newer version is refused, never changed.
//
// A server that restarts or changes over within seconds costs time, not calls.
// Connections keep state (prepared statements, the [Lock]): a pooler in between
// has to pool sessions, not transactions.
//
// What has been committed is told afterwards with NOTIFY, ids only, and never in
// the transaction of a call. Nothing in the service depends on it: one service
// works on a database at a time, which [Lock] ensures, and it knows its own
// calls. [Store.Follow] is for programs beside it.
//
// No presence is ever written here, nor told.
package postgres
