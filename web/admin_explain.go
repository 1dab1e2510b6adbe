package web

import (
	"context"
	"net/http"

	"teamsbridge/consult/explain"
	"teamsbridge/sso"
)

type explainRequest struct {
	AcceptLanguage string `header:"Accept-Language"`
	Agent          string `query:"agent" required:"true" minLength:"1" maxLength:"128" doc:"The agent's id, or their object id at Microsoft Entra"`
	Expert         string `query:"expert" maxLength:"128" doc:"The expert's object id; left out, the way ends before them"`
}

func (a *api) explain() {
	s := a.server
	handle(a, operation(http.MethodGet, "/admin/explain", "explain", "Why an agent can or cannot reach an expert: every step, and who can change it",
		tagged("Administration"), forRole(sso.RoleAdmin)),
		func(ctx context.Context, p sso.Principal, in *explainRequest) (*body[explain.Document], error) {
			answer := s.explainer.Explain(ctx, explain.Question{Tenant: p.Tenant(), Agent: in.Agent, Expert: in.Expert})
			return answerWith(answer.Document(locale(in.AcceptLanguage, p.Agent().Country))), nil
		})
}

// newExplainer adds what only the server knows: whose page is open.
func (s *Server) newExplainer() *explain.Explainer {
	deps := s.deps.Explain
	deps.SignedIn = func(_ context.Context, a sso.Agent) (signedIn, known bool) {
		return s.hub.reads(agentKey{tenant: a.Tenant, id: a.ID}), true
	}
	return explain.New(deps)
}

// reads reports whether an agent has a stream open.
func (h *hub) reads(agent agentKey) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for key, f := range h.feeds {
		if key.agent != agent {
			continue
		}
		f.mu.Lock()
		n := f.connected()
		f.mu.Unlock()
		if n > 0 {
			return true
		}
	}
	return false
}
