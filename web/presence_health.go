package web

import (
	"teamsbridge/graph"
)

// presenceHealth is how presence stands in an organization.
func (s *Server) presenceHealth(graph.TenantID) presenceHealth {
	return presenceHealth{}
}
