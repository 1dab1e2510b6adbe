package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"teamsbridge/graph"
	"teamsbridge/sso"
)

// eventStream is the media type of the stream.
const eventStream = "text/event-stream"

type eventsRequest struct {
	LastEventID string `header:"Last-Event-ID" doc:"Id of the last event seen; the stream goes on after it, or says resync"`
}

// streamAnswer writes itself.
type streamAnswer struct{ Body func(huma.Context) }

type watchRequest struct {
	Stream string `path:"stream"`
	Body   struct {
		IDs []string `json:"ids" maxItems:"650"`
	}
}

func (a *api) events() {
	s := a.server
	tag := tagged("Events")
	op := operation(http.MethodGet, "/events", "readEvents", "Changes of what the caller sees, as they happen", tag)
	op.Description = "Events: hello {stream}, interaction (the whole resource), interaction-gone {id, reason}, presence {presences}, targets, " +
		"session {state, sso, targets} or {expired}, directory, resync; x-event-data has the schema of the data of each. Every event has an id; Last-Event-ID resumes without loss for 5 minutes. A comment line comes every 15 s."
	op.Responses = map[string]*huma.Response{"200": {
		Description: "A stream of events",
		Content: map[string]*huma.MediaType{eventStream: {
			Schema:     &huma.Schema{Type: huma.TypeString},
			Extensions: map[string]any{"x-event-data": a.eventData()}, // OpenAPI 3.1 has no word for it
		}},
	}}
	handle(a, op, s.readEvents)

	watch := operation(http.MethodPut, "/events/{stream}/watch", "watchPresence", "Whose presence the stream sees; replaces the ones before", tag)
	watch.DefaultStatus = http.StatusNoContent
	watch.Middlewares = huma.Middlewares{s.ownStream}
	handle(a, watch, s.watchPresence)
}

// eventData is what each event of the stream holds.
func (a *api) eventData() map[string]*huma.Schema {
	nothing := &huma.Schema{Type: huma.TypeObject} // the event itself says it
	return map[string]*huma.Schema{
		eventHello:           schemaOf[helloEvent](a),
		eventInteraction:     schemaOf[interaction](a),
		eventInteractionGone: schemaOf[goneEvent](a),
		eventPresence:        schemaOf[presenceEvent](a),
		eventSession:         {OneOf: []*huma.Schema{schemaOf[sessionEvent](a), schemaOf[expiredEvent](a)}},
		eventDirectory:       schemaOf[directoryEvent](a),
		eventTargets:         nothing,
		eventResync:          nothing,
	}
}

// readEvents opens a stream; the answer is written by serveStream.
func (s *Server) readEvents(_ context.Context, p sso.Principal, in *eventsRequest) (*streamAnswer, error) {
	return &streamAnswer{Body: func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		if r.Method == http.MethodHead { // the mux lets it through with GET; it has no end to wait for
			w.Header().Set("Content-Type", eventStream)
			return
		}
		session := ""
		if r.Header.Get("Authorization") == "" {
			session = s.sessionSecret(r)
		}
		st, err := s.hub.open(p, session, in.LastEventID)
		switch {
		case errors.Is(err, errTooManyStreams):
			s.fail(w, r, newProblem(slugTooManyRequests).with("Retry-After", retryAfter(0)))
		case errors.Is(err, errStreamsEnding):
			s.fail(w, r, newProblem(slugDraining))
		default:
			defer s.hub.leave(st)
			s.serveStream(w, r, p, st)
		}
	}}, nil
}

// ownStream refuses, before the body is looked at, who does not read the stream.
func (s *Server) ownStream(ctx huma.Context, next func(huma.Context)) {
	if _, ok := s.hub.find(principalOf(ctx.Context()), ctx.Param("stream")); !ok {
		r, w := humago.Unwrap(ctx)
		s.fail(w, r, newProblem(slugNotFound))
		return
	}
	next(ctx)
}

func (s *Server) watchPresence(_ context.Context, p sso.Principal, in *watchRequest) (*struct{}, error) {
	st, ok := s.hub.find(p, in.Stream)
	if !ok {
		return nil, newProblem(slugNotFound)
	}
	experts, _, err := s.listed(graph.TenantID(p.Tenant()), in.Body.IDs)
	if err != nil {
		return nil, err
	}
	st.watch(experts)
	return nil, nil
}
