package msgraph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models/odataerrors"

	"teamsbridge/graph"
	"teamsbridge/graph/budget"
)

// defaultRetryAfter is waited when Graph throttles without saying how long.
const defaultRetryAfter = 10 * time.Second

// translate turns what the SDK returned into an error of package graph. The
// status comes from the transport, since the SDK has none for error pages, and
// no error of the SDK is kept: the Error method of its main type panics when
// the body had no message.
func translate(ctx context.Context, err error, x *exchange) error {
	if err == nil {
		return nil
	}
	if limit, ok := errors.AsType[*budget.LimitError](err); ok {
		// Both: whoever has several things to ask must know whose wish it is.
		return fmt.Errorf("%w: %w", &graph.ThrottledError{RetryAfter: limit.RetryAfter}, limit)
	}
	code := codeOf(err)
	switch {
	case known(err):
		return err
	case ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled):
		return ctx.Err()
	case x.status == 0:
		return fmt.Errorf("%w: %w", graph.ErrUnavailable, unreachable(err))
	case x.status < http.StatusBadRequest:
		return fmt.Errorf("%w: unreadable answer with status %d (request-id %s)", graph.ErrUnavailable, x.status, x.requestID)
	case x.status == http.StatusGone, code == "syncStateNotFound", code == "resyncRequired", code == "SyncStateNotFound":
		return fmt.Errorf("%w: %s", graph.ErrResyncRequired, code)
	case x.status == http.StatusUnauthorized, x.status == http.StatusForbidden:
		return &graph.DeniedError{Code: cmp.Or(code, http.StatusText(x.status)), RequestID: x.requestID}
	case x.status == http.StatusNotFound:
		return graph.ErrNotFound
	case x.status == http.StatusTooManyRequests:
		return &graph.ThrottledError{RetryAfter: cmp.Or(x.retryAfter, defaultRetryAfter)}
	case x.status == http.StatusServiceUnavailable && x.retryAfter > 0:
		return &graph.ThrottledError{RetryAfter: x.retryAfter}
	case x.status >= http.StatusInternalServerError, x.status == http.StatusRequestTimeout:
		return fmt.Errorf("%w: status %d (request-id %s)", graph.ErrUnavailable, x.status, x.requestID)
	default:
		return fmt.Errorf("refused with %d %s (request-id %s)", x.status, code, x.requestID)
	}
}

// known tells whether the error is already one of package graph: this
// package's own refusals arrive through the SDK unchanged.
func known(err error) bool {
	_, denied := errors.AsType[*graph.DeniedError](err)
	return denied || errors.Is(err, graph.ErrSignInRequired) || errors.Is(err, graph.ErrUnavailable) || errors.Is(err, graph.ErrResyncRequired)
}

// codeOf is Graph's most specific code, which may stand in the inner error.
func codeOf(err error) string {
	odata, ok := errors.AsType[*odataerrors.ODataError](err)
	if !ok || odata.GetErrorEscaped() == nil {
		return ""
	}
	return clean(value(odata.GetErrorEscaped().GetCode()))
}

// clean keeps a code from elsewhere fit for logs and labels.
func clean(code string) string {
	const longest = 64
	code = strings.Map(func(r rune) rune {
		if r == '_' || r == '.' || r == '-' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return -1
	}, code)
	return code[:min(len(code), longest)]
}

// unreachable is why there was no answer, without the address, whose query
// holds tokens and names.
func unreachable(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// value is what an optional property holds; its zero value when it is absent.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
