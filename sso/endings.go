package sso

import (
	"context"
	"fmt"
	"sync"
)

// endings tells whoever shows something to signed-in browsers that a session is
// over. Its zero value is ready.
type endings struct {
	mu   sync.RWMutex
	tell []func(id string)
}

// WhenSessionEnds has tell called with the [Session.ID] of each session that
// ends here from now on: signed out, revoked, replaced by a new sign-in, ended
// by its provider, or found past its limits. tell must not block.
func (v *Verifier) WhenSessionEnds(tell func(id string)) {
	v.endings.mu.Lock()
	defer v.endings.mu.Unlock()
	v.endings.tell = append(v.endings.tell, tell)
}

// end forgets a session and all that goes with it, then tells; an empty key or
// that of no session is none.
func (v *Verifier) end(ctx context.Context, key string) error {
	if key == "" {
		return nil
	}
	if err := v.deps.Sessions.DeleteSession(ctx, key); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	v.kept.drop(key)
	v.endings.mu.RLock()
	defer v.endings.mu.RUnlock()
	for _, tell := range v.endings.tell {
		tell(Session{Key: key}.ID())
	}
	return nil
}
