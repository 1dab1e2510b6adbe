// Package reservetest has the people of tests of reservations. They prove who they
// are to the simulated Entra and the real verifier.
package reservetest
