package web

import (
	"net/http"
)

// siteRoute is a route that is not the interface's.
type siteRoute struct {
	pattern string
	handler http.HandlerFunc
}

// siteRoutes are sign-in, health, the pages of the problems, and the agent
// desktop, which answers every other path.
func (s *Server) siteRoutes() []siteRoute {
	return []siteRoute{
		{"GET " + healthPath, s.serveHealth},
		{"GET " + readyPath, s.serveReady},

		{"GET /auth/login", s.serveLogin},
		{"GET /auth/callback", s.serveCallback},
		{"POST /auth/logout", s.serveLogout},
		{"POST " + backchannelPath, s.serveBackchannelLogout},
		{"GET /auth/logout", s.serveLogoutPage},
		{"GET /auth/consent", s.serveConsent},
		{"GET /auth/first-admin", s.serveFirstAdmin},

		{"GET " + problemBase + "{slug}", s.serveProblem},
		{"GET /", s.servePage},
	}
}

func (s *Server) routeSite() *http.ServeMux {
	mux := http.NewServeMux()
	for _, route := range s.siteRoutes() {
		mux.HandleFunc(route.pattern, route.handler)
	}
	return mux
}
