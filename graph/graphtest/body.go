package graphtest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// maxBody is far above 650 ids or 20 requests.
const maxBody = 1 << 20

// readJSON reads the body of a request into a struct, compressed or not:
// Microsoft's SDKs compress. A member that the struct has not is refused, as
// OData refuses an unknown parameter of an action.
func readJSON(r *http.Request, into any) error {
	refuse := func(status int, code, message string) error {
		return &failure{status: status, code: code, message: message}
	}
	if media, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); !strings.EqualFold(strings.TrimSpace(media), "application/json") {
		return refuse(http.StatusUnsupportedMediaType, "Request_BadRequest", "The content type of the request is not supported.")
	}
	body := io.Reader(r.Body)
	switch r.Header.Get("Content-Encoding") {
	case "", "identity":
	case "gzip":
		unzipped, err := gzip.NewReader(body)
		if err != nil {
			return refuse(http.StatusBadRequest, "BadRequest", "The request body is not gzip.")
		}
		defer func() { _ = unzipped.Close() }() // only reads: nothing to lose
		body = unzipped
	default:
		return refuse(http.StatusUnsupportedMediaType, "Request_BadRequest", "The content encoding of the request is not supported.")
	}
	raw, err := io.ReadAll(io.LimitReader(body, maxBody+1))
	switch tooLarge, _ := errors.AsType[*http.MaxBytesError](err); {
	case tooLarge != nil || len(raw) > maxBody:
		return refuse(http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "The request is too large.")
	case err != nil:
		return refuse(http.StatusBadRequest, "BadRequest", "The request body could not be read.")
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil || decoder.More() {
		return refuse(http.StatusBadRequest, "BadRequest", "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.")
	}
	return nil
}
