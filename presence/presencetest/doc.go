// Package presencetest is the contract every presence.Source keeps, and a
// Source in memory that keeps it.
//
// A Source joins with one test:
//
//	presencetest.Run(t, func(t *testing.T) presencetest.Rig { … })
//
// It is imported by tests only.
package presencetest
