// Package tokentest writes the attacks on access tokens down as one table, for
// every place that takes tokens to be held against.
//
//	Authority ── keys, discovery ──► the verifier under test
//	    ▲
//	    └── Attack.Token ── a bad token ──► the same verifier, directly and over HTTP
//
// An [Authority] publishes and signs whatever a row wants, which the strict
// simulators of package ssotest would not. Each [Attack] names the whole answer
// that it expects. Whoever runs the table makes a verifier from
// [Authority.Config] and [Agents]; rows that change what is published
// ([Attack.Rekeys]) need one of their own.
//
// It never lives in a production path: tests only.
package tokentest
