package apitest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Requests serves next and fails the test for every request and every answer
// that does not conform: for whoever must send nothing but what is described.
func Requests(t testing.TB, next http.Handler) http.Handler {
	t.Helper()
	return watch(t, next, func(d *Description, e exchange) {
		if err := d.Request(e.request, e.body); err != nil {
			t.Errorf("%s %s is no request to Graph: %v", e.request.Method, e.request.URL, err)
		}
	})
}

// Answers serves next and fails the test for every answer that does not
// conform, and for every request that was taken though it does not: for tests
// that send what is wrong on purpose.
func Answers(t testing.TB, next http.Handler) http.Handler {
	t.Helper()
	return watch(t, next, func(d *Description, e exchange) {
		if err := d.understood(e.request, e.body); err != nil && e.answer.Status < http.StatusBadRequest {
			t.Errorf("%s %s was answered with %d: %v", e.request.Method, e.request.URL, e.answer.Status, err)
		}
	})
}

// exchange is a request and what became of it.
type exchange struct {
	request *http.Request
	body    []byte
	answer  Answer
}

// watch serves next, hands each exchange to check and checks its answer. An
// exchange whose client left has none.
func watch(t testing.TB, next http.Handler, check func(*Description, exchange)) http.Handler {
	t.Helper()
	d, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the client left while it was sending
		}
		asked := r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
		recorder := httptest.NewRecorder()
		next.ServeHTTP(recorder, r)
		if r.Context().Err() != nil && recorder.Body.Len() == 0 {
			return
		}
		a := Answer{Status: recorder.Code, Header: recorder.Header(), Body: recorder.Body.Bytes()}
		check(d, exchange{request: asked, body: body, answer: a})
		if err := d.Answer(asked, a); err != nil {
			t.Errorf("%s %s got what is no answer of Graph: %v\n%d %s", r.Method, r.URL, err, a.Status, a.Body)
		}
		for name, values := range a.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(a.Status)
		_, _ = w.Write(a.Body) // a reader that went away is its own affair
	})
}
