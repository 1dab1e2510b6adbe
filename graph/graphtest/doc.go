// Package graphtest is the simulated Microsoft Graph: the paths that teamsbridge
// uses, with Graph's rules, errors, paging and throttling, over a repeatable
// organisation of people and groups ([Organization]).
//
//	request ─► fault? ─► token ─► path ─► limits ─► permission ─► endpoint ─► log
//	   ▲       (429 …)   (401)    (404,   (429)     (403)         (400, 410
//	   │                           405)                            or 200)
//	   └── each request of a batch goes the same way
//
// Invariants:
//   - As strict as the real one: an unknown property, a missing header or
//     permission, a wrong method is refused as Graph would refuse it. Who may
//     ask is a table per endpoint and kind of token; a row that was found by
//     what the caller may not read is left out silently.
//   - Described: package apitest has the same API as OpenAPI, written apart from
//     this code, and every answer in this package's tests is held against it.
//   - Repeatable: the same seed gives the same people, and the same presence at
//     the same time.
//   - Tenants are apart: the token's tenant decides what exists, and a link of
//     one tenant is void in another.
//   - Nothing is kept per reader: paging and delta tokens hold all there is to
//     know, sealed so that nobody reads a meaning into them.
//   - Nothing runs in the background: a restless presence, a lag and a limit are
//     functions of time.
//
// Limits, lag and an uneven delta are off unless [Options] ask for them. It
// sends no change notifications and takes no writes over HTTP.
//
// It never lives in a production path: tests and the demo only. Where it is
// known to differ from Microsoft's, docs/divergences.md says so.
package graphtest
