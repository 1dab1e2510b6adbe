package sso

import "context"

// Taken is a sign-in that was ended by whoever vouched for it.
type Taken struct {
	// Principal is whose it was; not valid where they are nobody here any more.
	Principal Principal
	Tenant    string
	// Key is the SHA-256 of the session's secret, or of the token, in hex: what
	// the store has a session under. It opens nothing.
	Key string
	// BackChannel: the contact centre's provider sent a logout token. Otherwise
	// Entra said so, with Reason.
	BackChannel bool
	Reason      EndedReason
}

// WhenTaken has tell called with each sign-in that its provider ends from now
// on. tell must not block.
func (v *Verifier) WhenTaken(tell func(Taken)) {
	v.ends.mu.Lock()
	defer v.ends.mu.Unlock()
	v.ends.taken = append(v.ends.taken, tell)
}

func (v *Verifier) tellTaken(taken Taken) {
	v.ends.mu.RLock()
	defer v.ends.mu.RUnlock()
	for _, tell := range v.ends.taken {
		tell(taken)
	}
}

// endByProvider ends a session that the contact centre's provider says is over.
func (v *Verifier) endByProvider(ctx context.Context, s Session) error {
	whose, err := v.sessionPrincipal(s)
	if err != nil { // who it was does not keep it from ending
		whose = Principal{}
	}
	if err := v.endSession(ctx, s.Key); err != nil {
		return err
	}
	v.tellTaken(Taken{Principal: whose, Tenant: s.Tenant, Key: s.Key, BackChannel: true})
	return nil
}
