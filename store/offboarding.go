package store

import "context"

// Offboarding is a store that can forget a whole organisation. Implementations
// pass storetest.RunOffboarding.
//
// What belongs to an organisation is every row of a table with a column tenant,
// looked up in the database's own schema, so that a table of tomorrow is not
// forgotten, and what hangs on such rows. The audit (tables that begin with
// audit_) has a retention of its own and stays.
type Offboarding interface {
	// Tenants names every organisation of which something is kept, in order.
	Tenants(ctx context.Context) ([]string, error)
	// Offboard deletes everything that is kept of an organisation, all of it or
	// nothing, and counts the rows that went by table. No service may be working
	// for the organisation meanwhile.
	Offboard(ctx context.Context, tenant string) (map[string]int, error)
}
