// Package storetest is the contract that every [consult.Store] keeps, and a
// [Memory] that keeps it and can be told to fail.
//
// A back-end joins with one line:
//
//	storetest.Run(t, func(t *testing.T) consult.Store { return open(t) })
//
// Every check gets a fresh, empty store. Times are compared to the millisecond.
// The stores of sessions and organisations have their contract in sso/sessiontest.
//
// It never lives in a production path.
package storetest
