package consult

import (
	"context"
	"errors"
	"time"
)

// A journal may write a step and lose the word that it has: its server was away
// for longer than anybody waits. Whoever commanded was told that it could not be
// written; the next step finds another version than it expects. Then the journal
// is right, and what it has is taken over.

// catchUp takes the state over that the journal has, where it is newer. What its
// steps asked of the switch has not been asked: the switch says what is there, and
// what is not there has failed, as after a silence. The caller holds c.mu.
func (e *Engine) catchUp(ctx context.Context, c *call) {
	before := c.s
	s, err := e.journaled(ctx, before)
	if err != nil || s.Version <= before.Version {
		e.log.ErrorContext(ctx, "journal has another version, and does not say which", "interaction", before.ID, "error", err)
		return
	}
	e.log.WarnContext(ctx, "journal has steps that it did not confirm, taking them over", "interaction", s.ID, "steps", s.Version-before.Version)
	c.s = s
	if c.waiter != nil && before.Pending != nil && s.Pending == nil {
		c.waiter <- result{s: s, err: ErrOutcomeUnknown} // the same key tells, once it is asked again
		c.waiter = nil
	}
	e.published(before, s, Input{Kind: InArranged, Actor: ActorSwitch}) // the last of the steps, for all that it matters
	e.arm(c)
	e.lanes.put(s.ID, func(ctx context.Context) { e.compare(ctx, c) })
}

// atLeast gives the state of a call, which the journal has in a version.
func (e *Engine) atLeast(ctx context.Context, c *call, version uint64) *State {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.s.Version < version {
		e.catchUp(ctx, c)
	}
	return c.s
}

// journaled reads what the journal has of an interaction.
func (e *Engine) journaled(ctx context.Context, s *State) (*State, error) {
	stored, err := e.deps.Store.Interaction(context.WithoutCancel(ctx), s.Tenant, s.ID)
	if err != nil {
		return nil, err
	}
	return stored.Decode()
}

// compare asks the switch about a state that was taken over.
func (e *Engine) compare(ctx context.Context, c *call) {
	c.mu.Lock()
	s := c.s
	c.mu.Unlock()
	status, found, err := e.ask(ctx, s.ID)
	if err != nil {
		e.log.ErrorContext(ctx, "switch does not say what is there", "interaction", s.ID, "error", err)
		time.AfterFunc(e.cfg.SwitchTimeout, func() { e.lanes.put(s.ID, func(ctx context.Context) { e.compare(ctx, c) }) })
		return
	}
	if s.Phase == PhaseEnded {
		e.releaseAll(ctx, status)
		return
	}
	e.releaseLeft(ctx, c, status)
	for _, in := range truth(s, status, found, true) {
		e.input(ctx, s.ID, in, nil)
	}
	e.restore(ctx, c)
}

// adopt gives the state of a call whose first step the journal had already, where
// it is that call and goes on; else the error that said so.
func (e *Engine) adopt(ctx context.Context, s *State, cause error) (*State, error) {
	if !errors.Is(cause, ErrVersion) {
		return nil, cause
	}
	there, err := e.journaled(ctx, s)
	if err != nil {
		return nil, errors.Join(cause, err)
	}
	if there.Version != s.Version || there.Customer.Leg != s.Customer.Leg {
		return nil, cause
	}
	return there, nil
}
