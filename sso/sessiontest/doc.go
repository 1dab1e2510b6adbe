// Package sessiontest is the contract that every sso.SessionStore,
// sso.OrganizationStore and sso.AgentStore keeps, and a memory that keeps it.
//
// A back-end joins with three lines:
//
//	sessiontest.Run(t, func(t *testing.T) sso.SessionStore { return open(t) })
//	sessiontest.RunOrganizations(t, func(t *testing.T) sso.OrganizationStore { return open(t) })
//	sessiontest.RunAgents(t, func(t *testing.T) sso.AgentStore { return open(t) })
//
// Every check gets a fresh, empty store. Times are compared to the millisecond.
// It never lives in a production path.
package sessiontest
