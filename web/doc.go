// Package web is the HTTP surface: the interface of version 1, its problems and
// event streams, browser sessions, and the agent desktop page embedded from
// web/ui/dist.
//
//	request ─► id, headers, metrics ─┬─ /api/v1 ─► who ─► role ─► party ─► body ─► domain
//	                                 └─ the rest ─► sign-in, health, problems, page
//	domains ─► feed (one per reader, five minutes) ─► event streams
//
// The order of the checks is the contract's: who it is, whether there is such a
// thing for them, whether their role allows it - and only then the body.
// Operations are declared with huma, which checks parameters and bodies and
// writes the description; what it finds wrong becomes one of our problems.
//
// Invariants:
//   - Every refusal is a problem document from one table ([Problem],
//     docs/problems.md); no internal text and no input of the caller leaves in it.
//   - Which actions are allowed is asked of package consult, never decided here.
//   - A stream that comes back within five minutes misses nothing, or is told
//     that it does.
//   - Presence is asked for listed experts of the caller's organisation only.
//   - A write that only a cookie vouches for comes from the page itself.
//
// It imports domains, never adapters. It listens nowhere: the command owns the
// listeners and serves [Server.Handler] and [Server.Internal].
package web
