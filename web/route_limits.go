package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// routeLimits are what one request of a route may cost.
type routeLimits struct {
	body   int64         // bytes
	read   time.Duration // for the body to arrive
	answer time.Duration // until the answer is given up; 0: as long as the reader stays
}

const (
	// answerWithin is more than the slowest command takes, which is answered after
	// ten seconds whatever the switch does.
	answerWithin = 30 * time.Second
	// askWithin is for what asks Microsoft several times.
	askWithin = time.Minute
)

// limitsOf is the table of every route's limits, by its pattern; docs/http.md
// tells it. What is not named here costs little.
func (c Config) limitsOf(pattern string) routeLimits {
	l := routeLimits{body: c.MaxBody, read: c.ReadTimeout, answer: answerWithin}
	switch pattern {
	case "GET " + eventsRoute:
		l.answer = 0 // each write has writeWithin
	case "POST " + apiBase + "/admin/agents/import":
		l.body, l.read, l.answer = maxImportBytes, importWithin, 2*importWithin
	case "POST " + apiBase + "/admin/organization/check", "GET " + apiBase + "/admin/explain", "GET " + apiBase + "/admin/audit":
		l.answer = askWithin
	}
	return l
}

// inTime gives every body a deadline, before it is known whether a route answers:
// net/http reads what is left of a body before it writes an answer, that of an
// address that leads nowhere and of a client beyond its limits too.
func (s *Server) inTime(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			s.hurry(http.NewResponseController(w), s.cfg.ReadTimeout)
		}
		next.ServeHTTP(w, r)
	})
}

// hurry ends a body that has not arrived by then. A connection without deadlines
// is a test's.
func (s *Server) hurry(control *http.ResponseController, within time.Duration) {
	_ = control.SetReadDeadline(s.now().Add(within))
}

// bounded gives a request the limits of its route.
func (s *Server) bounded(w http.ResponseWriter, r *http.Request, pattern string, next http.Handler) {
	limit := s.cfg.limitsOf(pattern)
	if r.ContentLength != 0 {
		control := http.NewResponseController(w)
		s.hurry(control, limit.read)
		// One byte more than allowed, so that whoever reads can see that it was too much.
		r.Body = &arriving{ReadCloser: http.MaxBytesReader(w, r.Body, limit.body+1), control: control}
	}
	if limit.answer > 0 {
		ctx, cancel := context.WithTimeout(r.Context(), limit.answer)
		defer cancel()
		r = r.WithContext(ctx)
	}
	next.ServeHTTP(w, r)
}

// arriving is a body whose deadline ends when it has arrived: afterwards it
// would be taken for a client that has gone.
type arriving struct {
	io.ReadCloser
	control *http.ResponseController
}

func (b *arriving) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		_ = b.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

// limitBody refuses a body that says it is too large, on routes that would not
// read it, too. It comes after the question who asks.
func (s *Server) limitBody(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	if op := ctx.Operation(); r.ContentLength > s.cfg.limitsOf(op.Method+" "+op.Path).body {
		s.fail(w, r, newProblem(slugTooLarge))
		return
	}
	next(ctx)
}
