package graphtest

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"time"
)

// failure is a refusal as Graph words it: an HTTP status and the error object
// of its envelope.
type failure struct {
	status  int
	code    string
	message string
	header  http.Header // sent along; nil means none
}

func (f *failure) Error() string { return fmt.Sprintf("%d %s: %s", f.status, f.code, f.message) }

// badRequest refuses what is wrong in any circumstances: syntax, types, unknown names.
func badRequest(format string, args ...any) *failure {
	return &failure{status: http.StatusBadRequest, code: "Request_BadRequest", message: fmt.Sprintf(format, args...)}
}

// unsupportedQuery refuses what is well formed but not offered, or not without
// the advanced query capabilities.
func unsupportedQuery(format string, args ...any) *failure {
	return &failure{status: http.StatusBadRequest, code: "Request_UnsupportedQuery", message: fmt.Sprintf(format, args...)}
}

func notFound(id string) *failure {
	return &failure{
		status: http.StatusNotFound, code: "Request_ResourceNotFound",
		message: fmt.Sprintf("Resource '%s' does not exist or one of its queried reference-property objects are not present.", id),
	}
}

func unauthenticated(code, message string) *failure {
	return &failure{
		status: http.StatusUnauthorized, code: code, message: message,
		header: http.Header{"Www-Authenticate": {challenge}},
	}
}

// correlation is what ties a request to Microsoft's own records.
type correlation struct{ request, client string }

// newCorrelation numbers a request and takes the client's own number, if it is one.
func newCorrelation(r *http.Request) correlation {
	ids := correlation{request: newRequestID(), client: r.Header.Get("client-request-id")}
	if !isGUID(ids.client) {
		ids.client = ids.request
	}
	return ids
}

// envelope is the body of every error answer.
type envelope struct {
	Error struct {
		Code       string `json:"code"`
		Message    string `json:"message"`
		InnerError struct {
			Date            string `json:"date"`
			RequestID       string `json:"request-id"`
			ClientRequestID string `json:"client-request-id"`
		} `json:"innerError"`
	} `json:"error"`
}

// envelope is the body of an answer with this failure.
func (f *failure) envelope(ids correlation, now time.Time) envelope {
	var body envelope
	body.Error.Code, body.Error.Message = f.code, f.message
	body.Error.InnerError.Date = now.UTC().Format("2006-01-02T15:04:05")
	body.Error.InnerError.RequestID = ids.request
	body.Error.InnerError.ClientRequestID = ids.client
	return body
}

// newRequestID makes a random GUID.
func newRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, says its documentation
	return formatGUID(b)
}

func formatGUID(b [16]byte) string {
	b[6] = b[6]&0x0f | 0x40 // version 4
	b[8] = b[8]&0x3f | 0x80 // RFC 9562 variant
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// isGUID tells whether s is a GUID in either case.
func isGUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range []byte(s) {
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case '0' <= c && c <= '9', 'a' <= c && c <= 'f', 'A' <= c && c <= 'F':
		default:
			return false
		}
	}
	return true
}
