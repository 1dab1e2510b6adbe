package graphtest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxBatch is how many requests one batch may hold.
const maxBatch = 20

// batchRequest is one request of a batch.
type batchRequest struct {
	ID        string            `json:"id"`
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Headers   map[string]string `json:"headers"`
	Body      json.RawMessage   `json:"body"`
	DependsOn []string          `json:"dependsOn"`
}

// UnmarshalJSON takes members by their exact names, and no others.
func (b *batchRequest) UnmarshalJSON(raw []byte) error {
	type plain batchRequest // without this method
	return decodeExactly(raw, (*plain)(b))
}

// batchResponse is its answer.
type batchResponse struct {
	ID      string            `json:"id"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    any               `json:"body,omitempty"`
}

// routeBatch finds POST /$batch.
func (c *call) routeBatch() (endpoint, error) {
	switch {
	case c.batched:
		return endpoint{}, &failure{status: http.StatusBadRequest, code: "BadRequest", message: "A batch cannot hold another one."}
	case c.r.Method != http.MethodPost:
		return endpoint{}, methodNotAllowed(http.MethodPost)
	}
	return endpoint{method: http.MethodPost, access: anyToken, serve: (*Server).runBatch}, nil
}

// runBatch is POST /$batch: up to 20 requests, each with its own headers,
// permission check, limits and faults. The answers stand in the reverse of the
// order of the requests, since Graph promises none.
func (s *Server) runBatch(c *call) (any, error) {
	requests, err := readBatch(c.r)
	if err != nil {
		return nil, err
	}
	status := make(map[string]int, len(requests)) // by id, of those that are done
	responses := make([]batchResponse, 0, len(requests))
	for _, one := range requests {
		answer, err := s.runBatched(c, one, status)
		if err != nil {
			return nil, err
		}
		status[strings.ToLower(one.ID)] = answer.Status
		responses = append(responses, answer)
	}
	slices.Reverse(responses)
	return map[string]any{"responses": responses}, nil
}

// runBatched answers one request of a batch, unless one it depends on failed.
func (s *Server) runBatched(outer *call, one batchRequest, status map[string]int) (batchResponse, error) {
	var a reply
	failed := slices.ContainsFunc(one.DependsOn, func(id string) bool { return status[strings.ToLower(id)] >= http.StatusBadRequest })
	inner, err := outer.inner(one)
	switch {
	case failed:
		c := &call{header: http.Header{}}
		f := &failure{status: http.StatusFailedDependency, code: "FailedDependency", message: "A request that this one depends on failed."}
		a = c.json(f.status, f.envelope(outer.ids, s.clock()))
	case err != nil:
		c := &call{header: http.Header{}}
		f := badRequest("Invalid batch request: %s", err.Error())
		a = c.json(f.status, f.envelope(outer.ids, s.clock()))
	default:
		a = s.exchange(inner)
	}
	if a.status == statusLeft {
		return batchResponse{}, outer.r.Context().Err()
	}
	answer := batchResponse{ID: one.ID, Status: a.status, Headers: make(map[string]string, len(a.header))}
	for name := range a.header {
		answer.Headers[name] = a.header.Get(name)
	}
	if a.text {
		answer.Body = base64.StdEncoding.EncodeToString(a.body)
	} else {
		answer.Body = json.RawMessage(a.body)
	}
	return answer, nil
}

// inner is a request of a batch as if it had come by itself, with the token of
// the batch.
func (c *call) inner(one batchRequest) (*call, error) {
	target, err := url.Parse("/" + strings.TrimPrefix(one.URL, "/"))
	if err != nil || target.Host != "" || target.Path == "/" {
		return nil, fmt.Errorf("'%s' is no relative address", one.URL)
	}
	target.Path = version + target.Path
	if target.RawPath != "" {
		target.RawPath = version + target.RawPath
	}
	target.RawQuery = strings.ReplaceAll(target.RawQuery, " ", "%20") // blanks are taken here
	r := c.r.Clone(c.r.Context())
	r.Method, r.URL, r.Body, r.ContentLength = one.Method, target, io.NopCloser(bytes.NewReader(one.Body)), int64(len(one.Body))
	r.Header = http.Header{"Authorization": c.r.Header.Values("Authorization")}
	for name, value := range one.Headers {
		if !strings.EqualFold(name, "Authorization") {
			r.Header.Set(name, value)
		}
	}
	return &call{r: r, ids: c.ids, batched: true}, nil
}

// readBatch reads and checks a batch as a whole: what is wrong here fails all of it.
func readBatch(r *http.Request) ([]batchRequest, error) {
	var batch struct {
		Requests []batchRequest `json:"requests"`
	}
	if err := readJSON(r, &batch); err != nil {
		return nil, err
	}
	refuse := func(format string, args ...any) error {
		return &failure{status: http.StatusBadRequest, code: "BadRequest", message: fmt.Sprintf(format, args...)}
	}
	if n := len(batch.Requests); n == 0 || n > maxBatch {
		return nil, refuse("A batch holds between 1 and %d requests.", maxBatch)
	}
	known := make(map[string]bool, len(batch.Requests))
	for _, one := range batch.Requests {
		id := strings.ToLower(one.ID) // ids do not count case
		switch {
		case id == "" || known[id]:
			return nil, refuse("The id '%s' of a request is empty or was given twice.", one.ID)
		case !slices.Contains([]string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}, one.Method):
			return nil, refuse("The method '%s' of request '%s' is not supported.", one.Method, one.ID)
		case one.URL == "":
			return nil, refuse("Request '%s' has no url.", one.ID)
		case len(one.Body) > 0 && !hasContentType(one.Headers):
			return nil, refuse("Request '%s' has a body but no Content-Type.", one.ID)
		}
		for _, other := range one.DependsOn {
			if !known[strings.ToLower(other)] {
				return nil, refuse("Request '%s' depends on '%s', which does not stand before it.", one.ID, other)
			}
		}
		known[id] = true
	}
	return batch.Requests, nil
}

func hasContentType(headers map[string]string) bool {
	for name := range headers {
		if strings.EqualFold(name, "Content-Type") {
			return true
		}
	}
	return false
}
