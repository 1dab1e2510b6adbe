package web

import (
	"net/http"
	"strings"
)

// bySection sends what lies below /api to the interface and the rest to the
// page and its helpers. Two muxes, because the page answers every path: beside
// it, the interface's own "no such method" would be lost.
func (s *Server) bySection(api, site *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if below(r.URL.Path, "/api") {
			s.dispatch(api, w, r)
			return
		}
		s.dispatch(site, w, r)
	})
}

// below reports whether the path is the folder or something inside it.
func below(path, folder string) bool {
	rest, found := strings.CutPrefix(path, folder)
	return found && (rest == "" || rest[0] == '/')
}

// dispatch serves by the mux, but says in problems what the mux says in plain
// text: no such path, no such method.
func (s *Server) dispatch(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	handler, pattern := mux.Handler(r)
	if pattern != "" {
		setRoute(r.Context(), pattern)
		s.bounded(w, r, pattern, mux) // again through the mux: only it sets the path's values
		return
	}
	refusal := refusalRecorder{header: http.Header{}}
	handler.ServeHTTP(&refusal, r)
	if refusal.status == http.StatusMethodNotAllowed {
		s.fail(w, r, newProblem(slugMethodNotAllowed).with("Allow", refusal.header.Get("Allow")))
		return
	}
	s.fail(w, r, newProblem(slugNotFound))
}

// refusalRecorder hears what the mux would have answered.
type refusalRecorder struct {
	header http.Header
	status int
}

func (r *refusalRecorder) Header() http.Header         { return r.header }
func (r *refusalRecorder) WriteHeader(status int)      { r.status = status }
func (r *refusalRecorder) Write(b []byte) (int, error) { return len(b), nil }
