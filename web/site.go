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

		{"GET /auth/login", s.onlyGet(s.serveLogin)},
		{"GET /auth/callback", s.onlyGet(s.serveCallback)},
		{"POST /auth/logout", s.serveLogout},
		{"POST " + backchannelPath, s.serveBackchannelLogout},
		{"GET /auth/logout", s.serveLogoutPage},
		{"GET /auth/consent", s.onlyGet(s.serveConsent)},
		{"GET /auth/first-admin", s.onlyGet(s.serveFirstAdmin)},

		{"GET " + problemBase + "{slug}", s.serveProblem},
		{"GET /", s.servePage},
	}
}

// onlyGet refuses HEAD, which the mux sends along with GET: whoever looks at what an
// address leads to must not use up what works once.
func (s *Server) onlyGet(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			s.fail(w, r, newProblem(slugMethodNotAllowed).with("Allow", http.MethodGet))
			return
		}
		next(w, r)
	}
}

func (s *Server) routeSite() *http.ServeMux {
	mux := http.NewServeMux()
	for _, route := range s.siteRoutes() {
		mux.HandleFunc(route.pattern, route.handler)
	}
	return mux
}
