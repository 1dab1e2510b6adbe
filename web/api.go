package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/danielgtaylor/huma/v2/validation"

	"teamsbridge/sso"
)

const apiBase = "/api/v1"

// api registers operations on the mux and in the description.
type api struct {
	huma.API
	server *Server
}

// routeAPI builds the interface and its description.
func (s *Server) routeAPI() *http.ServeMux {
	setUpHuma()
	mux := http.NewServeMux()
	a := &api{API: humago.New(mux, describe(s.deps.Version)), server: s}
	a.UseMiddleware(s.authenticate, s.limitBody)

	a.session()
	a.windows()
	a.sessions()
	a.experts()
	a.chats()
	a.keptExperts()
	a.targets()
	a.interactions()
	a.commands()
	a.reservations()
	a.events()
	a.organization()
	a.agents()
	a.audit()
	a.explain()

	openAnswers(a.OpenAPI())

	// huma's own handler marshals on the first request without a lock; before it,
	// nobody needs the text.
	s.spec = sync.OnceValues(func() ([]byte, error) { return json.MarshalIndent(a.OpenAPI(), "", " ") })
	mux.HandleFunc("GET "+apiBase+"/openapi.json", s.serveDescription)
	return mux
}

func (s *Server) serveDescription(w http.ResponseWriter, r *http.Request) {
	text, err := s.spec()
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text) // the client has gone; nothing to do about it
}

// describe is what does not come from the operations. DocsPath, SchemasPath and
// the hook that adds $schema members and Link headers stay empty.
func describe(version string) huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title:       "teamsbridge",
				Version:     version,
				Description: "Consult, transfer and conference with experts who sit in Microsoft Teams. Every refusal is a problem document; /problems explains each kind.",
			},
			Components: &huma.Components{
				Schemas: describeSets(huma.NewMapRegistry("#/components/schemas/", schemaName)),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"bearer": {Type: "http", Scheme: "bearer", BearerFormat: "JWT",
						Description: "An access token of Microsoft Entra for this service, or one of the contact centre's own identity provider."},
					"session": {Type: "apiKey", In: "cookie", Name: "__Host-" + cookieBase,
						Description: "The browser session that /auth/login begins. On plain http, which is for loopback, the name carries the port."},
				},
			},
		},
		// JSON only: a form or text body, which other sites can make a browser
		// send, is refused. "json" stands for what ends in +json, as problems do.
		Formats:       map[string]huma.Format{"application/json": strictJSON, "json": strictJSON},
		DefaultFormat: "application/json",
	}
}

// setUpHuma replaces huma's global settings, which cannot be given per API:
// refusals become our problems, names of JSON members are exact, lists are
// never null.
var setUpHuma = sync.OnceFunc(func() {
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return refusal(status, message, errs)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		p := refusal(status, message, errs)
		p.Instance = requestID(ctx.Context())
		noteProblem(ctx.Context(), p)
		return p
	}
})

// refusal turns what huma finds wrong with a request into a problem. Of huma's
// texts only those about single values are kept: they come from the schema and
// hold nothing of the caller's.
func refusal(status int, message string, errs []error) *Problem {
	switch status {
	case 0: // asked for the document's schema only
		return &Problem{}
	case http.StatusRequestEntityTooLarge:
		return newProblem(slugTooLarge)
	case http.StatusUnsupportedMediaType:
		return newProblem(slugUnsupportedMediaType)
	case http.StatusBadRequest:
		if message == "request body is required" {
			return invalid("body", "is required")
		}
		return newProblem(slugMalformed)
	case http.StatusRequestTimeout:
		return newProblem(slugMalformed)
	case http.StatusUnprocessableEntity:
		p := newProblem(slugRequestInvalid)
		p.Errors = fieldErrors(errs)
		return p
	}
	if message == "cannot read request body" { // cut off or badly chunked by the client
		return newProblem(slugMalformed)
	}
	return newProblem(slugInternal)
}

func fieldErrors(errs []error) []FieldError {
	var out []FieldError
	for _, err := range errs {
		detail, ok := errors.AsType[*huma.ErrorDetail](err)
		if !ok {
			out = append(out, FieldError{Location: "request", Message: "is not valid"})
			continue
		}
		f := FieldError{Location: detail.Location, Message: detail.Message}
		if detail.Message == validation.MsgUnexpectedProperty {
			// The last part of the path is the caller's own text.
			f.Location = f.Location[:max(0, strings.LastIndexByte(f.Location, '.'))]
			f.Message = "has a member that is not known here"
		}
		out = append(out, f)
	}
	return out
}

// operation describes a route below /api/v1, for whoever is signed in unless
// more says otherwise.
func operation(method, path, id, summary string, more ...func(*huma.Operation)) huma.Operation {
	op := huma.Operation{
		OperationID: id,
		Method:      method,
		Path:        apiBase + path,
		Summary:     summary,
		Security:    signedIn,
		Metadata:    map[string]any{},
	}
	for _, m := range more {
		m(&op)
	}
	return op
}

// forRole makes an operation refuse everybody without the role.
func forRole(role sso.Role) func(*huma.Operation) {
	return func(op *huma.Operation) {
		op.Metadata[roleMetadata] = role
		op.Description += "Needs the role " + string(role) + "."
	}
}

// alsoCreates describes a registered PUT's answer as 201 too. huma leaves the
// refusals out of operations that name a second answer before.
func (a *api) alsoCreates(put huma.Operation) {
	answers := a.OpenAPI().Paths[put.Path].Put.Responses
	created := *answers[strconv.Itoa(http.StatusOK)]
	created.Description = http.StatusText(http.StatusCreated)
	answers[strconv.Itoa(http.StatusCreated)] = &created
}

// forEverybody makes an operation ask for no sign-in.
func forEverybody(op *huma.Operation) { op.Security = nil }

// tagged groups operations in the description.
func tagged(tag string) func(*huma.Operation) {
	return func(op *huma.Operation) { op.Tags = []string{tag} }
}

// handle registers an operation whose handler is told who asks. Its errors
// are rendered by the one table of rules.
func handle[I, O any](a *api, op huma.Operation, handler func(context.Context, sso.Principal, *I) (*O, error)) {
	if op.MaxBodyBytes == 0 {
		op.MaxBodyBytes = a.server.cfg.MaxBody + 1 // huma refuses a body of just this size
	}
	if op.BodyReadTimeout == 0 {
		op.BodyReadTimeout = a.server.cfg.ReadTimeout
	}
	huma.Register(a.API, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, principalOf(ctx), in)
		if err != nil {
			return nil, a.server.problemOf(ctx, err)
		}
		return out, nil
	})
}

// body is an answer that is only a document.
type body[T any] struct{ Body T }

func answerWith[T any](v T) *body[T] { return &body[T]{Body: v} }
