package msgraph

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"teamsbridge/graph"
)

// everything makes each kind of request once and joins what came of it.
func everything(ctx context.Context, c *Client) error {
	_, delta := c.DeltaPage(ctx, "t", "")
	_, found := c.FindPeople(ctx, "t", "a", 5)
	_, person := c.Person(ctx, "t", anybody)
	_, presences := c.Presences(ctx, "t", []graph.UserID{anybody})
	return errors.Join(delta, found, person, presences)
}

func TestABrokenChallengeIsARefusalLikeAnyOther(t *testing.T) {
	for _, challenge := range []string{
		"Bearer claims", "Bearer claims=", `Bearer claims="`, `Bearer claims="e30`, `Bearer realm="", claims=e30`,
		`Bearer realm="", claims ="e30`, `Bearer claims x="e30`, `Bearer claims="a,b"`, `bearer a="", claims_of`, `BEARER	claims"`,
	} {
		t.Run(challenge, func(t *testing.T) {
			s := &scripted{answers: []func(*http.Request) (*http.Response, error){says(401, jsonType, `{}`, "WWW-Authenticate: "+challenge)}}
			err := everything(t.Context(), clientOf(t, s))
			if _, ok := errors.AsType[*graph.DeniedError](err); !ok || errors.Is(err, errPanicked) {
				t.Errorf("error %v", err)
			}
			if len(s.at) != 4 || s.open != 0 {
				t.Errorf("%d requests for four operations, %d answers not closed", len(s.at), s.open)
			}
		})
	}
}

func TestAPanicOfTheSDKEndsOneOperationOnly(t *testing.T) {
	err := survive(func() error { panic("index out of range") })
	if !errors.Is(err, graph.ErrUnavailable) {
		t.Errorf("error %v", err)
	}
	if got := translate(t.Context(), err, &exchange{status: 200}); !errors.Is(got, graph.ErrUnavailable) {
		t.Errorf("translated to %v", got)
	}
}

// endless is an answer that never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func (endless) Close() error { return nil }

func TestAnAnswerWithoutEndIsGivenUp(t *testing.T) {
	read := 0
	s := &scripted{answers: []func(*http.Request) (*http.Response, error){func(r *http.Request) (*http.Response, error) {
		response, err := says(200, jsonType, "")(r)
		response.Body, response.ContentLength = endless{}, -1
		read++
		return response, err
	}}}
	_, err := clientOf(t, s).Presences(t.Context(), "t", []graph.UserID{anybody})
	if !errors.Is(err, graph.ErrUnavailable) || read != 1 {
		t.Errorf("error %v after %d requests", err, read)
	}
}

// FuzzHostileAnswers gives every operation whatever answer: none may panic.
func FuzzHostileAnswers(f *testing.F) {
	f.Add(200, jsonType, presently, "")
	f.Add(401, jsonType, `{}`, `Bearer realm="", error="insufficient_claims", claims="eyJhIjoxfQ=="`)
	f.Add(401, jsonType, `{"error":{"code":"x","innerError":{"date":"never"}}}`, `Bearer claims x="`)
	f.Add(403, jsonType, `{"error":[]}`, "")
	f.Add(429, "text/html", `<html>`, "")
	f.Add(200, jsonType, `{"value":[null,{"id":7},{"id":"a","businessPhones":"x","accountEnabled":"y"}],"@odata.nextLink":3}`, "")
	f.Add(200, jsonType, `{"value":{"value":{}},"@odata.deltaLink":"https://graph.example/v1.0/users/delta?x"}`, "")
	f.Fuzz(func(t *testing.T, status int, contentType, body, challenge string) {
		if status < 200 || status > 599 || !printable(contentType) || !printable(challenge) {
			return // net/http would not hand it on
		}
		s := &scripted{answers: []func(*http.Request) (*http.Response, error){func(r *http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: status, Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
				// Told to wait, the client does not repeat, which would take time.
				Header: http.Header{"Content-Type": {contentType}, "Www-Authenticate": {challenge}, "Retry-After": {"1"}},
				Body:   io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
			}, nil
		}}}
		if err := everything(t.Context(), clientOf(t, s)); errors.Is(err, errPanicked) {
			t.Fatal("the SDK panicked")
		}
		if s.open != 0 {
			t.Errorf("%d answers not closed", s.open)
		}
	})
}

// printable tells whether net/http lets a header through.
func printable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) < 0
}
