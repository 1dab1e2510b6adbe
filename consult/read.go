package consult

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"teamsbridge/sso"
)

// listLimit is how many ended interactions a list holds at most.
const listLimit = 100

// lookUp finds an interaction of the caller's organisation: live (with its
// call) or ended (from the journal).
func (e *Engine) lookUp(ctx context.Context, p sso.Principal, id InteractionID) (*State, *call, error) {
	if c, ok := e.find(id); ok {
		c.mu.Lock()
		s, gone := c.s, c.gone
		c.mu.Unlock()
		if s.Tenant != p.Tenant() {
			return nil, nil, ErrNotFound
		}
		if gone {
			c = nil
		}
		return s, c, nil
	}
	stored, err := e.deps.Store.Interaction(ctx, p.Tenant(), id)
	if errors.Is(err, ErrNotFound) {
		return nil, nil, ErrNotFound
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrStorage, err)
	}
	s, err := stored.Decode()
	return s, nil, err
}

// roleHere is what the caller is in the interaction; "" when it is not theirs to read.
func (e *Engine) roleHere(s *State, p sso.Principal) RoleHere {
	if s.Tenant != p.Tenant() {
		return ""
	}
	if role := s.roleOf(p.Agent().ID); role != "" {
		return role
	}
	if p.Has(sso.RoleSupervisor) {
		return RoleSupervisor
	}
	return ""
}

// View reads one interaction; ErrNotFound.
func (e *Engine) View(ctx context.Context, p sso.Principal, id InteractionID) (View, error) {
	if !p.Valid() {
		return View{}, ErrUnauthenticated
	}
	s, _, err := e.lookUp(ctx, p, id)
	if err != nil {
		return View{}, err
	}
	role := e.roleHere(s, p)
	if role == "" {
		return View{}, ErrNotFound
	}
	return e.viewer.view(s, p, role), nil
}

// List reads the caller's interactions, live ones first, then newest first.
func (e *Engine) List(ctx context.Context, p sso.Principal) ([]View, error) {
	if !p.Valid() {
		return nil, ErrUnauthenticated
	}
	var states []*State
	seen := map[InteractionID]bool{}
	e.mu.RLock()
	calls := make([]*call, 0, len(e.calls))
	for _, c := range e.calls {
		calls = append(calls, c)
	}
	e.mu.RUnlock()
	for _, c := range calls {
		c.mu.Lock()
		s := c.s
		c.mu.Unlock()
		if e.roleHere(s, p) != "" && !seen[s.ID] {
			states, seen[s.ID] = append(states, s), true
		}
	}
	slices.SortFunc(states, func(a, b *State) int {
		return cmp.Or(b.StartedAt.Compare(a.StartedAt), cmp.Compare(a.ID, b.ID))
	})
	agent := string(p.Agent().ID)
	if p.Has(sso.RoleSupervisor) {
		agent = ""
	}
	ended, err := e.deps.Store.Owned(ctx, p.Tenant(), agent, listLimit)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStorage, err)
	}
	for _, stored := range ended {
		s, err := stored.Decode()
		if err != nil {
			e.log.ErrorContext(ctx, "interaction damaged, left out of a list", "interaction", stored.Interaction, "error", err)
			continue
		}
		if !seen[s.ID] && e.roleHere(s, p) != "" {
			states = append(states, s)
		}
	}
	views := make([]View, 0, len(states))
	for _, s := range states {
		views = append(views, e.viewer.view(s, p, e.roleHere(s, p)))
	}
	return views, nil
}

// History reads an interaction's journal in order; ErrNotFound.
func (e *Engine) History(ctx context.Context, p sso.Principal, id InteractionID) ([]HistoryEntry, error) {
	if _, err := e.View(ctx, p, id); err != nil {
		return nil, err
	}
	lines, err := e.deps.Store.History(ctx, p.Tenant(), id)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStorage, err)
	}
	entries := make([]HistoryEntry, len(lines))
	for i, line := range lines {
		if err := json.Unmarshal(line, &entries[i]); err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
	}
	return entries, nil
}

// entry is a step's line of history: before is nil for the first.
func (e *Engine) entry(s, before *State, in Input) HistoryEntry {
	h := HistoryEntry{Version: s.Version, At: in.At, Actor: in.Actor.String(), Input: in.Kind.String(), From: s.Phase, To: s.Phase}
	if before != nil {
		h.From = before.Phase
	}
	if s.Pending != nil && (before == nil || before.Pending == nil) {
		h.Pending = s.Pending.Action
	}
	switch {
	case in.Agent != "":
		h.Person = e.person(s, in.Agent)
	case in.Actor == ActorAgent1 && s.Owner != nil:
		h.Person = e.person(s, s.Owner.Agent)
	case in.Actor == ActorSwitch && before != nil:
		h.Person = e.personAt(before, in.Leg)
	}
	switch {
	case in.Reason != "":
		h.Cause = string(in.Reason)
	case in.Kind == InRingTimeout:
		h.Cause = string(FailureNoAnswer)
		if before.Consult.Asked {
			h.Cause = string(FailureNoAcceptance)
		}
	case in.Kind == InWrapUp || in.Kind == InWrapUpTimeout:
		h.Cause = in.Code
	case in.Target != nil:
		h.Cause = string(in.Target.Kind)
	}
	return h
}

// personAt names whose telephone a leg is: the owner's, or that of whoever is
// consulted or took the customer; nil for the customer's own.
func (e *Engine) personAt(s *State, leg LegID) *PersonView {
	k := s.Consult
	switch {
	case leg == "":
		return nil
	case s.Owner != nil && s.Owner.Leg == leg:
		return e.person(s, s.Owner.Agent)
	case k != nil && k.Party != nil && leg == legOf(s, ActorSwitch):
		return &PersonView{ID: k.Party.ID, Name: k.Party.Name}
	}
	return nil
}

// person names an agent as the agent table does.
func (e *Engine) person(s *State, id sso.AgentID) *PersonView {
	if a, ok := e.deps.Agents.ByID(s.Tenant, id); ok {
		return &PersonView{ID: string(id), Name: a.Name}
	}
	return &PersonView{ID: string(id)}
}
