package sso

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"
)

// errAskedTooOften says that a document was not fetched because it has been
// fetched often enough lately.
var errAskedTooOften = errors.New("sso: fetch budget spent")

// remote keeps the last good copy of a document that an issuer publishes: its
// signing keys, its metadata.
//
// Whatever callers do, the issuer is asked at most as often as the budget
// allows and by one request at a time. While the issuer is away the copy
// stays good until it is older than trusted.
type remote[T any] struct {
	fetch   func(context.Context) (T, error)
	now     func() time.Time
	budget  *rate.Limiter
	fresh   time.Duration // a copy older than this is renewed when it is next used
	trusted time.Duration // a copy older than this is worth nothing
	wait    time.Duration // how long a caller waits for a renewal while the copy is still trusted

	flight singleflight.Group

	mu      sync.RWMutex
	copy    T
	at      time.Time // of the fetch; zero before the first
	lastErr error     // of the last fetch
}

// get answers with the copy, renewing it first when it is old.
func (r *remote[T]) get(ctx context.Context) (T, error) {
	r.mu.RLock()
	kept, at := r.copy, r.at
	r.mu.RUnlock()
	age := r.now().Sub(at)
	switch {
	case at.IsZero() || age >= r.trusted:
		return r.renew(ctx)
	case age < r.fresh:
		return kept, nil
	}
	hurried, cancel := context.WithTimeout(ctx, r.wait)
	defer cancel()
	if renewed, err := r.renew(hurried); err == nil {
		return renewed, nil
	}
	return kept, nil
}

// renew fetches the document now, together with everybody else who wants it,
// and goes on fetching when ctx ends. Beyond the budget it answers with the
// last fetch's error, or errAskedTooOften when that went well.
func (r *remote[T]) renew(ctx context.Context) (T, error) {
	result := r.flight.DoChan("", func() (any, error) {
		if !r.budget.AllowN(r.now(), 1) {
			return nil, r.refusal()
		}
		return r.fetchNow(context.WithoutCancel(ctx))
	})
	var none T
	select {
	case <-ctx.Done():
		return none, ctx.Err()
	case done := <-result:
		if done.Err != nil {
			return none, done.Err
		}
		return done.Val.(T), nil
	}
}

func (r *remote[T]) fetchNow(ctx context.Context) (T, error) {
	at := r.now()
	fetched, err := r.fetch(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lastErr = err
	if err == nil {
		r.copy, r.at = fetched, at
	}
	return fetched, err
}

func (r *remote[T]) refusal() error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.lastErr != nil {
		return r.lastErr
	}
	return errAskedTooOften
}
