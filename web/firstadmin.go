package web

import (
	"net/http"

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
