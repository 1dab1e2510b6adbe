package explain

import (
	"context"
	"errors"

	"teamsbridge/consult/dial"
	"teamsbridge/graph"
	"teamsbridge/sso"
)

// agentsAction is where an administrator keeps the agent table.
const agentsAction = "/api/v1/admin/agents"

func organization(admitted bool) Step {
	if !admitted {
		return step(StepOrganization, Red, "no").by(ActorOperator)
	}
	return step(StepOrganization, Green, "yes")
}

// identity goes by the agent table: without an object id there, nobody who signs
// in with Microsoft is this agent. That they are not assigned is known where they
// tried.
func (x *Explainer) identity(a sso.Agent) Step {
	switch {
	case x.deps.Organizations.NotAssigned(a.Tenant, a.EntraID):
		s := step(StepIdentity, Red, "not-assigned").by(ActorAdmin)
		s.Code = sso.CodeNotAssigned
		return s
	case a.EntraID != "":
		return step(StepIdentity, Green, "yes")
	case x.deps.Require == sso.RequireInTeams:
		return step(StepIdentity, Yellow, "browser-only").by(ActorAdmin).at(agentsAction)
	}
	return step(StepIdentity, Red, "no").by(ActorAdmin).at(agentsAction)
}

func telephone(a sso.Agent) Step {
	if a.Number == "" {
		return step(StepTelephone, Yellow, "no").by(ActorAdmin).at(agentsAction)
	}
	return step(StepTelephone, Green, "yes")
}

func (x *Explainer) signedIn(ctx context.Context, a sso.Agent) Step {
	switch signedIn, known := x.deps.SignedIn(ctx, a); {
	case !known:
		return step(StepSignedIn, Unknown, "unknown")
	case !signedIn:
		return step(StepSignedIn, Yellow, "no").by(ActorAgent)
	}
	return step(StepSignedIn, Green, "yes")
}

// states are those of package sso's results.
var states = map[sso.CheckResult]State{
	sso.CheckOK: Green, sso.CheckWarning: Yellow, sso.CheckFailed: Red, sso.CheckUnknown: Unknown,
}

// SingleSignOn are package sso's checks as steps, with their own words. Where
// single sign-on is asked of agents in Teams only, the browser works without.
func SingleSignOn(require sso.Require, checks []sso.Check) []Step {
	steps := make([]Step, len(checks))
	for i, c := range checks {
		steps[i] = Step{
			Name: singleSignOn + Name(c.Name), State: states[c.Result], Actor: c.Actor, Action: c.Action, Link: c.Link,
			Code: c.Code, RequestID: c.RequestID, title: c.Title, detail: c.Detail,
		}
		if steps[i].State == Red && require == sso.RequireInTeams {
			steps[i].State = Yellow
		}
	}
	return steps
}

// expert reads the person live.
func (x *Explainer) expert(ctx context.Context, q Question, admitted bool) (graph.Expert, Step) {
	if !admitted {
		return graph.Expert{}, unknown(StepExpert)
	}
	found, reason, indexed, err := x.deps.Experts.Why(ctx, graph.TenantID(q.Tenant), graph.UserID(q.Expert))
	denied, refused := errors.AsType[*graph.DeniedError](err)
	switch {
	case errors.Is(err, graph.ErrNotFound):
		return graph.Expert{}, step(StepExpert, Red, "not-found").by(ActorAdmin)
	case errors.Is(err, graph.ErrSignInRequired):
		return graph.Expert{}, step(StepExpert, Unknown, "sign-in-required").by(ActorAgent)
	case refused:
		s := step(StepExpert, Red, "denied").by(ActorAdmin).at(consentAction)
		s.Code, s.RequestID = denied.Code, denied.RequestID
		return graph.Expert{}, s
	case err != nil:
		return graph.Expert{}, step(StepExpert, Unknown, "unavailable")
	case reason == graph.ReasonFiltered:
		return graph.Expert{}, step(StepExpert, Red, string(reason)).by(ActorOperator)
	case reason != "":
		return graph.Expert{}, step(StepExpert, Red, string(reason)).by(ActorAdmin)
	case !indexed:
		return found, step(StepExpert, Yellow, "not-indexed")
	}
	return found, step(StepExpert, Green, "yes")
}

// consentAction is where an administrator begins admin consent.
const consentAction = "/api/v1/admin/consent"

func dialable(number dial.Check) Step {
	if !number.Valid {
		return step(StepNumber, Red, "no").by(ActorAdmin)
	}
	return step(StepNumber, Green, "yes")
}

// policy applies what every call's destination has to pass.
func (x *Explainer) policy(a sso.Agent, number dial.Check) Step {
	if !number.Valid {
		return unknown(StepPolicy)
	}
	roles := make([]string, len(a.Roles))
	for i, r := range a.Roles {
		roles[i] = string(r)
	}
	if len(roles) == 0 {
		roles = []string{string(sso.RoleAgent)} // a row in the agent table makes an agent
	}
	own := dial.Read(a.Number, a.Country)
	switch ok, _ := x.deps.Dial.Allowed(number, roles); {
	case !ok:
		return step(StepPolicy, Red, "denied").by(ActorOperator)
	case number.Emergency && x.deps.Dial.Emergency == dial.EmergencyRefuse:
		return step(StepPolicy, Red, "emergency-refused").by(ActorOperator)
	case number.Emergency && x.deps.Dial.Emergency != dial.EmergencyAllow:
		return step(StepPolicy, Yellow, "emergency-confirmed").by(ActorAgent)
	case own.E164 != "" && own.E164 == number.E164, own.Dialable != "" && own.Dialable == number.Dialable:
		return step(StepPolicy, Red, "own-number").by(ActorAdmin)
	}
	return step(StepPolicy, Green, "yes")
}

func (x *Explainer) trunk(ctx context.Context) Step {
	switch t := x.deps.Trunk(ctx); {
	case !t.Known:
		return step(StepTrunk, Unknown, "unknown").by(ActorOperator)
	case !t.Ready:
		return step(StepTrunk, Red, "no").by(ActorOperator)
	case t.Simulated:
		return step(StepTrunk, Yellow, "simulated").by(ActorOperator)
	case t.Peers > 0 && t.Well == 0:
		return step(StepTrunk, Red, "down").by(ActorOperator)
	case t.Well < t.Peers:
		return step(StepTrunk, Yellow, "partly").by(ActorOperator)
	}
	return step(StepTrunk, Green, "yes")
}
