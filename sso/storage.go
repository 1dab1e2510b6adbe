package sso

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrStorage: the store could not be asked, or did not confirm what it was told.
var ErrStorage = errors.New("sso: storage unavailable")

// storageError tells a store in trouble from one that answers.
func storageError(err error) error {
	if err == nil || errors.Is(err, ErrSessionNotFound) || errors.Is(err, ErrTransactionNotFound) || errors.Is(err, ErrUsed) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrStorage, err)
}

// telling is a store whose failures match ErrStorage, so that whoever answers can
// tell them from a mistake of this service.
type telling struct{ store SessionStore }

func (t telling) PutSession(ctx context.Context, s Session) error {
	return storageError(t.store.PutSession(ctx, s))
}

func (t telling) Session(ctx context.Context, key string) (Session, error) {
	s, err := t.store.Session(ctx, key)
	return s, storageError(err)
}

func (t telling) SessionsOf(ctx context.Context, tenant string) ([]Session, error) {
	all, err := t.store.SessionsOf(ctx, tenant)
	return all, storageError(err)
}

func (t telling) TouchSession(ctx context.Context, key string, seen time.Time) error {
	return storageError(t.store.TouchSession(ctx, key, seen))
}

func (t telling) KeepRefresh(ctx context.Context, key string, sealed []byte) error {
	return storageError(t.store.KeepRefresh(ctx, key, sealed))
}

func (t telling) DeleteSession(ctx context.Context, key string) error {
	return storageError(t.store.DeleteSession(ctx, key))
}

func (t telling) PutTransaction(ctx context.Context, one Transaction) error {
	return storageError(t.store.PutTransaction(ctx, one))
}

func (t telling) TakeTransaction(ctx context.Context, key string) (Transaction, error) {
	one, err := t.store.TakeTransaction(ctx, key)
	return one, storageError(err)
}

func (t telling) UseOnce(ctx context.Context, key string, until time.Time) error {
	return storageError(t.store.UseOnce(ctx, key, until))
}

func (t telling) DeleteExpired(ctx context.Context, now time.Time) error {
	return storageError(t.store.DeleteExpired(ctx, now))
}
