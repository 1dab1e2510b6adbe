// Package siptest has telephones for tests: each a SIP user agent with a voice of
// its own, on loopback.
//
// A [Phone] rings when it is called, and a hand picks up, declines or lets it
// ring; it calls others, hangs up, holds and presses keys. Its audio is a tone
// (package tonetest), so that a test hears who hears whom.
//
// A [Wire] is a peer without rules, for what no telephone does: it sends what a
// test writes and shows what arrives; a [Talk] is a dialog as it has it.
package siptest
