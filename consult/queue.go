package consult

import (
	"context"
	"slices"
	"sync"
	"time"

	"teamsbridge/graph"
	"teamsbridge/sso"
)

// waiters are the interactions whose consult waits for an agent of a queue,
// the longest-waiting first.
type waiters struct {
	mu   sync.Mutex
	list []waiting
}

type waiting struct {
	tenant string
	queue  string
	id     InteractionID
	since  time.Time
}

// note adds or drops an interaction as its state says.
func (w *waiters) note(s *State) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := slices.IndexFunc(w.list, func(x waiting) bool { return x.id == s.ID })
	switch {
	case s.waiting() && at < 0:
		w.list = append(w.list, waiting{tenant: s.Tenant, queue: s.Consult.Target.ID, id: s.ID, since: s.Consult.Since})
		slices.SortStableFunc(w.list, func(a, b waiting) int { return a.since.Compare(b.since) })
	case !s.waiting() && at >= 0:
		w.list = slices.Delete(w.list, at, at+1)
	}
}

// of lists the waiting interactions of a tenant, longest first.
func (w *waiters) of(tenant string) []InteractionID {
	return w.which(func(x waiting) bool { return x.tenant == tenant })
}

// all lists the waiting interactions, longest first.
func (w *waiters) all() []InteractionID {
	return w.which(func(waiting) bool { return true })
}

func (w *waiters) which(is func(waiting) bool) []InteractionID {
	w.mu.Lock()
	defer w.mu.Unlock()
	var ids []InteractionID
	for _, x := range w.list {
		if is(x) {
			ids = append(ids, x.id)
		}
	}
	return ids
}

// offerSoon looks for an agent for a waiting consult, in the interaction's lane.
func (e *Engine) offerSoon(id InteractionID) {
	e.lanes.put(id, func(ctx context.Context) { e.offer(ctx, id) })
}

// offer rings the longest-available agent of the queue that a consult waits for.
func (e *Engine) offer(ctx context.Context, id InteractionID) {
	c, ok := e.find(id)
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone || !c.s.waiting() {
		return
	}
	agent, ok := e.reserve(c.s)
	if !ok {
		return // the next agent who becomes available is told
	}
	in := Input{
		Kind: InOffer, Actor: ActorSystem, At: clock(),
		Party: &ConsultParty{ID: string(agent.ID), Name: agent.Name, Number: agent.Number, Agent: agent.ID},
	}
	r, _, err := next(c.s, &in)
	if err == nil {
		err = e.step(ctx, c, r, in, nil)
	}
	if err != nil {
		e.log.ErrorContext(ctx, "queue offer not journaled", "interaction", id, "error", err)
		k := agentKey{c.s.Tenant, agent.ID}
		if shown, changed := e.agents.involve(k, id, notInvolved); changed {
			e.stateChanged(k, shown)
		}
	}
}

// reserve takes the longest-available agent of the consult's queue, so that no
// other consult offers them at the same moment. Left out are the owner, who
// did not take this consult already, who has no telephone, and whose number is
// an expert's: reaching those needs a sign-on that a queue cannot ask for.
func (e *Engine) reserve(s *State) (sso.Agent, bool) {
	now := e.lists.Load()
	q, ok := findQueue(slices.Concat(now.queues, now.former), s.Tenant, s.Consult.Target.ID)
	if !ok {
		return sso.Agent{}, false
	}
	var candidates []candidate
	for _, a := range e.members(q) {
		if a.Number == "" || (s.Owner != nil && s.Owner.Agent == a.ID) {
			continue
		}
		if _, expert := e.deps.Experts.ByNumber(graph.TenantID(s.Tenant), a.Number); expert && e.cfg.NumberMatch == "block" {
			continue
		}
		candidate := candidate{agent: a}
		for _, t := range s.Consult.Tried {
			if t.Agent == a.ID {
				candidate.notSince = t.At
			}
		}
		candidates = append(candidates, candidate)
	}
	return e.agents.reserve(s.Tenant, s.ID, candidates)
}

// candidate is an agent who may be offered a consult; one who did not take it
// is offered it again only after they chose to be available anew.
type candidate struct {
	agent    sso.Agent
	notSince time.Time
}

// reserve marks the longest-available candidate as engaged with the interaction.
func (a *availability) reserve(tenant string, id InteractionID, candidates []candidate) (sso.Agent, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var best *candidate
	var since time.Time
	for i := range candidates {
		c := &candidates[i]
		st := a.of(agentKey{tenant, c.agent.ID})
		if st.shown.Name != StateAvailable || st.reserved() || (!c.notSince.IsZero() && !st.chosen.Since.After(c.notSince)) {
			continue
		}
		if best == nil || st.shown.Since.Before(since) {
			best, since = c, st.shown.Since
		}
	}
	if best == nil {
		return sso.Agent{}, false
	}
	// What is shown follows with the journaled offer.
	a.of(agentKey{tenant, best.agent.ID}).set(id, engaged)
	return best.agent, true
}
