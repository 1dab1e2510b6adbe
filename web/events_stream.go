package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"teamsbridge/graph"
	"teamsbridge/presence"
	"teamsbridge/sso"
)

const (
	// commentEvery keeps proxies from cutting a quiet stream.
	commentEvery = 15 * time.Second
	// lookAgain is how often a stream makes sure that its session still exists:
	// a desktop that is open counts as used, one that was revoked ends.
	lookAgain = time.Minute
	// reviewEvery is how often a stream says that the sign-in behind it is used, so
	// that Entra is asked about it as soon as that is due: an agent who has lost
	// access loses the stream within a minute.
	reviewEvery = 10 * time.Second
	// writeWithin is how long one write may take; a reader that is slower is cut.
	writeWithin = 10 * time.Second
)

// serveStream writes the stream until the reader leaves, its sign-in ends or
// the hub ends it.
func (s *Server) serveStream(w http.ResponseWriter, r *http.Request, p sso.Principal, st *stream) {
	w.Header().Set("Content-Type", eventStream)
	w.Header().Set("X-Accel-Buffering", "no") // nginx would hold events back
	out := newEventWriter(w, st)

	expires := time.NewTimer(time.Until(p.Expires()))
	defer expires.Stop()
	comments := time.NewTicker(commentEvery)
	defer comments.Stop()
	looks := time.NewTicker(lookAgain)
	defer looks.Stop()
	stopReviews := s.reviewStream(r.Context(), p, st)
	defer stopReviews()
	changes := st.watcher.Changes()

	leave := s.present(p)
	defer func() { leave() }()

	out.own(eventHello, helloEvent{Stream: st.id})
	if st.resync {
		out.own(eventResync, struct{}{})
	}
	if ids := st.watched(); len(ids) > 0 { // resumed: presence is told anew
		s.tellPresence(out, s.deps.Presence.Read(graph.TenantID(p.Tenant()), ids))
	}
	for out.err == nil {
		later, last, next, ok := st.feed.since(out.seq)
		if !ok {
			out.seq = last
			out.own(eventResync, struct{}{})
			continue
		}
		for _, e := range later {
			out.shared(e)
		}
		out.flush()
		select {
		case <-next:
		case seen, open := <-changes:
			if !open {
				changes = nil
				continue
			}
			s.tellPresence(out, seen)
		case <-comments.C:
			out.comment()
		case <-looks.C:
			now, over := s.sessionEnded(r.Context(), p, st)
			if over {
				out.expired(s.deps.Verifier.Ended(p))
				return
			}
			if now.Valid() && now.Assertion() != p.Assertion() { // refreshed: the one before ends soon
				before := leave
				leave = s.present(now)
				before()
				p = now
			}
		case <-expires.C:
			out.expired(nil)
			return
		case <-st.ended:
			if st.signedOut.Load() {
				out.expired(s.deps.Verifier.Ended(p))
			}
			return
		case <-r.Context().Done():
			return
		}
	}
}

// sessionEnded reports whether the sign-in behind the stream is known to have
// ended, and gives the reader as they are now; not being able to ask is no reason
// to send somebody away.
func (s *Server) sessionEnded(ctx context.Context, p sso.Principal, st *stream) (now sso.Principal, ended bool) {
	var err error
	if st.session == "" { // a token ends by its own expiry, or with its agent
		now, err = s.deps.Verifier.Renew(p)
	} else {
		now, err = s.deps.Verifier.FromSession(ctx, st.session)
	}
	_, unknown := errors.AsType[*sso.AgentUnknownError](err)
	_, over := errors.AsType[*sso.EndedError](err)
	return now, over || unknown || errors.Is(err, sso.ErrSessionNotFound)
}

// reviewStream has Entra asked about the reader's sign-in while the stream is
// open, beside it: no event waits for Microsoft.
func (s *Server) reviewStream(ctx context.Context, p sso.Principal, st *stream) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		due := time.NewTicker(reviewEvery)
		defer due.Stop()
		over := s.deps.Verifier.Over(p)
		for {
			select {
			case <-ctx.Done():
				return
			case <-due.C:
			case <-over:
			}
			if s.deps.Verifier.StillGood(ctx, p) != nil {
				st.signedOut.Store(true)
				st.end()
				return
			}
		}
	}()
	return func() { cancel(); <-gone }
}

func (s *Server) tellPresence(out *eventWriter, seen []presence.Presence) {
	if len(seen) > 0 {
		data, err := s.hub.texts.event(seen)
		out.note(err)
		out.ownText(eventPresence, data)
	}
}

// eventWriter writes one stream. After the first error it does nothing.
type eventWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
	buffer  bytes.Buffer
	stream  string
	seq     uint64 // of the last shared event written
	count   int    // of own events since
	err     error
}

func newEventWriter(w http.ResponseWriter, st *stream) *eventWriter {
	out := &eventWriter{w: w, control: http.NewResponseController(w), stream: st.id, seq: st.start}
	// The server's limit for reading a request would end the stream.
	out.note(out.control.SetReadDeadline(time.Time{}))
	return out
}

// shared writes an event that all streams of the reader get.
func (o *eventWriter) shared(e event) {
	o.seq, o.count = e.seq, 0
	o.line(e.name, e.data)
}

// own writes an event of this stream alone.
func (o *eventWriter) own(name string, payload any) {
	data, err := json.Marshal(payload)
	o.note(err)
	o.ownText(name, data)
}

// ownText is own for what is JSON already.
func (o *eventWriter) ownText(name string, data []byte) {
	o.count++
	o.line(name, data)
}

func (o *eventWriter) line(name string, data []byte) {
	fmt.Fprintf(&o.buffer, "id: %s\nevent: %s\ndata: %s\n\n", eventID(o.stream, o.seq, o.count), name, data)
}

// expired says that the sign-in has ended, and why where Entra ended it, and sends it.
func (o *eventWriter) expired(why *sso.EndedError) {
	event := expiredEvent{Expired: true}
	if why != nil {
		event.Reason = why.Reason
	}
	o.own(eventSession, event)
	o.flush()
}

func (o *eventWriter) comment() { o.buffer.WriteString(": still here\n\n") }

// flush sends what was written since the last time.
func (o *eventWriter) flush() {
	if o.err != nil || o.buffer.Len() == 0 {
		return
	}
	o.note(o.control.SetWriteDeadline(time.Now().Add(writeWithin)))
	_, err := o.w.Write(o.buffer.Bytes())
	o.note(err)
	o.note(o.control.Flush())
	o.buffer.Reset()
}

// note keeps the first error. A connection without deadlines (in a test) is none.
func (o *eventWriter) note(err error) {
	if o.err == nil && !errors.Is(err, http.ErrNotSupported) {
		o.err = err
	}
}
