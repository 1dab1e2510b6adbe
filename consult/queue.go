package consult

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"teamsbridge/graph"
	"teamsbridge/sso"
)

// waiters are the interactions whose consult waits for an agent of a queue, the
// customer who is on hold for longest first: an offer that came to nothing costs
// nobody their place.
type waiters struct {
	mu   sync.Mutex
	list []*waiting
}

type waiting struct {
	s      *State // in which it waits
	chosen bool   // an agent is reserved for it, and the offer on its way
}

// note adds or drops an interaction as its state says.
func (w *waiters) note(s *State) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := slices.IndexFunc(w.list, func(x *waiting) bool { return x.s.ID == s.ID })
	switch {
	case s.waiting() && at >= 0: // an offer on its way may be one too many then, and comes to nothing
		w.list[at] = &waiting{s: s}
	case s.waiting():
		w.list = append(w.list, &waiting{s: s})
		slices.SortStableFunc(w.list, func(a, b *waiting) int { return a.s.Customer.Since.Compare(b.s.Customer.Since) })
	case at >= 0:
		w.list = slices.Delete(w.list, at, at+1)
	}
}

// tenants are the organisations with a consult that waits.
func (w *waiters) tenants() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []string
	for _, x := range w.list {
		if !slices.Contains(all, x.s.Tenant) {
			all = append(all, x.s.Tenant)
		}
	}
	return all
}

// unchosen puts an interaction back whose offer did not come about.
func (w *waiters) unchosen(id InteractionID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, x := range w.list {
		if x.s.ID == id {
			x.chosen = false
		}
	}
}

// offerWaiting reserves agents for the consults of a tenant that wait for a
// queue, one after the other in their order, and has each offered in its
// interaction's lane.
func (e *Engine) offerWaiting(tenant string) {
	if !e.isRecovered() {
		return // all are offered then
	}
	w := &e.waiters
	w.mu.Lock()
	defer w.mu.Unlock()
	var wishes []wish
	for _, x := range w.list {
		if x.s.Tenant == tenant && !x.chosen {
			wishes = append(wishes, wish{x, e.candidates(x.s)})
		}
	}
	e.agents.reserve(tenant, wishes, func(x *waiting, agent sso.Agent) {
		x.chosen = true
		id := x.s.ID
		e.lanes.put(id, func(ctx context.Context) { e.offer(ctx, tenant, id, agent) })
	})
}

// offerAll is offerWaiting for every tenant.
func (e *Engine) offerAll() {
	for _, tenant := range e.waiters.tenants() {
		e.offerWaiting(tenant)
	}
}

// offer rings the agent who was reserved for a consult that waits for a queue.
// Where that came to nothing the agent is free for others; a step that was not
// journaled is tried again a moment later, with whoever is available then.
func (e *Engine) offer(ctx context.Context, tenant string, id InteractionID, agent sso.Agent) {
	k := agentKey{tenant, agent.ID}
	c, ok := e.find(id)
	if !ok {
		e.engage(k, id, notInvolved)
		e.offerWaiting(tenant)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	err := e.tryOffer(ctx, c, agent)
	switch {
	case err == nil:
		return
	case errors.Is(err, errLate):
		e.waiters.unchosen(id)
	default:
		e.log.ErrorContext(ctx, "queue offer not journaled, trying again", "interaction", id, "error", err)
		e.after(c, time.Now().Add(offerRetry), func(context.Context) {
			e.waiters.unchosen(id)
			e.offerWaiting(tenant)
		})
	}
	e.engage(k, id, involvementOf(c.s, agent.ID))
	e.offerWaiting(tenant)
}

// offerRetry is the wait before an offer that could not be journaled is made again.
const offerRetry = time.Second

// tryOffer journals an offer; errLate when the consult does not wait any more, or
// the agent is not available. The caller holds c.mu.
func (e *Engine) tryOffer(ctx context.Context, c *call, agent sso.Agent) error {
	if c.gone || !c.s.waiting() || e.agents.state(agentKey{c.s.Tenant, agent.ID}).Name != StateAvailable {
		return errLate
	}
	in := Input{
		Kind: InOffer, Actor: ActorSystem, At: clock(),
		Party: &ConsultParty{ID: string(agent.ID), Name: agent.Name, Number: agent.Number, Agent: agent.ID},
	}
	r, _, err := next(c.s, &in)
	if err != nil {
		return err
	}
	return e.step(ctx, c, r, in, nil)
}

// candidates are the agents of the consult's queue. Left out are the owner, who
// has no telephone, and whose number is an expert's: reaching those needs a
// sign-on that a queue cannot ask for.
func (e *Engine) candidates(s *State) (all []candidate) {
	now := e.lists.Load()
	q, ok := findQueue(slices.Concat(now.queues, now.former), s.Tenant, s.Consult.Target.ID)
	if !ok {
		return nil
	}
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
		all = append(all, candidate)
	}
	return all
}

// wish is a consult that waits, and who may be offered it.
type wish struct {
	waiting    *waiting
	candidates []candidate
}

// candidate is an agent who may be offered a consult; one who did not take it
// is offered it again only after they chose to be available anew.
type candidate struct {
	agent    sso.Agent
	notSince time.Time
}

// reserve finds each consult its agent, in the consults' order and all at one
// moment: an agent who becomes available in the middle would be given to one of the
// last. An agent who is found is engaged with the interaction, so that no other
// consult offers them. The caller's found must not ask for anybody's state.
func (a *availability) reserve(tenant string, wishes []wish, found func(*waiting, sso.Agent)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, w := range wishes {
		if best := a.longestAvailable(tenant, w.candidates); best != nil {
			// What is shown follows with the journaled offer.
			a.of(agentKey{tenant, best.agent.ID}).set(w.waiting.s.ID, engaged)
			found(w.waiting, best.agent)
		}
	}
}

// longestAvailable is the candidate who has been available for longest and did
// not take this consult already; nil where there is none. The caller holds a.mu.
func (a *availability) longestAvailable(tenant string, candidates []candidate) (best *candidate) {
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
	return best
}
