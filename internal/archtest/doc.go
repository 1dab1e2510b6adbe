// Package archtest holds the house to its plan: who may import whom, what stays
// out of production, and what every package owes its reader.
//
// The plan is the table of folders in rules.go; what is there is read through
// `go list`, so that no package can be forgotten.
package archtest
