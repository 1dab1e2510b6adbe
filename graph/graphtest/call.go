package graphtest

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"teamsbridge/sso/ssotest"
)

// call is one request on its way through the server.
type call struct {
	r         *http.Request
	header    http.Header // of the answer
	ids       correlation
	token     ssotest.GraphToken
	directory *directory
	id        string   // what the path names; of /me the token's person
	rest      []string // segments of the path after that, where it goes on
	guest     bool     // acts for a guest of the tenant
	sight     sight    // what the token's permissions show
	batched   bool     // came in a batch
}

// reply is an answer ready to be sent.
type reply struct {
	status int // statusLeft: nobody waits for it any more
	header http.Header
	body   []byte
	text   bool // body is plain text, not JSON
}

// statusLeft stands in the log where a client left before it was answered.
const statusLeft = 499

// plainText is an answer that is not JSON.
type plainText string

// serve answers what came by HTTP.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	a := s.exchange(&call{r: r, ids: newCorrelation(r)})
	if a.status == statusLeft {
		return
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a reader that went away is its own affair
}

// exchange answers one request, on its own or out of a batch, and tells the log.
func (s *Server) exchange(c *call) (a reply) {
	c.header = http.Header{
		"Request-Id": {c.ids.request}, "Client-Request-Id": {c.ids.client}, "Cache-Control": {"no-cache"},
	}
	seen := ssotest.Request{Method: c.r.Method, Path: c.r.URL.Path, Query: c.r.URL.RawQuery, At: s.clock().UTC()}
	defer func() {
		seen.Status = a.status
		s.log(seen)
	}()
	answer, err := s.answer(c)
	switch f, failed := errors.AsType[*failure](err); {
	case failed:
		for name, values := range f.header {
			c.header[name] = values
		}
		return c.json(f.status, f.envelope(c.ids, s.clock()))
	case err != nil:
		return reply{status: statusLeft}
	}
	if text, plain := answer.(plainText); plain {
		c.header.Set("Content-Type", "text/plain")
		return reply{status: http.StatusOK, header: c.header, body: []byte(text), text: true}
	}
	c.header.Set("OData-Version", "4.0")
	return c.json(http.StatusOK, answer)
}

// json makes an answer of plain values.
func (c *call) json(status int, body any) reply {
	encoded, err := json.Marshal(body)
	if err != nil { // only plain values are ever given
		panic(err)
	}
	c.header.Set("Content-Type", "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8")
	return reply{status: status, header: c.header, body: encoded}
}

// answer goes the way of the package comment's picture: faults first, as
// throttling comes before everything at Graph.
func (s *Server) answer(c *call) (any, error) {
	if err := s.misbehave(c.r); err != nil {
		return nil, err
	}
	if err := s.authenticate(c); err != nil {
		return nil, err
	}
	e, err := c.route()
	if err != nil {
		return nil, err
	}
	if err := s.spend(c, e); err != nil {
		return nil, err
	}
	if err := c.authorize(e.access); err != nil {
		return nil, err
	}
	if err := checkHeaders(c.r); err != nil {
		return nil, err
	}
	return e.serve(s, c)
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
