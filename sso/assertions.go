package sso

import (
	"context"
	"sync"
	"time"
)

// assertions keeps what browsers' sign-ins at Entra brought beside the ID token,
// by session, in memory only: after a restart their people sign in anew when it
// matters.
type assertions struct {
	mu  sync.Mutex
	all map[string]kept
}

type kept struct {
	Assertion        // zero where none is wanted
	refresh   string // refresh token; empty when Entra gave none
	objectID  string // whose it is: a session may later hold another's identity
	until     time.Time
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

// replace puts what a refresh brought in the place of what it was refreshed from,
// unless that has gone meanwhile.
func (a *assertions) replace(key string, from, to kept) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.all[key].refresh == from.refresh {
		a.all[key] = to
	}
}

// get is zero when there is nothing of that person under the key.
func (a *assertions) get(key, objectID string) kept {
	a.mu.Lock()
	defer a.mu.Unlock()
	if k := a.all[key]; k.objectID == objectID {
		return k
	}
	return kept{}
}

// of is zero when there is none, or no longer a good one.
func (a *assertions) of(key, objectID string, now time.Time) Assertion {
	k := a.get(key, objectID)
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

// keep holds on to what a sign-in at Entra brought for the session.
func (v *Verifier) keep(ctx context.Context, s Session, who person, tokens redeemed) {
	if v.entra == nil || who.objectID == "" {
		return
	}
	k := kept{refresh: tokens.refreshToken, objectID: who.objectID, until: s.ExpiresAt}
	if v.cfg.Entra.KeepAssertions {
		k.Assertion, _ = v.assertionOf(ctx, who, tokens.accessToken)
	}
	if k.refresh != "" || k.Token != "" {
		v.kept.put(s.Key, k, v.deps.now())
	}
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
