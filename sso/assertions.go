package sso

import (
	"context"
	"sync"
	"time"
)

// assertions keeps the access tokens that browsers' sign-ins brought, by session,
// in memory only: after a restart their people sign in anew when it matters.
type assertions struct {
	mu  sync.Mutex
	all map[string]kept
}

type kept struct {
	Assertion
	objectID string // whose it is: a session may later hold another's identity
}

func newAssertions() *assertions { return &assertions{all: make(map[string]kept)} }

func (a *assertions) put(session string, k kept, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for key, old := range a.all {
		if !now.Before(old.Expires) {
			delete(a.all, key)
		}
	}
	a.all[session] = k
}

// of is zero when there is none, or no longer a good one.
func (a *assertions) of(s Session, now time.Time) Assertion {
	a.mu.Lock()
	defer a.mu.Unlock()
	k, ok := a.all[s.Key]
	if !ok || k.objectID != s.EntraID || !now.Before(k.Expires) {
		return Assertion{}
	}
	return k.Assertion
}

// carry hands what one session has to the one that takes its place.
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

func (a *assertions) drop(session string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.all, session)
}

// assertionOf checks the access token of a sign-in like any that is shown to
// this service. One that is not good is left out: the sign-in itself is.
func (v *Verifier) assertionOf(ctx context.Context, who person, raw string) (kept, bool) {
	if v.entra == nil || who.objectID == "" || raw == "" {
		return kept{}, false
	}
	t, err := parseToken(raw)
	if err != nil {
		return kept{}, false
	}
	same, err := v.entra.verify(ctx, t)
	if err != nil || same.tenant != who.tenant || same.objectID != who.objectID {
		return kept{}, false
	}
	return kept{Assertion{Token: raw, Expires: same.expires}, who.objectID}, true
}
