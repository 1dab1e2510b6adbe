// Package budget keeps the service within what Microsoft Graph grants it, and
// gives what there is to those who need it most.
//
//	With(ctx, Click) ──► request ──► Transport ──► wait for a turn ──► Graph
//	                                    ▲                                │
//	                                    └── 429, Retry-After, unit costs ┘
//
// Graph counts by workload and tenant ("Microsoft Graph service-specific
// throttling limits"): presence in requests, the directory in resource units
// that depend on the kind of request and on the tenant's size. Each pair has an
// account. What is asked for under one account waits in the order of its
// [Class], first come first served within a class; tenants take turns where
// the limit over all of them is what is short.
//
// Invariants:
//   - No window of Graph's sees more than the limit: an account saves up at
//     most a fifth of it and earns the other four fifths over the window.
//   - The lower classes leave a reserve: a click finds room at once however
//     much is being polled and mirrored.
//   - While Graph has asked to wait, nothing of that workload and tenant is
//     sent; afterwards it starts at half the pace and recovers by itself.
//   - Nobody waits in vain: who would not get a turn before their context's
//     deadline is told so at once, with when to come back.
//   - One tenant's throttling is never another's.
//
// It sends nothing itself, repeats nothing, and keeps no record of who asked
// for whom. Accounts live in memory: several processes with one registration
// at Microsoft each believe they have all of it, and learn otherwise from 429s.
package budget
