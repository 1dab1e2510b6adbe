// Package explain says of one agent and one expert whether the one can reach the
// other, step by step from the sign-in to the telephone line, and who can remove
// what is in the way.
//
//	agent ► organisation ► single sign-on (package sso's checks) ► expert, read live ► number ► policy ► line
//
// It is the answer to "why does it not work for her?", for an administrator and
// for a terminal. The steps that an agent's command meets are the same; here none
// of them stops at the first refusal, and nobody is called.
//
// Invariants:
//   - It changes nothing: no state, no session, no check at Entra. Of Graph it
//     reads one person.
//   - Only the asked organisation is looked at. What is not known there is not
//     known, whoever knows it elsewhere.
//   - A step that cannot be judged because an earlier one failed is unknown, never
//     green.
//   - Presence is not asked for: it never decides.
package explain
