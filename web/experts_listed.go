package web

import (
	"errors"

	"teamsbridge/consult"
	"teamsbridge/graph"
)

// listed splits ids, each taken once, into experts of the tenant and others.
// Presence is asked for experts only, so that nobody can watch whom the
// directory does not list, here or in another organisation.
func (s *Server) listed(tenant graph.TenantID, ids []string) (experts []graph.UserID, others []string, err error) {
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		_, err := s.deps.Experts.Expert(tenant, graph.UserID(id))
		switch {
		case err == nil:
			experts = append(experts, graph.UserID(id))
		case errors.Is(err, graph.ErrNotReady):
			return nil, nil, err
		default:
			others = append(others, id)
		}
	}
	return experts, others, nil
}

// readError makes an unknown person a plain "not found": only naming somebody
// as a target deserves the reason.
func readError(err error) error {
	if e, ok := errors.AsType[*graph.NotListedError](err); ok && e.Reason == graph.ReasonUnknown {
		return consult.ErrNotFound
	}
	return err
}
