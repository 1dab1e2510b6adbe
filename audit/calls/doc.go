// Package calls makes audit lines of what happens in calls, from the journal.
//
//	engine ─► Journal.Append ─► store (durable) ─► answered
//	                │
//	                └─ later ─► line ─► audit.Recorder
//
// Invariants:
//   - No step of a call waits for a line, or fails with one.
//   - A line is made of the step as it lies in the journal, and carries its
//     version; a chain has it once at most.
//   - What a crash, or a moment with too much to write, has left out is made up
//     for by [Journal.CatchUp], which compares journal and chain.
//
// Of a step only ids, words and masked numbers are told: no name, no note, and of
// the customer nothing.
package calls
