// Package web is the HTTP surface: the API of version 1, its problems and
// event streams, browser sessions, and the agent desktop page embedded from
// web/ui/dist.
//
// Invariants:
//   - Every refusal is a problem document from one table; no internal text and
//     no input of the caller leaves in it.
//   - Which actions are allowed is asked of package consult, never decided here.
//
// It imports domains, never adapters.
package web
