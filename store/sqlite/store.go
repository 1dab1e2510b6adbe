package sqlite

import (
	"context"
	"errors"

	"teamsbridge/consult"
	"teamsbridge/sso"
)

// Store is one open database file.
type Store struct {
	consult.Store
	sso.SessionStore
	sso.OrganizationStore
}

// Open opens or creates the file and brings its schema up to date.
func Open(ctx context.Context, path string) (*Store, error) { return nil, errors.ErrUnsupported }

// Close waits for the writer and closes the file.
func (s *Store) Close() error { return nil }
