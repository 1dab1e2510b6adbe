// Package ssotest is the simulated identity side of the world: Microsoft Entra
// with its real paths, tokens and errors ([Entra]), and a second, plain OpenID
// provider that plays the contact centre's own ([Provider]).
//
//	browser ── authorize, login, consent, logout ──► Entra at PlainURL
//	service ── discovery, keys, token ─────────────► Entra at TLSURL
//	tests   ── AddTenant, Consent, SetApp, Forge ──► the same state, directly
//
// Both addresses may serve the same handler. Whatever address a token was asked
// at, its issuer names TLSURL.
//
// Invariants:
//   - As strict as the real one: what Entra would refuse is refused, with its
//     AADSTS code.
//   - Repeatable: the same seed gives the same keys, ids and secrets. Keys are
//     therefore worth nothing as secrets: never trust this authority with
//     anything real.
//   - Codes, refresh tokens and browser sessions are sealed values that carry
//     their own content, so that the simulator keeps no state per sign-in but the
//     codes already used.
//   - Safe for concurrent use.
//
// It asks for no second factor, knows no conditional access (but see
// [Fault].Code) and has no user consent: only an admin consents.
//
// It never lives in a production path: tests and the demo only.
package ssotest
