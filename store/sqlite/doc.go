// Package sqlite keeps everything that must survive a restart in one SQLite
// file: interactions with their journal and idempotency keys, the lines by which
// legs of a dead process are ended, reservations, the audit, sessions,
// organisations, agents that administrators made, what agents chose (their
// state, favourites) and whom they consulted, and what was read of directories.
//
//	Append ─┐                                ┌─► answered
//	Append ─┼─► writer: one transaction ─ fsync ─► answered     readers ─► WAL
//	PutX   ─┘   for all who wait now         └─► answered
//
// In a busy moment, when many steps share a commit, they are written as they
// came, as one row of the table "arrived", and swept into interactions and
// journal later, some with each commit and all steps of an interaction at once
// (docs/adr/0014, 0028, 0040). Readers see both places as one. The log is written back
// beside the writer.
//
// Invariants:
//   - An Append that returned nil is on disk (WAL, synchronous=FULL); one
//     writer commits for all who wait (group commit).
//   - An append under a stale version changes nothing, and fails nobody else
//     in the same commit.
//   - A write that reached the writer is finished, whoever gave up waiting;
//     one that did not is not begun.
//   - On a full disk a reserve is given up and urgent steps are still written;
//     everything else is refused with [ErrFull] until there is room again.
//   - A file of a newer schema is refused, never changed.
//
// The file belongs to one process and is readable by its user only: sessions
// hold ID tokens, and refresh tokens sealed. Of sessions, sign-ins and
// organisations only what is searched for, or written on its own, is a column; the
// rest is JSON, so that a new field needs no migration.
//
// No presence is ever written here.
package sqlite
