package sso

import (
	"cmp"
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
// Whatever callers do, the issuer is asked at most as often as the two budgets
// allow and by one request at a time. While there is nothing to go by, nobody
// can be judged, and a few tries may follow each other; once there is, first
// fetches are over. While the issuer is away the copy stays good until it is
// older than trusted.
type remote[T any] struct {
	fetch   func(context.Context) (T, error)
	now     func() time.Time
	first   *rate.Limiter // of fetches while there is no copy worth anything
	again   *rate.Limiter // of all others
	fresh   time.Duration // a copy older than this is renewed when it is next used
	trusted time.Duration // a copy older than this is worth nothing
	wait    time.Duration // how long a caller waits for a renewal while the copy is still trusted

	flight singleflight.Group

	mu      sync.RWMutex
	latest  edition[T] // zero before the first fetch
	lastErr error      // of the last fetch
}

// edition is a copy as it was fetched once.
type edition[T any] struct {
	copy   T
	number int // 1, 2, …
	at     time.Time
}

func (r *remote[T]) current() edition[T] {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.latest
}

// worthless reports whether there is no copy, or one that is too old.
func (r *remote[T]) worthless(e edition[T]) bool {
	return e.number == 0 || r.now().Sub(e.at) >= r.trusted
}

// get answers with the copy, renewing it first when it is old.
func (r *remote[T]) get(ctx context.Context) (T, error) {
	e, err := r.edition(ctx)
	return e.copy, err
}

// edition is get, for who may have to ask for a later one.
func (r *remote[T]) edition(ctx context.Context) (edition[T], error) {
	kept := r.current()
	switch {
	case r.worthless(kept):
		return r.renew(ctx, kept)
	case r.now().Sub(kept.at) < r.fresh:
		return kept, nil
	}
	hurried, cancel := context.WithTimeout(ctx, r.wait)
	defer cancel()
	if renewed, err := r.renew(hurried, kept); err == nil {
		return renewed, nil
	}
	return kept, nil
}

// renew gives a later edition than the one that did not do: one that somebody
// else has fetched meanwhile, or one fetched now, together with everybody else
// who wants it. It goes on fetching when ctx ends. Beyond the budget it answers
// with the last fetch's error, or errAskedTooOften when that went well.
func (r *remote[T]) renew(ctx context.Context, before edition[T]) (edition[T], error) {
	result := r.flight.DoChan("", func() (any, error) {
		if now := r.current(); now.number > before.number {
			return now, nil
		}
		if err := r.spend(); err != nil {
			return edition[T]{}, err
		}
		return r.fetchNow(context.WithoutCancel(ctx))
	})
	select {
	case <-ctx.Done():
		return edition[T]{}, ctx.Err()
	case done := <-result:
		return done.Val.(edition[T]), done.Err
	}
}

func (r *remote[T]) fetchNow(ctx context.Context) (edition[T], error) {
	at := r.now()
	fetched, err := r.fetch(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lastErr = err
	if err != nil {
		return edition[T]{}, err
	}
	r.latest = edition[T]{copy: fetched, number: r.latest.number + 1, at: at}
	return r.latest, nil
}

// spend takes a fetch out of its budget, or says why there is none left.
func (r *remote[T]) spend() error {
	budget := r.again
	if r.worthless(r.current()) {
		budget = r.first
	}
	if budget.AllowN(r.now(), 1) {
		return nil
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return cmp.Or(r.lastErr, errAskedTooOften)
}
