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
// what is left of a body is read before its connection is closed, that to an
// address that leads nowhere and of a client beyond its limits too.
func (s *Server) inTime(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength == 0 {
			next.ServeHTTP(w, r)
			return
		}
		control := http.NewResponseController(w)
		s.hurry(control, s.cfg.ReadTimeout)
		body := &unread{ReadCloser: r.Body, left: r.ContentLength}
		r.Body = body
		next.ServeHTTP(w, r)
		if r.ProtoMajor == 1 && body.isLong() {
			s.discard(control, w.Header(), r.Header, body)
		}
	})
}

// discard sends an answer and then reads the rest of the body for nothing. It
// leaves a body that waits to be asked for (Expect), and an answer whose length is
// not told: it would end with the handler only, for a client that sends no more.
func (s *Server) discard(control *http.ResponseController, answer, request http.Header, body io.Reader) {
	if request.Get("Expect") != "" || answer.Get("Content-Length") == "" || control.Flush() != nil {
		return
	}
	s.hurry(control, s.cfg.ReadTimeout)
	_, _ = io.CopyN(io.Discard, body, discardMost)
}

const (
	// netHTTPReads is how much of a body that no handler wanted net/http reads itself
	// (maxPostHandlerReadBytes). With more left it answers, and closes half a second
	// later: a connection that is closed with something unread is reset, and a client
	// that sends everything before it reads would never see the answer.
	netHTTPReads = 256 << 10
	// discardMost of a rest is read for nothing: more than anybody sends by mistake.
	discardMost = 32 << 20
)

// unread is a body that knows what is left of it.
type unread struct {
	io.ReadCloser
	left  int64 // negative: nobody knows
	ended bool
}

func (b *unread) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left >= 0 {
		b.left -= int64(n)
	}
	b.ended = b.ended || errors.Is(err, io.EOF)
	return n, err
}

// Close leaves it to net/http, once the rest is read.
func (b *unread) Close() error { return nil }

// isLong reports whether more may be left than net/http reads.
func (b *unread) isLong() bool {
	return !b.ended && (b.left < 0 || b.left > netHTTPReads)
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
