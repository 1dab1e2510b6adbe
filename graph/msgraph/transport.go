package msgraph

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	khttp "github.com/microsoft/kiota-http-go"

	"teamsbridge/graph/budget"
)

// newTransport is the middleware of every request, in this order; the budget,
// which counts every attempt, comes last. It has
// neither the SDK's compression (see the package comment) nor its redirects
// (which would lead away from Graph) nor its retries (which wait as long as
// they are told to and neither drain nor close what they give up).
func newTransport(parent http.RoundTripper, m *metrics, b *budget.Budget) http.RoundTripper {
	if b != nil {
		parent = b.Transport(parent, func(r *http.Request) string { return string(exchangeOf(r.Context()).tenant) })
	}
	return khttp.NewCustomTransportWithParentTransport(parent,
		khttp.NewParametersNameDecodingHandler(), // $select instead of %24select, as Graph's links have it
		identifier{},
		retrier{metrics: m},
	)
}

// maxAnswer bounds what is read of one answer, in bytes. The largest that Graph
// is asked for, a page of 999 people, is about half a megabyte.
const maxAnswer = 32 << 20

// identifier names the request to Graph and makes its body repeatable.
type identifier struct{}

// Intercept implements the SDK's middleware.
func (identifier) Intercept(next khttp.Pipeline, index int, r *http.Request) (*http.Response, error) {
	x := exchangeOf(r.Context())
	r.Header.Set("client-request-id", x.clientRequestID)
	r.Header.Set("x-ms-throttle-priority", budget.ClassOf(r.Context()).Priority())
	r.Header.Set("User-Agent", "teamsbridge")
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		_ = r.Body.Close() // it was in memory
		// The SDK sets neither length nor GetBody, so the request would be
		// chunked and could not be sent again.
		r.ContentLength = int64(len(body))
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		r.Body, _ = r.GetBody()
	}
	response, err := next.Next(r, index)
	if response != nil {
		dropBrokenChallenge(response.Header)
		response.Body = http.MaxBytesReader(nil, response.Body, maxAnswer)
	}
	return response, err
}

// dropBrokenChallenge removes a challenge whose claims have no quoted value: the
// SDK takes the text between the first two quotation marks of the part that
// begins with "claims", and panics when there are none (kiota-http-go 1.5.6).
func dropBrokenChallenge(h http.Header) {
	for part := range strings.SplitSeq(h.Get("WWW-Authenticate"), ",") {
		// The scheme may stand before it; more is removed than the SDK dies of.
		if strings.Contains(strings.ToLower(part), "claims") && strings.Count(part, `"`) < 2 {
			h.Del("WWW-Authenticate")
			return
		}
	}
}

// retrier sends a request again as the package comment says.
type retrier struct{ metrics *metrics }

// firstPause is the pause before the second attempt; each further one is twice
// as long. A quarter is left to chance so that many nodes do not come at once.
const firstPause = 200 * time.Millisecond

// Intercept implements the SDK's middleware.
func (t retrier) Intercept(next khttp.Pipeline, index int, r *http.Request) (*http.Response, error) {
	x := exchangeOf(r.Context())
	for attempt := 0; ; attempt++ {
		response, err := next.Next(r, index)
		x.note(response)
		if attempt >= x.retries || !worthRepeating(response, err, x) {
			return response, err
		}
		pause := firstPause << attempt
		pause += rand.N(pause / 4) // spreads load, guards nothing
		if !t.wait(r, pause) {
			return response, err
		}
		if response != nil {
			drain(response)
		}
		if r.GetBody != nil {
			if r.Body, err = r.GetBody(); err != nil {
				return nil, err
			}
		}
		t.metrics.retries.WithLabelValues(x.operation).Inc()
	}
}

// worthRepeating is for requests that only read, as all here do.
func worthRepeating(response *http.Response, err error, x *exchange) bool {
	if err != nil {
		_, unsent := errors.AsType[*budget.LimitError](err)
		return !unsent
	}
	switch response.StatusCode {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return x.retryAfter == 0
	}
	return false
}

// wait pauses; false when the caller's time is, or would be, over.
func (retrier) wait(r *http.Request, pause time.Duration) bool {
	if deadline, ok := r.Context().Deadline(); ok && time.Until(deadline) <= pause {
		return false
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// drain empties what is given up so that its connection can be used again; an
// error page longer than this costs the connection instead.
func drain(response *http.Response) {
	_, _ = io.CopyN(io.Discard, response.Body, 64<<10)
	_ = response.Body.Close() // nothing of it is wanted any more
}
