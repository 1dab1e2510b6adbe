package main

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"teamsbridge/configs"
	"teamsbridge/graph"
	"teamsbridge/graph/budget"
	"teamsbridge/graph/msgraph"
	"teamsbridge/internal/cloud"
	"teamsbridge/sso"
	"teamsbridge/sso/onbehalf"
)

// inspector looks at an organisation with the token of an admin who clicked.
type inspector struct {
	directory *msgraph.Client
	clientID  string
	needed    []sso.Permission
	agents    *sso.Agents
}

// newInspector gives nil where people sign in to another registration than the
// one that the service asks Microsoft as: their tokens cannot be exchanged.
func newInspector(cfg configs.Config, access graphAccess, needed []string, agents *sso.Agents, client *http.Client, limits *budget.Budget) (*inspector, error) {
	if !strings.EqualFold(cfg.Credential.ClientID, cfg.SSO.Entra.ClientID) {
		return nil, nil
	}
	own, ok := cloud.Named(cfg.Cloud)
	if !ok {
		return nil, errors.New("cloud: not one of Microsoft's")
	}
	directory, err := msgraph.New(msgraph.Config{
		BaseURL: cfg.Graph.BaseURL, Cloud: cfg.Cloud, Scope: own.Graph + "/" + msgraph.InspectPermission,
	}, msgraph.Deps{Credential: access.callers, HTTPClient: client, Budget: limits})
	if err != nil {
		return nil, err
	}
	i := &inspector{directory: directory, clientID: cfg.Credential.ClientID, agents: agents}
	for _, name := range needed {
		i.needed = append(i.needed, sso.Permission{Name: name, Kind: access.kind})
	}
	if len(cfg.Experts.Include.Groups)+len(cfg.Experts.Exclude.Groups) > 0 {
		i.needed = append(i.needed, sso.Permission{Name: "GroupMember.Read.All", Kind: access.kind})
	}
	return i, nil
}

// inspect is package web's. Its errors are those that a new sign-in heals.
func (i *inspector) inspect(ctx context.Context, caller graph.Caller) (sso.Inspection, error) {
	if i == nil {
		return sso.Inspection{Outcome: sso.InspectionUnsupported}, nil
	}
	found, err := i.directory.Application(graph.OnBehalf(ctx, caller), caller.Tenant, i.clientID)
	withheld, _ := errors.AsType[*onbehalf.Error](err)
	denied, _ := errors.AsType[*graph.DeniedError](err)
	switch {
	case err == nil:
		return sso.Inspection{
			Outcome: sso.InspectionDone, ObjectID: found.ObjectID, Enabled: found.Enabled,
			AssignmentRequired: found.AssignmentRequired, Assigned: assigned(found.Assigned, i.agents.List(string(caller.Tenant))),
			Needed: i.needed, Application: found.Application, Delegated: found.Delegated, DelegatedSeen: found.DelegatedSeen,
		}, nil
	case withheld != nil && withheld.Reason == onbehalf.ReasonConsent:
		return sso.Inspection{Outcome: sso.InspectionConsent, Code: withheld.Code, RequestID: withheld.RequestID}, nil
	case withheld != nil:
		return sso.Inspection{}, err
	case denied != nil:
		return sso.Inspection{Outcome: sso.InspectionDenied, Code: denied.Code, RequestID: denied.RequestID}, nil
	case errors.Is(err, graph.ErrNotFound):
		return sso.Inspection{Outcome: sso.InspectionMissing}, nil
	case ctx.Err() != nil:
		return sso.Inspection{}, ctx.Err()
	}
	return sso.Inspection{Outcome: sso.InspectionUnavailable}, nil
}

// assigned compares the agents who sign in with Entra with who is assigned.
func assigned(found msgraph.Assigned, agents []sso.Agent) sso.Assigned {
	a := sso.Assigned{
		People: len(found.People), Groups: found.Groups, More: found.More, Caller: sso.Assignment(found.Caller), // both in the same words
		AgentsSeen: found.MembersSeen && !found.More,
	}
	if !a.AgentsSeen {
		return a
	}
	for _, agent := range agents {
		id := graph.UserID(strings.ToLower(agent.EntraID))
		if id != "" && !slices.Contains(found.People, id) && !slices.Contains(found.Members, id) {
			a.Unassigned = append(a.Unassigned, agent.Name)
		}
	}
	return a
}
