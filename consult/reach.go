package consult

import (
	"context"
	"time"

	"teamsbridge/sso"
)

// Reach is somebody whom an agent may call outside of any interaction, and how
// they are rung.
type Reach struct {
	Target Target
	// Acceptance asks whoever answers to press a key before they count as answered.
	Acceptance    bool
	RingTimeout   time.Duration
	AcceptTimeout time.Duration // to press it, once picked up
}

// Reach finds whom a request means and whether the caller may reach them, by the
// rules of a consult: sign-on, the experts' numbers, dial policy, emergency
// numbers. Errors: those of a consult. Agents and queues are offered a consult
// on their page and have no number of their own: *[InvalidError].
func (e *Engine) Reach(ctx context.Context, p sso.Principal, req TargetRequest) (Reach, error) {
	switch {
	case !p.Valid():
		return Reach{}, ErrUnauthenticated
	case e.draining.Load():
		return Reach{}, ErrDraining
	case req.Kind == TargetAgent || req.Kind == TargetQueue:
		return Reach{}, &InvalidError{
			Location: "body.target.kind",
			Message:  "agents and queues are offered a consult on their page, not by a number: choose organization, entryPoint or dialNumber",
		}
	}
	found, err := e.resolveTarget(ctx, p, &State{}, req)
	if err != nil {
		return Reach{}, err
	}
	return Reach{
		Target: found.target, Acceptance: e.cfg.Acceptance == "key" && found.target.Expert != "",
		RingTimeout: e.cfg.RingTimeout, AcceptTimeout: e.cfg.AcceptTimeout,
	}, nil
}
