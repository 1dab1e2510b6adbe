package graphtest

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"teamsbridge/sso/ssotest"
)

// call is one request whose token has been checked.
type call struct {
	r         *http.Request
	header    http.Header // of the answer
	token     ssotest.GraphToken
	directory *directory
	id        string    // what the path names
	guest     bool      // acts for a guest of the tenant
	readable  selection // properties that the token's permissions show
}

// plainText is an answer that is not JSON.
type plainText string

// endpoint is one path that this Graph serves.
type endpoint struct {
	path   *regexp.Regexp // below /v1.0; its group is call.id
	method string
	allow  func(*call) error // checks the permissions of the token
	serve  func(*Server, *call) (any, error)
}

// endpoints in the order in which they are tried: what is fixed before what
// an id stands for.
var endpoints = []endpoint{
	{regexp.MustCompile(`^/users$`), http.MethodGet, allowListing, (*Server).listUsers},
	{regexp.MustCompile(`^/users/\$count$`), http.MethodGet, allowListing, (*Server).countUsers},
	{regexp.MustCompile(`^/users/delta(?:\(\))?$`), http.MethodGet, allowListing, (*Server).deltaUsers},
	{regexp.MustCompile(`^/users/([^/]+)$`), http.MethodGet, allowShowing, (*Server).showUser},
	{regexp.MustCompile(`^/users/([^/]+)/presence$`), http.MethodGet, allowPresence, (*Server).showPresence},
	{regexp.MustCompile(`^/communications/presences/([^/]+)$`), http.MethodGet, allowPresence, (*Server).showPresence},
	{regexp.MustCompile(`^/communications/getPresencesByUserId$`), http.MethodPost, allowPresences, (*Server).listPresences},
	{regexp.MustCompile(`^/servicePrincipals\(appId='([^']+)'\)$`), http.MethodGet, allowApplications, (*Server).showServicePrincipal},
	{regexp.MustCompile(`^/oauth2PermissionGrants$`), http.MethodGet, allowGrants, (*Server).listGrants},
}

// version is the only one served; beta is not.
const version = "/v1.0"

// route finds the endpoint of a request and what its path names.
func route(r *http.Request) (endpoint, string, error) {
	path, ok := strings.CutPrefix(r.URL.Path, version)
	if !ok {
		return endpoint{}, "", &failure{status: http.StatusNotFound, code: "BadRequest", message: "Invalid version: the simulated Graph serves v1.0."}
	}
	for _, e := range endpoints {
		m := e.path.FindStringSubmatch(path)
		switch {
		case m == nil:
			continue
		case r.Method != e.method:
			return endpoint{}, "", &failure{
				status: http.StatusMethodNotAllowed, code: "Request_BadRequest",
				message: "Specified HTTP method is not allowed for the request target.",
				header:  http.Header{"Allow": {e.method}},
			}
		}
		return e, m[len(m)-1], nil
	}
	return endpoint{}, "", &failure{
		status: http.StatusNotFound, code: "ResourceNotFound",
		message: "Resource not found for the segment '" + strings.TrimPrefix(path, "/") + "'.",
	}
}

// serve answers one request: faults first, as throttling comes before
// everything at Graph; then token, path, permission and the endpoint itself.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	ids := correlation{request: newRequestID(), client: r.Header.Get("client-request-id")}
	if !isGUID(ids.client) {
		ids.client = ids.request
	}
	w.Header().Set("request-id", ids.request)
	w.Header().Set("client-request-id", ids.client)
	w.Header().Set("Cache-Control", "no-cache")

	seen := ssotest.Request{Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, At: s.clock().UTC()}
	recorder := &statusRecorder{ResponseWriter: w}
	defer func() {
		seen.Status = recorder.status
		s.log(seen)
	}()
	answer, err := s.answer(recorder, r)
	switch f, failed := errors.AsType[*failure](err); {
	case failed:
		f.write(recorder, ids, s.clock())
	case err != nil: // the client went away during an injected delay
		recorder.status = 499
	default:
		if text, plain := answer.(plainText); plain {
			recorder.Header().Set("Content-Type", "text/plain")
			recorder.WriteHeader(http.StatusOK)
			_, _ = recorder.Write([]byte(text))
			return
		}
		writeJSON(recorder, http.StatusOK, answer)
	}
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request) (any, error) {
	if err := s.misbehave(r); err != nil {
		return nil, err
	}
	c := &call{r: r, header: w.Header(), readable: allProperties}
	if err := s.authenticate(c); err != nil {
		return nil, err
	}
	e, id, err := route(r)
	if err != nil {
		return nil, err
	}
	c.id = id
	if err := e.allow(c); err != nil {
		return nil, err
	}
	return e.serve(s, c)
}

// misbehave lets an injected fault happen.
func (s *Server) misbehave(r *http.Request) error {
	fault, happens := s.faults.Next(r.URL.Path)
	if !happens {
		return nil
	}
	if fault.Delay > 0 {
		timer := time.NewTimer(fault.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			return r.Context().Err()
		}
	}
	if fault.Status == 0 {
		return nil
	}
	f := &failure{status: fault.Status, code: faultCode(fault.Status), message: "The simulated Graph was told to answer like this.", header: http.Header{}}
	if fault.RetryAfter > 0 {
		f.header.Set("Retry-After", strconv.Itoa(fault.RetryAfter))
	}
	return f
}

// faultCode is the code that Graph most often sends with a status.
func faultCode(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "InvalidAuthenticationToken"
	case http.StatusForbidden:
		return "Authorization_RequestDenied"
	case http.StatusNotFound:
		return "Request_ResourceNotFound"
	case http.StatusGone:
		return "resyncRequired"
	case http.StatusTooManyRequests:
		return "TooManyRequests"
	case http.StatusServiceUnavailable:
		return "serviceNotAvailable"
	case http.StatusBadRequest:
		return "Request_BadRequest"
	default:
		return "generalException"
	}
}

// statusRecorder remembers the status of an answer.
type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (s *statusRecorder) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// base is the address that the request came to, version included: links lead
// back to where the client asked.
func (c *call) base() string {
	scheme := "http"
	if c.r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + c.r.Host + version
}

// context is @odata.context of a collection, reduced by $select.
func (c *call) context(name, selected string) string {
	if selected != "" {
		name += "(" + selected + ")"
	}
	return c.base() + "/$metadata#" + name
}

// link is the request's own address, or for a delta the bare one, with a token.
func (c *call) link(path, option, token string) string {
	values := c.r.URL.Query()
	if strings.HasPrefix(path, version+"/users/delta") {
		values = url.Values{} // the token has it all
	}
	values.Set(option, token)
	// Graph leaves the dollar sign of option names as it is.
	query := strings.ReplaceAll(values.Encode(), "%24", "$")
	return c.base() + strings.TrimPrefix(path, version) + "?" + query
}

// cost tells the resource units of a request, as the throttling tables count them.
func (c *call) cost(units int, o options) {
	if o["select"] != "" {
		units--
	}
	if top, err := o.top(); err == nil && top < 20 {
		units--
	}
	c.header.Set("x-ms-resource-unit", strconv.Itoa(max(units, 1)))
}
