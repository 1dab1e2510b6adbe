package sso

import (
	"context"
	"fmt"
	"sync"
)

// sessionEnds tells whoever shows something to signed-in browsers that a session is
// over. Its zero value is ready.
type sessionEnds struct {
	mu    sync.RWMutex
	tell  []func(id string)
	taken []func(Taken)
}

// WhenSessionEnds has tell called with the [Session.ID] of each session that
// ends here from now on: signed out, revoked, replaced by a new sign-in, ended
// by its provider, or found past its limits. tell must not block.
func (v *Verifier) WhenSessionEnds(tell func(id string)) {
	v.ends.mu.Lock()
	defer v.ends.mu.Unlock()
	v.ends.tell = append(v.ends.tell, tell)
}

// endSession forgets a session and all that goes with it, then tells; an empty key or
// that of no session is none.
func (v *Verifier) endSession(ctx context.Context, key string) error {
	if key == "" {
		return nil
	}
	if err := v.deps.Sessions.DeleteSession(ctx, key); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	v.kept.drop(key)
	v.ends.mu.RLock()
	defer v.ends.mu.RUnlock()
	for _, tell := range v.ends.tell {
		tell(Session{Key: key}.ID())
	}
	return nil
}
