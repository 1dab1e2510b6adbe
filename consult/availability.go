package consult

import (
	"context"
	"sync"

	"teamsbridge/sso"
)

// agentKey names an agent of any organisation.
type agentKey struct {
	tenant string
	agent  sso.AgentID
}

// involvement is what one interaction asks of an agent.
type involvement uint8

const (
	notInvolved involvement = iota
	wrappingUp
	engaged // they talk, or somebody is offered to them
)

// involvementOf says what the state asks of an agent.
func involvementOf(s *State, agent sso.AgentID) involvement {
	if s == nil {
		return notInvolved
	}
	switch {
	case s.Owner != nil && s.Owner.Agent == agent && s.Customer.Leg != "":
		return engaged
	case s.agent2() == agent:
		return engaged
	case s.openWrapUp(agent) != nil:
		return wrappingUp
	}
	return notInvolved
}

// availability keeps what every agent is doing: what they chose, unless their
// interactions say otherwise. The service keeps it, not the browser.
type availability struct {
	mu sync.Mutex
	m  map[agentKey]*agentState
}

type agentState struct {
	chosen   AgentStatus
	involved map[InteractionID]involvement
	counts   [engaged + 1]int // of involved, by what they ask
	shown    AgentStatus
}

// set notes what an interaction asks of the agent.
func (st *agentState) set(id InteractionID, i involvement) {
	was, ok := st.involved[id]
	if was == i { // notInvolved is not kept
		return
	}
	if ok {
		st.counts[was]--
		delete(st.involved, id)
	}
	if i != notInvolved {
		st.involved[id] = i
		st.counts[i]++
	}
}

func newAvailability(kept []StoredAgentState) *availability {
	a := &availability{m: make(map[agentKey]*agentState)}
	for _, k := range kept {
		st := a.of(agentKey{k.Tenant, sso.AgentID(k.Agent)})
		st.chosen, st.shown = k.Status, k.Status
	}
	return a
}

func (a *availability) of(k agentKey) *agentState {
	st, ok := a.m[k]
	if !ok {
		first := AgentStatus{Name: StateAvailable, Since: clock()}
		st = &agentState{chosen: first, shown: first, involved: make(map[InteractionID]involvement)}
		a.m[k] = st
	}
	return st
}

// reserved reports whether an offer to the agent is being journaled, or they
// are engaged anyway.
func (st *agentState) reserved() bool { return st.counts[engaged] > 0 }

// refresh computes what is shown; changed reports whether that is new.
func (st *agentState) refresh() (changed bool) {
	want := st.chosen
	switch {
	case st.counts[engaged] > 0:
		want = AgentStatus{Name: StateEngaged}
	case st.counts[wrappingUp] > 0:
		want = AgentStatus{Name: StateWrapUp}
	}
	if want.Name == st.shown.Name && want.Reason == st.shown.Reason {
		return false
	}
	if want.Since.IsZero() || want.Since.Before(st.shown.Since) {
		want.Since = clock()
	}
	st.shown = want
	return true
}

// state is what the agent is doing now.
func (a *availability) state(k agentKey) AgentStatus {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.of(k).shown
}

// involve notes what an interaction asks of an agent from now on.
func (a *availability) involve(k agentKey, id InteractionID, i involvement) (AgentStatus, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	st := a.of(k)
	st.set(id, i)
	changed := st.refresh()
	return st.shown, changed
}

// isInvolved reports whether any interaction asks something of the agent.
func (a *availability) isInvolved(k agentKey) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.of(k).involved) > 0
}

// choose notes what the agent chose.
func (a *availability) choose(k agentKey, s AgentStatus) (AgentStatus, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	st := a.of(k)
	st.chosen = s
	changed := st.refresh()
	return st.shown, changed
}

// State says what the caller is doing.
func (e *Engine) State(p sso.Principal) AgentStatus {
	return e.agents.state(agentKey{p.Tenant(), p.Agent().ID})
}

// maxReason is the longest reason for a state, in characters.
const maxReason = 200

// SetState chooses available or idle; *InvalidError for anything else.
func (e *Engine) SetState(ctx context.Context, p sso.Principal, name AgentState, reason string) (AgentStatus, error) {
	if !p.Valid() {
		return AgentStatus{}, ErrUnauthenticated
	}
	if name != StateAvailable && name != StateIdle {
		return AgentStatus{}, &InvalidError{Location: "body.name", Message: "must be available or idle"}
	}
	if len([]rune(reason)) > maxReason {
		return AgentStatus{}, &InvalidError{Location: "body.reason", Message: "must have at most 200 characters"}
	}
	k := agentKey{p.Tenant(), p.Agent().ID}
	chosen := AgentStatus{Name: name, Since: clock(), Reason: reason}
	if err := e.deps.Store.PutAgentState(ctx, k.tenant, string(k.agent), chosen); err != nil {
		return AgentStatus{}, storageError(err)
	}
	shown, changed := e.agents.choose(k, chosen)
	if changed {
		e.stateChanged(k, shown)
	}
	return shown, nil
}

// unavailable says why an agent cannot be reached now; "" when they can.
func unavailable(s AgentStatus) FailureReason {
	switch s.Name {
	case StateAvailable:
		return ""
	case StateEngaged, StateWrapUp:
		return FailureBusy
	case StateIdle, StateOffline:
	}
	return FailureUnreachable
}
