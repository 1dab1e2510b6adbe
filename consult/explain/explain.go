package explain

import (
	"context"
	"slices"

	"teamsbridge/consult/dial"
	"teamsbridge/graph"
	"teamsbridge/sso"
)

// State is how it stands with a step.
type State string

// The states. Yellow works now or for some, Unknown could not be found out.
const (
	Green   State = "green"
	Yellow  State = "yellow"
	Red     State = "red"
	Unknown State = "unknown"
)

// States lists every state.
var States = [...]State{Green, Yellow, Red, Unknown}

// The actors: who can heal a step.
const (
	ActorAgent    = "agent"    // the agent
	ActorAdmin    = "admin"    // an administrator of the organisation
	ActorOperator = "operator" // who runs this service
)

// Agents is the agent table; *sso.Agents has it.
type Agents interface {
	ByID(tenant string, id sso.AgentID) (sso.Agent, bool)
	ByEntra(tenant, objectID string) (sso.Agent, bool)
}

// Organizations knows the organisations' single sign-on; *sso.Organizations has it.
type Organizations interface {
	Checks(tenant string) ([]sso.Check, bool)
	NotAssigned(tenant, objectID string) bool
}

// Experts reads the directory; *graph.Experts has it.
type Experts interface {
	Why(ctx context.Context, tenant graph.TenantID, id graph.UserID) (graph.Expert, graph.Reason, bool, error)
}

// Trunk is how calls leave.
type Trunk struct {
	Known     bool // somebody could be asked
	Ready     bool // the service takes and makes calls
	Simulated bool // and no real telephone rings
	// Peers are those of the trunk that leads to experts, Well how many of them answer.
	Peers, Well int
}

// Deps are what an Explainer works with.
type Deps struct {
	Agents        Agents
	Organizations Organizations
	Experts       Experts
	Require       sso.Require
	Dial          dial.Config
	// SignedIn reports whether the agent is signed in now, in a browser or in
	// Teams; known is false where that cannot be found out.
	SignedIn func(ctx context.Context, a sso.Agent) (signedIn, known bool)
	Trunk    func(ctx context.Context) Trunk
}

// Question names whom it is about. Agent is an id of the agent table or an
// object id at Entra; Expert is an object id, or empty to stop before the expert.
type Question struct {
	Tenant string
	Agent  string
	Expert string
}

// Explanation is the answer.
type Explanation struct {
	Question Question
	Agent    sso.Agent    // zero when not found
	Expert   graph.Expert // zero when not listed
	Steps    []Step
}

// State is that of the worst step: Red, Yellow, or Green. What is unknown is yellow.
func (e Explanation) State() State {
	is := func(states ...State) bool {
		return slices.ContainsFunc(e.Steps, func(s Step) bool { return slices.Contains(states, s.State) })
	}
	switch {
	case is(Red):
		return Red
	case is(Yellow, Unknown):
		return Yellow
	}
	return Green
}

// Explainer answers questions. Safe for concurrent use.
type Explainer struct{ deps Deps }

// New joins what an explanation looks at.
func New(deps Deps) *Explainer { return &Explainer{deps: deps} }

// Explain walks the way from the agent to the expert's telephone.
func (x *Explainer) Explain(ctx context.Context, q Question) Explanation {
	e := Explanation{Question: q}
	checks, admitted := x.deps.Organizations.Checks(q.Tenant)
	e.Steps = append(e.Steps, organization(admitted))

	agent, known := x.find(q)
	e.Agent = agent
	if known {
		e.Steps = append(e.Steps, step(StepAgent, Green, "yes"), x.identity(agent), telephone(agent), x.signedIn(ctx, agent))
	} else {
		e.Steps = append(e.Steps, step(StepAgent, Red, "no").by(ActorAdmin).at(agentsAction),
			unknown(StepIdentity), unknown(StepTelephone), unknown(StepSignedIn))
	}
	e.Steps = append(e.Steps, SingleSignOn(x.deps.Require, checks)...)
	if q.Expert != "" {
		found, expert := x.expert(ctx, q, admitted)
		e.Expert = found
		e.Steps = append(e.Steps, expert)
		if found.ID == "" || !known {
			e.Steps = append(e.Steps, unknown(StepNumber), unknown(StepPolicy))
		} else {
			number := dial.Read(found.Number, agent.Country)
			e.Steps = append(e.Steps, dialable(number), x.policy(agent, number))
		}
	}
	e.Steps = append(e.Steps, x.trunk(ctx))
	return e
}

// find takes an id of the agent table before an object id.
func (x *Explainer) find(q Question) (sso.Agent, bool) {
	if a, ok := x.deps.Agents.ByID(q.Tenant, sso.AgentID(q.Agent)); ok {
		return a, true
	}
	return x.deps.Agents.ByEntra(q.Tenant, q.Agent)
}
