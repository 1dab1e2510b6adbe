// Package graphtest is the simulated Microsoft Graph: the paths that teamsbridge
// uses, with Graph's rules, errors, paging and throttling, over a repeatable
// organisation of people ([Organization]).
//
// Invariants:
//   - As strict as the real one: an unknown property, a missing header or
//     permission, a wrong method is refused as Graph would refuse it.
//   - Repeatable: the same seed gives the same people.
//
// It never lives in a production path: tests and the demo only. Where it is
// known to differ from Microsoft's, docs/divergences.md says so.
package graphtest
