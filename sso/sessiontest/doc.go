// Package sessiontest is the contract that every sso.SessionStore and
// sso.OrganizationStore keeps, and a memory that keeps it.
//
// A back-end joins with two lines:
//
//	sessiontest.Run(t, func(t *testing.T) sso.SessionStore { return open(t) })
//	sessiontest.RunOrganizations(t, func(t *testing.T) sso.OrganizationStore { return open(t) })
//
// Every check gets a fresh, empty store. Times are compared to the millisecond.
// It never lives in a production path.
package sessiontest
