package apitest

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// Answer is what came back for a request.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

var checking = &openapi3filter.Options{
	IncludeResponseStatus:             true,
	MultiError:                        true,
	RejectWhenRequestBodyNotSpecified: true,
	SkipSettingDefaults:               true,
	AuthenticationFunc:                hasBearer,
}

var errNoToken = errors.New("no bearer token")

// hasBearer is all that is asked of a token here.
func hasBearer(_ context.Context, input *openapi3filter.AuthenticationInput) error {
	scheme, token, _ := strings.Cut(input.RequestValidationInput.Request.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return errNoToken
	}
	return nil
}

// plumbing are headers that HTTP, tracing and Microsoft's SDK add; all others
// are described.
var plumbing = []string{
	"Accept", "Accept-Encoding", "Authorization", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "User-Agent",
	"Traceparent", "Tracestate", "Baggage", "Sdkversion",
}

// Request tells what is wrong with a request that must be described in every
// part: an error that joins all there is, or nil. body is what it carried, as
// sent.
func (d *Description) Request(r *http.Request, body []byte) error {
	return errors.Join(d.understood(r, body), d.everyPart(r))
}

// understood tells what Graph would not take of a request. It overlooks query
// options without a dollar sign, and headers, that it does not know.
func (d *Description) understood(r *http.Request, body []byte) error {
	route, named, err := d.find(r)
	if err != nil {
		return fmt.Errorf("%s %s: %w", r.Method, r.URL.Path, err)
	}
	body, err = plain(r.Header, body)
	if err != nil {
		return err
	}
	copied := r.Clone(r.Context())
	copied.Body, copied.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	err = openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
		Request: copied, PathParams: named, Route: route, Options: checking,
	})
	for name := range r.URL.Query() {
		if strings.HasPrefix(name, "$") && !described(route, openapi3.ParameterInQuery, name) {
			err = errors.Join(err, fmt.Errorf("query option %s is not described", name))
		}
	}
	return err
}

// everyPart names the query options and headers that no parameter describes,
// of which OpenAPI itself takes no notice.
func (d *Description) everyPart(r *http.Request) error {
	route, _, err := d.find(r)
	if err != nil {
		return nil // told already
	}
	var found []error
	for name := range r.URL.Query() {
		if !strings.HasPrefix(name, "$") {
			found = append(found, fmt.Errorf("query option %s is not described", name))
		}
	}
	for name := range r.Header {
		if !slices.Contains(plumbing, name) && !described(route, openapi3.ParameterInHeader, name) {
			found = append(found, fmt.Errorf("header %s is not described", name))
		}
	}
	return errors.Join(found...)
}

// described tells whether an operation has a parameter of that name.
func described(route *routers.Route, in, name string) bool {
	return slices.ContainsFunc(route.Operation.Parameters, func(p *openapi3.ParameterRef) bool {
		return p.Value.In == in && strings.EqualFold(p.Value.Name, name)
	})
}

// Answer tells what is wrong with an answer, as Request does of a request. An
// answer to what is not described must be a refusal.
func (d *Description) Answer(r *http.Request, a Answer) error {
	route, named, err := d.find(r)
	if err != nil {
		return d.refusal(a)
	}
	return openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: named, Route: route, Options: checking},
		Status:                 a.Status, Header: a.Header, Body: io.NopCloser(bytes.NewReader(a.Body)), Options: checking,
	})
}

// refusal holds an answer against Graph's envelope for errors.
func (d *Description) refusal(a Answer) error {
	if a.Status < http.StatusBadRequest {
		return fmt.Errorf("status %d for what is not described", a.Status)
	}
	var body any
	if err := json.Unmarshal(a.Body, &body); err != nil {
		return fmt.Errorf("a refusal that is no JSON: %w", err)
	}
	return d.document.Components.Schemas["Failure"].Value.VisitJSON(body, openapi3.EnableJSONSchema2020(), openapi3.MultiErrors())
}

// plain is a body without its compression.
func plain(header http.Header, body []byte) ([]byte, error) {
	if header.Get("Content-Encoding") != "gzip" {
		return body, nil
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	return io.ReadAll(unzipped)
}
