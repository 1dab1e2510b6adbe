package graphtest

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
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
	if err := decodeExactly(raw, into); err != nil {
		return refuse(http.StatusBadRequest, "BadRequest", "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.")
	}
	return nil
}

var errUnknownMember = errors.New("unknown member")

// decodeExactly decodes an object into a struct whose every field has a json
// tag. encoding/json overlooks the case of names; Graph does not.
func decodeExactly(raw []byte, into any) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return err
	}
	known := make(map[string]bool)
	for field := range reflect.TypeOf(into).Elem().Fields() {
		known[field.Tag.Get("json")] = true
	}
	for name := range members {
		if !known[name] {
			return errUnknownMember
		}
	}
	return json.Unmarshal(raw, into)
}
