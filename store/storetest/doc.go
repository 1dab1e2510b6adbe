// Package storetest is the contract that every [consult.Store] keeps, and a
// [Memory] that keeps it and can be told to fail.
//
// A back-end joins with a line for each:
//
//	storetest.Run(t, func(t *testing.T) consult.Store { return open(t) })
//	storetest.RunFailing(t, func(t *testing.T) (consult.Store, storetest.Hand) { … })
//	storetest.RunDiscarder(t, func(t *testing.T) storetest.DiscarderStore { return open(t) })
//	storetest.RunLines(t, func(t *testing.T) consult.Lines { return open(t) })
//	storetest.RunReservations(t, func(t *testing.T) storetest.ReservationStore { return open(t) })
//	storetest.RunDirectories(t, func(t *testing.T) graph.Store { return open(t) })
//	storetest.RunFavourites(t, func(t *testing.T) storetest.FavouriteStore { return open(t) })
//	storetest.RunAudit(t, func(t *testing.T) audit.Store { return open(t) })
//	storetest.RunPersons(t, func(t *testing.T) storetest.PersonStore { return open(t) })
//	storetest.RunRetention(t, func(t *testing.T) storetest.Forgetting { return open(t) })
//	storetest.RunOffboarding(t, func(t *testing.T) (storetest.WholeStore, storetest.Dump) { … })
//
// Every check gets a fresh, empty store. Times are compared to the millisecond.
// The stores of sessions, organisations and agents have theirs in sso/sessiontest.
//
// It never lives in a production path.
package storetest
