// Package archtest holds the house to its plan: who may import whom, what stays
// out of production, and what every package owes its reader.
//
// The plan is docs/architecture.md's table of folders; the tests read it off
// the packages through `go list`, so nothing can be forgotten in a list of files.
package archtest
