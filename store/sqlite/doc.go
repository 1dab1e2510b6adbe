// Package sqlite keeps everything that must survive a restart in one SQLite
// file: interactions and their journal, idempotency keys, sessions,
// organisations, what agents chose as their state.
//
// Invariants:
//   - An Append that returned nil is on disk (WAL, synchronous=FULL); one
//     writer commits for all who wait (group commit).
//   - An append under a stale version changes nothing.
//   - A file of a newer schema is refused, never changed.
//
// No presence is ever written here.
package sqlite
