package web

import (
	"net/http"
)

// routeSite builds what is not the interface: sign-in, health, the pages of
// the problems, and the agent desktop, which answers every other path.
func (s *Server) routeSite() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.serveHealth)
	mux.HandleFunc("GET /readyz", s.serveReady)

	mux.HandleFunc("GET /auth/login", s.serveLogin)
	mux.HandleFunc("GET /auth/callback", s.serveCallback)
	mux.HandleFunc("POST /auth/logout", s.serveLogout)
	mux.HandleFunc("POST /auth/backchannel-logout", s.serveBackchannelLogout)
	mux.HandleFunc("GET /auth/logout", s.serveLogoutPage)
	mux.HandleFunc("GET /auth/consent", s.serveConsent)

	mux.HandleFunc("GET /problems/{slug}", s.serveProblem)
	mux.HandleFunc("GET /", s.servePage)
	return mux
}
