package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"teamsbridge/sso"
)

// request is what the outermost handler keeps of each request.
type request struct {
	id    string
	route string // the pattern that matched, without its method; for metrics
	from  netip.Addr
	https bool // the client spoke it to a trusted proxy

	acceptLanguage string // as it was sent

	// What the audit tells of a refusal.
	problem     *Problem
	caller      sso.Principal
	interaction string // the id of its path
}

type requestKey struct{}

// unmatchedRoute is that of an address which leads nowhere.
const unmatchedRoute = "unmatched"

// noteCaller remembers who sent the request of ctx.
func noteCaller(ctx context.Context, caller sso.Principal) {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		r.caller = caller
	}
}

// noteProblem remembers the problem that the request of ctx is answered with.
func noteProblem(ctx context.Context, p *Problem) {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		r.problem = p
	}
}

// requestID is the id of the request of ctx.
func requestID(ctx context.Context) string {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r.id
	}
	return ""
}

// languageOf is the language of whoever sent the request of ctx.
func languageOf(ctx context.Context) string {
	wanted := ""
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		wanted = r.acceptLanguage
	}
	return locale(wanted, principalOf(ctx).Agent().Country)
}

// setRoute remembers which pattern the request of ctx matched.
func setRoute(ctx context.Context, pattern string) {
	r, ok := ctx.Value(requestKey{}).(*request)
	if !ok {
		return
	}
	if _, path, found := strings.Cut(pattern, " "); found {
		pattern = path
	}
	r.route = pattern
}

// outermost gives each request its id and the headers that every answer has,
// measures it, and turns a panic into an internal error.
func (s *Server) outermost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kept := &request{id: rand.Text(), route: unmatchedRoute, acceptLanguage: r.Header.Get("Accept-Language")}
		kept.from, kept.https = s.proxies.origin(r)
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, kept))
		answer := &answer{ResponseWriter: w}
		s.setHeaders(answer.Header(), kept.id)

		defer s.finish(answer, r, kept, s.now())
		next.ServeHTTP(answer, r)
	})
}

// finish answers a panic like any unknown error, and measures the request.
// http.ErrAbortHandler is the way to cut a connection, and goes on.
func (s *Server) finish(w *answer, r *http.Request, kept *request, begun time.Time) {
	if v := recover(); v != nil {
		if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(v)
		}
		s.recovered(w, r, v)
	}
	took := s.now().Sub(begun)
	s.auditRefusal(r, kept)
	s.metrics.observe(kept.route, r.Method, w.status(), took)
	s.log.DebugContext(r.Context(), "request answered", "request_id", kept.id, "method", knownMethod(r.Method),
		"route", kept.route, "status", w.status(), "took", took)
}

func (s *Server) recovered(w *answer, r *http.Request, v any) {
	if w.broken != nil { // huma panics when it cannot write: the client has gone
		s.log.DebugContext(r.Context(), "answer not written", "request_id", requestID(r.Context()), "error", w.broken)
		return
	}
	s.log.ErrorContext(r.Context(), "handler panicked", "request_id", requestID(r.Context()),
		"panic", fmt.Sprint(v), "stack", string(debug.Stack()))
	if w.code == 0 {
		s.write(w, r, newProblem(slugInternal))
	}
}

// fail answers with the problem that err is.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	s.write(w, r, s.problemOf(r.Context(), err))
}

func (s *Server) write(w http.ResponseWriter, r *http.Request, p *Problem) {
	p.Instance = requestID(r.Context())
	noteProblem(r.Context(), p)
	for name, values := range p.header {
		w.Header()[name] = values
	}
	var text bytes.Buffer
	err := json.NewEncoder(&text).Encode(p)
	w.Header().Set("Content-Type", p.ContentType(""))
	w.Header().Set("Content-Length", strconv.Itoa(text.Len())) // see discard
	w.WriteHeader(p.Status)
	if err == nil {
		_, err = w.Write(text.Bytes())
	}
	if err != nil {
		s.log.DebugContext(r.Context(), "answer not written", slog.Any("error", err))
	}
}

// answer knows which status was written, and whether it could be. Unwrap lets http.ResponseController
// reach deadlines and flushing beneath it.
type answer struct {
	http.ResponseWriter
	code   int
	broken error // of the first write that failed
}

func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *answer) WriteHeader(code int) {
	if a.code == 0 && code >= http.StatusOK {
		a.code = code
	}
	a.ResponseWriter.WriteHeader(code)
}

func (a *answer) Write(b []byte) (int, error) {
	if a.code == 0 {
		a.code = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(b)
	if a.broken == nil {
		a.broken = err
	}
	return n, err
}

func (a *answer) status() int {
	if a.code == 0 {
		return http.StatusOK
	}
	return a.code
}
