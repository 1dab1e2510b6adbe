package sso

import (
	"context"
	"sync"
	"time"
)

// assertions keeps what browsers' sign-ins at Entra brought beside the ID token,
// by session, in memory. The refresh token lies in the store too, sealed, so that
// sign-ins are reviewed after a restart ([Verifier.recall]); access tokens do not.
type assertions struct {
	mu  sync.Mutex
	all map[string]kept
}

type kept struct {
	Assertion        // zero where none is wanted
	refresh   string // refresh token; empty when Entra gave none
	objectID  string // whose it is: a session may later hold another's identity
	until     time.Time
	storedAt  time.Time // when the refresh token, or one before it, went to the store
}

func newAssertions() *assertions { return &assertions{all: make(map[string]kept)} }

func (a *assertions) put(key string, k kept, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for key, old := range a.all {
		if !now.Before(old.until) {
			delete(a.all, key)
		}
	}
	a.all[key] = k
}

// add is put for what may be there already, and perhaps newer; it gives what is.
func (a *assertions) add(key string, k kept, now time.Time) kept {
	if known, ok := a.get(key, k.objectID); ok {
		return known
	}
	a.put(key, k, now)
	return k
}

// replace puts what a refresh brought in the place of what it was refreshed from,
// unless that has gone meanwhile.
func (a *assertions) replace(key string, from, to kept) (replaced bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.all[key].refresh != from.refresh {
		return false
	}
	a.all[key] = to
	return true
}

// get finds nothing where it is not that person's.
func (a *assertions) get(key, objectID string) (k kept, known bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	k, known = a.all[key]
	if !known || k.objectID != objectID {
		return kept{}, false
	}
	return k, true
}

// of is zero when there is none, or no longer a good one.
func (a *assertions) of(key, objectID string, now time.Time) Assertion {
	k, _ := a.get(key, objectID)
	if !now.Before(k.Expires) {
		return Assertion{}
	}
	return k.Assertion
}

// carry hands what one session has to what takes its place.
func (a *assertions) carry(from, to string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if k, ok := a.all[from]; ok {
		delete(a.all, from)
		if _, newer := a.all[to]; !newer {
			a.all[to] = k
		}
	}
}

func (a *assertions) drop(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.all, key)
}

// assertionOf checks the access token of a sign-in like any that is shown to
// this service. One that is not good is left out: the sign-in itself is.
func (v *Verifier) assertionOf(ctx context.Context, who person, raw string) (Assertion, bool) {
	if raw == "" {
		return Assertion{}, false
	}
	t, err := parseToken(raw)
	if err != nil {
		return Assertion{}, false
	}
	same, err := v.entra.verify(ctx, t)
	if err != nil || same.tenant != who.tenant || same.objectID != who.objectID {
		return Assertion{}, false
	}
	return Assertion{Token: raw, Expires: same.expires}, true
}
