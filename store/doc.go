// Package store is what the stores have in common: the schema's version, and
// forgetting what is old enough.
//
//	store/sqlite     one file, one process: the default
//	store/postgres   a database server
//	store/storetest  the contract of both, and a memory that keeps it
//
// The interfaces are declared by their consumers: consult.Store,
// sso.SessionStore, sso.OrganizationStore, and here [Retention].
//
// It knows no interaction and no SQL.
package store
