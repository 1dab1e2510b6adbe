package web

import (
	"context"
	"net/http"
	"net/url"

	"teamsbridge/graph"
	"teamsbridge/sso"
)

type chatLink struct {
	URL string `json:"url" format:"uri" doc:"Opens a chat with the expert in Teams; &message= and a text may be added, which stands there unsent"`
}

func (a *api) chats() {
	handle(a, operation(http.MethodGet, "/experts/{id}/chat", "getExpertChat", "Where to write to an expert in Teams, asked live and kept nowhere", tagged("Experts")), a.server.chat)
}

// chat gives Teams' deep link to a chat ("Deep link to a Teams chat" in
// Microsoft's Teams documentation), which names people by their user principal
// names.
func (s *Server) chat(ctx context.Context, p sso.Principal, in *expertID) (*body[chatLink], error) {
	if err := s.maySearch(p); err != nil {
		return nil, err
	}
	name, err := s.deps.Experts.SignInName(ctx, graph.TenantID(p.Tenant()), graph.UserID(in.ID))
	if err != nil {
		return nil, readError(err)
	}
	return answerWith(chatLink{URL: s.cfg.teams() + "/l/chat/0/0?" + url.Values{"users": {name}}.Encode()}), nil
}
