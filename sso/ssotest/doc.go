// Package ssotest is the simulated identity side of the world: Microsoft Entra
// with its real paths, tokens and errors ([Entra]), and a second, plain OpenID
// provider that plays the contact centre's own ([Provider]).
//
// Invariants:
//   - As strict as the real one: what Entra would refuse is refused, with its
//     AADSTS code.
//   - Repeatable: the same seed gives the same keys, ids and secrets.
//
// It never lives in a production path: tests and the demo only.
package ssotest
