// Package store is what the stores have in common: the schema's version,
// forgetting what is old enough, and forgetting a whole organisation.
//
//	store/sqlite     one file, one process: the default
//	store/postgres   a database server
//	store/storetest  the contract of both, and a memory that keeps it
//
// The interfaces are declared by their consumers, such as consult.Store,
// graph.Store, audit.Store and sso.SessionStore; here are [Retention] and
// [Offboarding].
//
// It knows no interaction and no SQL.
package store
