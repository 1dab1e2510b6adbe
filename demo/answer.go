package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// refusal is an error that a person at the control interface can act on.
type refusal struct {
	status int
	detail string
}

func (e *refusal) Error() string { return e.detail }

func refuse(status int, format string, args ...any) error {
	return &refusal{status: status, detail: fmt.Sprintf(format, args...)}
}

// answering turns a handler that returns its answer into one that writes it:
// 200 with JSON, or a problem document.
func answering(handle func(*http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		answer, err := handle(r)
		status, contentType := http.StatusOK, "application/json"
		if err != nil {
			contentType = "application/problem+json"
			status = http.StatusInternalServerError
			if known, ok := errors.AsType[*refusal](err); ok {
				status = known.status
			}
			answer = problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: err.Error()}
		}
		if answer == nil {
			answer = struct{}{}
		}
		rw.Header().Set("Content-Type", contentType)
		rw.Header().Set("Cache-Control", "no-store")
		rw.WriteHeader(status)
		encoder := json.NewEncoder(rw)
		encoder.SetEscapeHTML(false)
		_ = encoder.Encode(answer) // the client has gone; there is nobody to tell
	})
}

// problem is an RFC 9457 document.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// maxBody is far more than any request of the control interface needs.
const maxBody = 1 << 20

// decode reads one JSON object onto into; what it does not know is refused.
func decode(r *http.Request, into any) error {
	decoder := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return refuse(http.StatusBadRequest, "the body is not what is expected here: %v", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return refuse(http.StatusBadRequest, "something follows the JSON object")
	}
	return nil
}
