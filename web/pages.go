package web

import (
	"encoding/json"
	"html"
	"net/http"
	"strconv"
)

// writePage writes a small page of its own, for the moments when the agent
// desktop is not there. It is put together by hand: html/template would add ten
// megabytes to the binary for three sentences (its reflection keeps every
// method of the Graph models alive).
func (s *Server) writePage(w http.ResponseWriter, status int, title, text string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(`<!doctype html><html lang="en"><head><meta charset="utf-8">` +
		`<meta name="viewport" content="width=device-width"><title>` + html.EscapeString(title) + `</title></head>` +
		`<body><main><h1>` + html.EscapeString(title) + `</h1><p>` + html.EscapeString(text) + `</p>` +
		`<p><a href="/">Back to the desktop</a></p></main></body></html>` + "\n"))
}

// serveProblem explains a kind of problem to whoever follows its type.
func (s *Server) serveProblem(w http.ResponseWriter, r *http.Request) {
	for _, k := range kinds {
		if string(k.slug) == r.PathValue("slug") {
			s.writePage(w, http.StatusOK, k.title, k.detail+" (status "+strconv.Itoa(k.status)+")")
			return
		}
	}
	s.fail(w, r, newProblem(slugNotFound))
}

func (s *Server) writeJSON(w http.ResponseWriter, r *http.Request, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		s.log.DebugContext(r.Context(), "answer not written", "request_id", requestID(r.Context()), "error", err)
	}
}
