// Package siptest has telephones for tests: each a SIP user agent with a voice of
// its own, on loopback.
//
// A [Phone] rings when it is called, and a hand picks up, declines or lets it
// ring; it calls others, hangs up, holds and presses keys. Its audio is a tone
// (package tonetest), so that a test hears who hears whom.
package siptest
