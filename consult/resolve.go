package consult

import (
	"context"
	"errors"

	"teamsbridge/consult/dial"
	"teamsbridge/graph"
	"teamsbridge/sso"
)

// resolved is a target that may be called.
type resolved struct {
	target  Target
	party   *ConsultParty
	refused FailureReason // it exists, but cannot be reached now
}

// resolveTarget finds what a request means and whether the caller may reach it.
// Sign-on comes before the other refusals.
func (e *Engine) resolveTarget(ctx context.Context, p sso.Principal, s *State, req TargetRequest) (resolved, error) {
	switch req.Kind {
	case TargetOrganization:
		return e.resolveExpert(ctx, p, s, req)
	case TargetDialNumber:
		return e.resolveNumber(p, s, req, TargetDialNumber, "", "")
	case TargetEntryPoint:
		for _, ep := range e.lists.Load().entryPoints {
			if ep.Tenant == p.Tenant() && ep.ID == req.ID {
				req.Number = ep.Number
				return e.resolveNumber(p, s, req, TargetEntryPoint, ep.ID, ep.Name)
			}
		}
		return resolved{}, &InvalidError{Location: "body.target.id", Message: "no such entry point"}
	case TargetAgent:
		return e.resolveAgent(p, s, req)
	case TargetQueue:
		q, ok := findQueue(e.lists.Load().queues, p.Tenant(), req.ID)
		if !ok {
			return resolved{}, &InvalidError{Location: "body.target.id", Message: "no such queue"}
		}
		return resolved{target: Target{Kind: TargetQueue, ID: q.ID, Name: q.Name}}, nil
	}
	return resolved{}, &InvalidError{Location: "body.target.kind", Message: "must be agent, queue, organization, entryPoint or dialNumber"}
}

// resolveExpert confirms live that the expert is still listed.
func (e *Engine) resolveExpert(ctx context.Context, p sso.Principal, s *State, req TargetRequest) (resolved, error) {
	if err := e.deps.Gate.Allow(p); err != nil {
		return resolved{}, err
	}
	if req.ID == "" {
		return resolved{}, &InvalidError{Location: "body.target.id", Message: "is needed for organization"}
	}
	found, err := e.deps.Experts.Confirm(ctx, graph.TenantID(p.Tenant()), graph.UserID(req.ID))
	if notListed, ok := errors.AsType[*graph.NotListedError](err); ok {
		return resolved{}, &ExpertError{Reason: notListed.Reason}
	}
	if err != nil {
		return resolved{}, err
	}
	x := found.Expert
	target := Target{Kind: TargetOrganization, ID: string(x.ID), Name: x.Name, Number: x.Number, NumberChanged: found.NumberChanged, Expert: x.ID}
	if err := e.reachable(p, s, dial.Read(x.Number, p.Agent().Country), req.Confirm); err != nil {
		return resolved{}, err
	}
	return resolved{target: target, party: &ConsultParty{ID: string(x.ID), Name: x.Name}}, nil
}

// resolveAgent finds another agent of the contact centre.
func (e *Engine) resolveAgent(p sso.Principal, s *State, req TargetRequest) (resolved, error) {
	a, ok := e.deps.Agents.ByID(p.Tenant(), sso.AgentID(req.ID))
	if !ok || !takesCalls(a) {
		return resolved{}, &InvalidError{Location: "body.target.id", Message: "no such agent"}
	}
	if a.ID == p.Agent().ID {
		return resolved{}, &InvalidError{Location: "body.target.id", Message: "an agent cannot consult themself"}
	}
	expert, err := e.matchExpert(p, a.Number)
	if err != nil {
		return resolved{}, err
	}
	out := resolved{
		target: Target{Kind: TargetAgent, ID: string(a.ID), Name: a.Name, Number: a.Number, Agent: a.ID, Expert: expert.ID},
		party:  &ConsultParty{ID: string(a.ID), Name: a.Name, Agent: a.ID},
	}
	out.refused = unavailable(e.agents.state(agentKey{p.Tenant(), a.ID}))
	if out.refused == "" && a.Number == "" {
		out.refused = FailureUnreachable
	}
	if out.refused != "" {
		out.party = nil // nothing is offered
		return out, nil
	}
	return out, e.reachable(p, s, dial.Read(a.Number, a.Country), req.Confirm)
}

// resolveNumber reads a dial number, the caller's own text or an entry point's.
func (e *Engine) resolveNumber(p sso.Principal, s *State, req TargetRequest, kind TargetKind, id, name string) (resolved, error) {
	check := dial.Read(req.Number, p.Agent().Country)
	var expert graph.Expert
	if check.Valid && !check.Ambiguous {
		var err error
		if expert, err = e.matchExpert(p, check.E164); err != nil {
			return resolved{}, err
		}
	}
	if !check.Valid || check.Ambiguous {
		return resolved{}, &NumberError{Input: req.Number}
	}
	if err := e.reachable(p, s, check, req.Confirm); err != nil {
		return resolved{}, err
	}
	party := &ConsultParty{ID: check.Dialable, Name: check.Dialable}
	switch {
	case expert.ID != "":
		party = &ConsultParty{ID: string(expert.ID), Name: expert.Name}
	case name != "":
		party = &ConsultParty{ID: id, Name: name}
	}
	return resolved{
		target: Target{Kind: kind, ID: id, Name: name, Number: check.Dialable, Expert: expert.ID},
		party:  party,
	}, nil
}

// matchExpert finds the expert behind a number, whatever kind of target it
// came as, and asks sign-on of whoever wants to reach them.
func (e *Engine) matchExpert(p sso.Principal, number string) (graph.Expert, error) {
	if number == "" || e.cfg.NumberMatch == "allow" {
		return graph.Expert{}, nil
	}
	x, ok := e.deps.Experts.ByNumber(graph.TenantID(p.Tenant()), number)
	if !ok {
		return graph.Expert{}, nil
	}
	if e.cfg.NumberMatch == "warn" {
		e.metrics.numberMatches.Inc()
		return graph.Expert{}, nil
	}
	return x, e.deps.Gate.Allow(p)
}

// reachable applies the destination policy, for every kind of target.
func (e *Engine) reachable(p sso.Principal, s *State, check dial.Check, confirmed bool) error {
	roles := make([]string, 0, 3)
	for _, r := range p.Roles() {
		roles = append(roles, string(r))
	}
	if ok, why := e.cfg.Dial.Allowed(check, roles); !ok {
		return &NotAllowedError{Why: why}
	}
	if check.Emergency {
		switch e.cfg.Dial.Emergency {
		case "allow":
		case "refuse":
			return &NotAllowedError{Why: "emergency numbers are refused here"}
		default:
			if !confirmed {
				return &NotAllowedError{Why: "an emergency number must be confirmed"}
			}
		}
	}
	own := dial.Read(p.Agent().Number, p.Agent().Country)
	customer := dial.Read(s.Customer.Number, p.Agent().Country)
	for _, mine := range []dial.Check{own, customer} {
		if same(check, mine) {
			return &NotAllowedError{Why: "the caller's own number and the customer's cannot be dialled"}
		}
	}
	return nil
}

// same compares two numbers, in E.164 where both can be read so.
func same(a, b dial.Check) bool {
	if a.E164 != "" && b.E164 != "" {
		return a.E164 == b.E164
	}
	return a.Dialable != "" && a.Dialable == b.Dialable
}
