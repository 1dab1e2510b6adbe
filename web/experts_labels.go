package web

import (
	"context"

	"teamsbridge/graph"
	"teamsbridge/sso"
)

// mostLabels is how many departments, and how many roles, somebody can choose
// from without searching in them.
const mostLabels = 200

type label struct {
	Name    string `json:"name"`
	Experts int    `json:"experts" doc:"How many experts have it"`
}

type labelsAnswer struct {
	Departments []label `json:"departments" doc:"Those of most experts, at most 200, by name; empty where the directory is searched live"`
	Roles       []label `json:"roles" doc:"Those of most experts, at most 200, by name; empty where the directory is searched live"`
}

func (s *Server) expertLabels(_ context.Context, p sso.Principal, _ *struct{}) (*body[labelsAnswer], error) {
	if err := s.maySearch(p); err != nil {
		return nil, err
	}
	known, err := s.deps.Experts.Labels(graph.TenantID(p.Tenant()), mostLabels)
	if err != nil {
		return nil, err
	}
	labelOf := func(l graph.Label) label { return label{Name: l.Name, Experts: l.Experts} }
	return answerWith(labelsAnswer{Departments: mapped(known.Departments, labelOf), Roles: mapped(known.Roles, labelOf)}), nil
}
