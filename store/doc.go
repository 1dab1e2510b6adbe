// Package store holds nothing itself: store/sqlite is the default journal and
// settings store, store/storetest the contract that every store passes.
//
// The interfaces are declared by their consumers: consult.Store,
// sso.SessionStore, sso.OrganizationStore.
package store
