package consult

import (
	"context"
	"maps"
	"slices"
	"sync"

	"teamsbridge/sso"
)

// Change is what a Subscription delivers: exactly one of View, Gone, State and Targets is set.
type Change struct {
	View    *View
	Gone    *Gone
	State   *AgentStatus // the subscriber's own
	Targets bool         // a list of targets changed
}

// Gone tells somebody that an interaction is no longer theirs to see; Reason is
// withdrawn, timeout, taken or over.
type Gone struct {
	ID     InteractionID
	Reason string
}

// backlog is how many changes may pile up for a reader before they are cut off.
const backlog = 256

// subscribers are the readers of live changes.
type subscribers struct {
	mu sync.Mutex
	m  map[string]map[*subscriber]struct{} // by tenant
}

type subscriber struct {
	p    sso.Principal
	ch   chan Change
	over bool
}

func newSubscribers() *subscribers {
	return &subscribers{m: make(map[string]map[*subscriber]struct{})}
}

// Subscribe delivers the changes that p may see, in order, until the returned
// function is called. A reader who lets 256 changes pile up is cut off: the
// channel closes.
func (e *Engine) Subscribe(p sso.Principal) (<-chan Change, func()) {
	sub := &subscriber{p: p, ch: make(chan Change, backlog)}
	s := e.subs
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m[p.Tenant()] == nil {
		s.m[p.Tenant()] = make(map[*subscriber]struct{})
	}
	s.m[p.Tenant()][sub] = struct{}{}
	return sub.ch, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.drop(sub)
	}
}

// drop ends a subscription. The caller holds s.mu.
func (s *subscribers) drop(sub *subscriber) {
	if sub.over {
		return
	}
	sub.over = true
	close(sub.ch)
	tenant := sub.p.Tenant()
	delete(s.m[tenant], sub)
	if len(s.m[tenant]) == 0 {
		delete(s.m, tenant)
	}
}

// each gives every subscriber of a tenant their change, if there is one for
// them. A full reader is cut off, never waited for.
func (s *subscribers) each(tenant string, change func(sso.Principal) (Change, bool)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for sub := range s.m[tenant] {
		c, ok := change(sub.p)
		if !ok {
			continue
		}
		select {
		case sub.ch <- c:
		default:
			s.drop(sub)
		}
	}
}

// tenants are the organisations that somebody reads of.
func (s *subscribers) tenants() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.m))
}

// published tells everybody concerned of a step that was journaled. The caller
// holds the interaction's lock, so changes arrive in order. before is nil for
// a new call.
func (e *Engine) published(before, s *State, in Input) {
	e.metrics.stepped(before, s, in)
	e.subs.each(s.Tenant, func(p sso.Principal) (Change, bool) {
		if role := e.roleHere(s, p); role != "" {
			v := e.viewer.view(s, p, role)
			return Change{View: &v}, true
		}
		if before != nil && e.roleHere(before, p) != "" {
			return Change{Gone: &Gone{ID: s.ID, Reason: goneReason(in)}}, true
		}
		return Change{}, false
	})
	e.involve(before, s)
	e.afterNoAnswer(before, in)
	e.waiters.note(s)
	if s.waiting() {
		e.offerWaiting(s.Tenant)
	}
	if s.Phase == PhaseEnded {
		e.forget(s.ID)
	}
}

// The values of Gone.Reason, in the words of the HTTP contract.
const (
	goneWithdrawn = "withdrawn" // whoever asked took it back
	goneTimeout   = "timeout"   // nobody answered in time
	goneTaken     = "taken"     // somebody else has it; not while a queue offers to one agent after the other
	goneOver      = "over"
)

// goneReason says why somebody lost an interaction.
func goneReason(in Input) string {
	switch {
	case in.Kind == InRingTimeout, in.Kind == InFailed && in.Reason == FailureNoAnswer:
		return goneTimeout
	case in.Kind == InEndConsult && in.Actor == ActorAgent1:
		return goneWithdrawn
	}
	return goneOver
}

// involve keeps the agents' states in step with an interaction.
func (e *Engine) involve(before, s *State) {
	var room [4]sso.AgentID // for nearly every call
	agents := s.agents(room[:0])
	if before != nil {
		agents = before.agents(agents)
	}
	for i, agent := range agents {
		if slices.Contains(agents[:i], agent) {
			continue
		}
		is := involvementOf(s, agent)
		if before != nil && is == involvementOf(before, agent) {
			continue // nearly every step
		}
		e.engage(agentKey{s.Tenant, agent}, s.ID, is)
	}
}

// engage notes what an interaction asks of an agent, and tells where that shows.
func (e *Engine) engage(k agentKey, id InteractionID, is involvement) {
	if shown, changed := e.agents.involve(k, id, is); changed {
		e.stateChanged(k, shown)
	}
}

// stateChanged tells an agent of their new state, and the others that the list of agents changed.
func (e *Engine) stateChanged(k agentKey, shown AgentStatus) {
	e.subs.each(k.tenant, func(p sso.Principal) (Change, bool) {
		if p.Agent().ID == k.agent {
			return Change{State: &shown}, true
		}
		return Change{Targets: true}, true
	})
	if shown.Name == StateAvailable {
		e.offerWaiting(k.tenant)
	}
}

// afterNoAnswer makes an agent idle who did not answer, where that is configured.
func (e *Engine) afterNoAnswer(before *State, in Input) {
	if e.cfg.Agent.AfterNoAnswer != "idle" || before == nil || before.agent2() == "" {
		return
	}
	if in.Kind != InRingTimeout && (in.Kind != InFailed || in.Reason != FailureNoAnswer) {
		return
	}
	k := agentKey{before.Tenant, before.agent2()}
	chosen := AgentStatus{Name: StateIdle, Since: in.At, Reason: string(FailureNoAnswer)}
	if shown, changed := e.agents.choose(k, chosen); changed {
		e.stateChanged(k, shown)
	}
	e.lanes.put(before.ID, func(ctx context.Context) {
		if err := e.deps.Store.PutAgentState(ctx, k.tenant, string(k.agent), chosen); err != nil {
			e.log.ErrorContext(ctx, "agent state not kept", "error", err)
		}
	})
}

// forget drops an ended interaction; from now on it is read from the journal.
func (e *Engine) forget(id InteractionID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if c, ok := e.calls[id]; ok {
		c.gone = true
		for _, t := range c.timers {
			t.Stop()
		}
		if c.alarm != nil {
			c.alarm.Stop()
		}
		delete(e.calls, id)
	}
}
