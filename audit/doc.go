// Package audit keeps who did what: one line for each sign-in, refusal, consent,
// switch, consult, transfer, wrap-up and administration act.
//
//	web ──── Record, Note ────┐
//	                          ├─► Recorder ─ one commit ─► Store: a chain for each organisation
//	journal ─ audit/calls ────┘        └──────────────────► stream: file or stdout
//
// Each line carries the hash of the one before it. The hash covers everything but
// the fields of persons (Actor, Target); of those it covers a digest under a salt
// that stands with the fields. Erasing a person deletes fields and salt, and the
// chain stays whole. [Check] verifies it.
//
// How sure a line is:
//   - What [Recorder.Record] returned nil for is durable. Sign-ins of browsers,
//     consents and acts of administrators are recorded so before they are
//     answered; when that fails they are refused.
//   - Commands and outcomes of calls never wait for a line. The journal has them
//     first, and package audit/calls makes their lines from it, after a crash too:
//     what was acknowledged has its line at the latest at the next start.
//   - Refusals, and the first use of a token, are noted: nothing was granted by
//     the refusal, and calls must go on. A crash may lose those of the last
//     moments, and a flood of them beyond what can be written is counted in
//     teamsbridge_audit_lost_total.
//   - The stream follows the store. A crash between the two leaves lines out of
//     it, which verifying it shows and the export of the store fills in.
//
// A chain shows what was changed by somebody who could not write all of it anew.
// Whoever can write to the database can: against them help the stream, kept
// elsewhere, and anchors that are written down.
//
// No token, secret, whole telephone number, search text or free text is in a
// line: ids, words from closed sets, and numbers that [Chain.Seal] has masked.
//
// It knows no HTTP, no SQL and no domain, so that every part of the service may
// record.
package audit
