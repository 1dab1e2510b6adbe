package web

import (
	"context"
	"net/http"

	"teamsbridge/audit"
	"teamsbridge/sso"
)

// serveFirstAdmin begins a sign-in that makes whoever completes it an
// administrator: GET /auth/first-admin?code=, with a code that whoever runs the
// service made. The code is used up by the sign-in, not by the look at the link.
func (s *Server) serveFirstAdmin(w http.ResponseWriter, r *http.Request) {
	code := r.URL.Query().Get("code")
	if code == "" {
		s.failPage(w, r, newProblem(slugNotFound))
		return
	}
	begun, err := s.deps.SignIn.Begin(r.Context(), sso.Entry{Provider: entraProvider, Session: s.sessionSecret(r), AdminCode: code})
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	s.setTransaction(w, r, begun.Browser)
	http.Redirect(w, r, begun.URL, http.StatusSeeOther)
}

// auditFirstAdmin records, like every act of administration, that somebody becomes
// an administrator before they do, and afterwards how it ended.
func (s *Server) auditFirstAdmin(ctx context.Context, made sso.FirstAdmin) (ended func(error), err error) {
	e := audit.Event{
		Tenant: made.Tenant, Kind: audit.Administration, Action: "first-admin", Outcome: audit.Begun, Trace: requestID(ctx),
		Actor: audit.Actor{
			Agent: string(made.Agent), Entra: made.ObjectID, Identity: string(sso.IdentityEntra), Channel: string(sso.ChannelBrowser),
		},
		Target: audit.Target{Kind: targetAgent, ID: string(made.Agent)},
	}
	if err := s.auditor.record(ctx, e); err != nil {
		return nil, err
	}
	return func(err error) {
		if e.Outcome = audit.Done; err != nil {
			e.Outcome = audit.Failed
		}
		s.auditor.note(e)
	}, nil
}
