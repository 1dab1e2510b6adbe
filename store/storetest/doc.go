// Package storetest is the contract that every [consult.Store] keeps, and a
// [Memory] that keeps it and can be told to fail.
//
// A back-end joins with a line for each:
//
//	storetest.Run(t, func(t *testing.T) consult.Store { return open(t) })
//	storetest.RunRetention(t, func(t *testing.T) storetest.Forgetting { return open(t) })
//	storetest.RunFavourites(t, func(t *testing.T) storetest.FavouriteStore { return open(t) })
//	storetest.RunAudit(t, func(t *testing.T) audit.Store { return open(t) })
//	storetest.RunPersons(t, func(t *testing.T) storetest.PersonStore { return open(t) })
//	storetest.RunFailing(t, func(t *testing.T) (consult.Store, storetest.Hand) { … })
//
// Every check gets a fresh, empty store. Times are compared to the millisecond.
// The stores of sessions and organisations have their contract in sso/sessiontest.
//
// It never lives in a production path.
package storetest
