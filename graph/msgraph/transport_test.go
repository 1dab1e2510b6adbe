package msgraph

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"teamsbridge/graph"
)

// scripted is a Graph in memory, so that time can be faked: it gives one
// answer after the other, the last one for ever.
type scripted struct {
	answers []func(*http.Request) (*http.Response, error)
	at      []time.Time
	bodies  []string
	open    int // bodies that nobody has closed yet
}

func (s *scripted) RoundTrip(r *http.Request) (*http.Response, error) {
	s.at = append(s.at, time.Now())
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		if int64(len(body)) != r.ContentLength {
			return nil, fmt.Errorf("%d bytes announced, %d sent", r.ContentLength, len(body))
		}
		s.bodies = append(s.bodies, string(body))
	}
	answer := s.answers[min(len(s.at), len(s.answers))-1]
	response, err := answer(r)
	if response != nil {
		s.open++
		response.Body = &counted{response.Body, s}
	}
	return response, err
}

type counted struct {
	io.ReadCloser
	of *scripted
}

func (c *counted) Close() error {
	c.of.open--
	return c.ReadCloser.Close()
}

// says answers with a status, a body and headers "Name: value".
func says(status int, contentType, body string, headers ...string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		h := http.Header{"Content-Type": {contentType}, "Request-Id": {"0f6c4d3e-1111-4222-8333-444444444444"}}
		for _, one := range headers {
			name, value, _ := strings.Cut(one, ": ")
			h.Set(name, value)
		}
		return &http.Response{
			StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
			Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		}, nil
	}
}

func breaks(*http.Request) (*http.Response, error) {
	return nil, errors.New("connection reset by peer")
}

const (
	jsonType  = "application/json;odata.metadata=minimal"
	anybody   = "01234567-89ab-4def-8123-456789abcdef"
	presently = `{"value":[{"id":"` + anybody + `","availability":"Available","activity":"Available"}]}`
)

// fixedToken is a credential that remembers which claims it was asked for.
type fixedToken struct {
	claims []string
	scope  string // of the last one
}

func (f *fixedToken) GetToken(_ context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	f.claims = append(f.claims, o.Claims)
	f.scope = strings.Join(o.Scopes, " ")
	return azcore.AccessToken{Token: "token", ExpiresOn: time.Now().Add(time.Hour)}, nil
}

func clientOf(t *testing.T, s *scripted) *Client {
	t.Helper()
	return clientWith(t, s, &fixedToken{})
}

func clientWith(t *testing.T, s *scripted, token *fixedToken) *Client {
	t.Helper()
	c, err := New(Config{BaseURL: "https://graph.example/v1.0"}, Deps{
		Credential: func(string) (azcore.TokenCredential, error) { return token, nil },
		HTTPClient: &http.Client{Transport: s},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRetriesPauseLongerEachTimeAndRepeatTheBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{answers: []func(*http.Request) (*http.Response, error){
			says(502, "text/html", "<html>bad gateway</html>"), says(200, jsonType, presently),
		}}
		got, err := clientOf(t, s).Presences(t.Context(), "t", []graph.UserID{anybody})
		if err != nil || len(got) != 1 {
			t.Fatalf("%v, %v", got, err)
		}
		if pause := s.at[1].Sub(s.at[0]); pause < firstPause || pause > firstPause*5/4 {
			t.Errorf("paused %s", pause)
		}
		if len(s.bodies) != 2 || s.bodies[0] != s.bodies[1] || !strings.Contains(s.bodies[0], anybody) {
			t.Errorf("bodies %q", s.bodies)
		}
		if s.open != 0 {
			t.Errorf("%d answers were not closed", s.open)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{answers: []func(*http.Request) (*http.Response, error){breaks}}
		_, err := clientOf(t, s).DeltaPage(t.Context(), "t", "")
		if !errors.Is(err, graph.ErrUnavailable) || len(s.at) != 3 {
			t.Fatalf("%d attempts, %v", len(s.at), err)
		}
		if first, second := s.at[1].Sub(s.at[0]), s.at[2].Sub(s.at[1]); second <= first {
			t.Errorf("paused %s, then %s", first, second)
		}
	})
}

func TestNoRetryThatCouldNotEndInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{answers: []func(*http.Request) (*http.Response, error){says(503, jsonType, `{"error":{"code":"serviceNotAvailable","message":"x"}}`)}}
		ctx, cancel := context.WithTimeout(t.Context(), firstPause/2)
		defer cancel()
		began := time.Now()
		if _, err := clientOf(t, s).DeltaPage(ctx, "t", ""); !errors.Is(err, graph.ErrUnavailable) {
			t.Errorf("error %v", err)
		}
		if len(s.at) != 1 || time.Since(began) != 0 {
			t.Errorf("%d attempts in %s", len(s.at), time.Since(began))
		}
	})
}

func TestACallerWhoLeavesEndsTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, leave := context.WithCancel(t.Context())
		s := &scripted{answers: []func(*http.Request) (*http.Response, error){func(*http.Request) (*http.Response, error) {
			time.AfterFunc(firstPause/2, leave)
			return nil, errors.New("connection refused")
		}}}
		_, err := clientOf(t, s).DeltaPage(ctx, "t", "")
		if !errors.Is(err, context.Canceled) || len(s.at) != 1 {
			t.Errorf("%d attempts, %v", len(s.at), err)
		}
	})
}

func TestAnswersThatAreNoGraphAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		answer func(*http.Request) (*http.Response, error)
		ok     func(error) bool
	}{
		"an error page of a proxy":               {says(501, "text/html", "<html>"), unavailable},
		"a refusal without body":                 {says(403, "", ""), isDenied("Forbidden")},
		"a refusal that is a page":               {says(403, "text/html", "<html>"), isDenied("Forbidden")},
		"an error object without message":        {says(403, jsonType, `{"error":{"code":"accessDenied"}}`), isDenied("accessDenied")},
		"an error without object":                {says(403, jsonType, `{}`), isDenied("Forbidden")},
		"a code that does not belong into a log": {says(403, jsonType, `{"error":{"code":"a b\n<c>"}}`), isDenied("abc")},
		"a page where an answer should be":       {says(200, "text/html", "<html>sign in</html>"), unavailable},
		"half an answer":                         {says(200, jsonType, `{"id":`), unavailable},
		"no answer at all":                       {says(200, jsonType, ""), unavailable},
		"a challenge that is cut short":          {says(401, jsonType, `{}`, `WWW-Authenticate: Bearer realm="", claims=`), isDenied("Unauthorized")},
		"a challenge without its end":            {says(401, jsonType, `{}`, `WWW-Authenticate: Bearer claims="e30`), isDenied("Unauthorized")},
		"a redirect elsewhere":                   {says(302, "text/html", "", "Location: https://elsewhere.example/"), unavailable},
		"Retry-After as a date": {says(429, jsonType, `{"error":{"code":"TooManyRequests","message":"x"}}`, "Retry-After: Sat, 01 Jan 2000 00:00:30 GMT"), func(err error) bool {
			e, ok := errors.AsType[*graph.ThrottledError](err)
			return ok && e.RetryAfter == 30*time.Second
		}},
		"a Retry-After beyond all time": {says(429, jsonType, `{"error":{"code":"TooManyRequests","message":"x"}}`, "Retry-After: 1e300"), func(err error) bool {
			e, ok := errors.AsType[*graph.ThrottledError](err)
			return ok && e.RetryAfter == 24*time.Hour
		}},
		"a void token with status 400": {says(400, jsonType, `{"error":{"code":"syncStateNotFound","message":"x"}}`), func(err error) bool {
			return errors.Is(err, graph.ErrResyncRequired)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // whose clock begins on 2000-01-01
				s := &scripted{answers: []func(*http.Request) (*http.Response, error){tt.answer}}
				_, err := clientOf(t, s).Person(t.Context(), "t", anybody)
				if err == nil || !tt.ok(err) {
					t.Errorf("error %v", err)
				}
				if len(s.at) != 1 || s.open != 0 {
					t.Errorf("%d requests, %d answers not closed", len(s.at), s.open)
				}
			})
		})
	}
}

func unavailable(err error) bool { return errors.Is(err, graph.ErrUnavailable) }

func isDenied(code string) func(error) bool {
	return func(err error) bool {
		e, ok := errors.AsType[*graph.DeniedError](err)
		return ok && e.Code == code && e.RequestID != ""
	}
}

func TestAChallengeIsAnsweredWithANewToken(t *testing.T) {
	s := &scripted{answers: []func(*http.Request) (*http.Response, error){
		says(401, jsonType, `{}`, `WWW-Authenticate: Bearer realm="", error="insufficient_claims", claims="eyJhIjoxfQ=="`),
		says(200, jsonType, `{"id":"`+anybody+`"}`),
	}}
	token := &fixedToken{}
	if _, err := clientWith(t, s, token).Person(t.Context(), "t", anybody); err != nil {
		t.Fatal(err)
	}
	if want := []string{"", `{"a":1}`}; !slices.Equal(token.claims, want) {
		t.Errorf("tokens were asked with claims %q, want %q", token.claims, want)
	}
}

func TestACloudWithoutPresenceIsNotAskedForIt(t *testing.T) {
	s := &scripted{answers: []func(*http.Request) (*http.Response, error){says(200, jsonType, `{"value":[],"@odata.deltaLink":"https://x"}`)}}
	c, err := New(Config{BaseURL: "https://microsoftgraph.chinacloudapi.cn/v1.0"}, Deps{
		Credential: func(string) (azcore.TokenCredential, error) { return &fixedToken{}, nil },
		HTTPClient: &http.Client{Transport: s},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Presences(t.Context(), "t", []graph.UserID{anybody}); !errors.Is(err, graph.ErrNotOffered) || len(s.at) != 0 {
		t.Errorf("%d requests, %v", len(s.at), err)
	}
	if names := c.Permissions(); !slices.Equal(names, []string{"User.Read.All"}) {
		t.Errorf("needs %v", names)
	}
	if checks := c.CheckPermissions(t.Context(), "t"); len(checks) != 1 || !checks[0].Granted || len(s.at) != 1 {
		t.Errorf("%+v after %d requests", checks, len(s.at))
	}
}

func TestTokensAreForTheCloudOfTheAddress(t *testing.T) {
	for _, tt := range []struct{ base, cloud, scope string }{
		{"https://graph.microsoft.com/v1.0", "", "https://graph.microsoft.com/.default"},
		{"https://graph.microsoft.us/v1.0", "gcc-high", "https://graph.microsoft.us/.default"},
		{"https://dod-graph.microsoft.us/v1.0", "", "https://dod-graph.microsoft.us/.default"},
		{"https://microsoftgraph.chinacloudapi.cn/v1.0", "china", "https://microsoftgraph.chinacloudapi.cn/.default"},
		{"https://proxy.example/v1.0", "", "https://graph.microsoft.com/.default"},
		{"https://proxy.example/v1.0", "dod", "https://dod-graph.microsoft.us/.default"},
	} {
		t.Run(tt.base+" "+tt.cloud, func(t *testing.T) {
			token := &fixedToken{}
			s := &scripted{answers: []func(*http.Request) (*http.Response, error){says(200, jsonType, `{"id":"`+anybody+`"}`)}}
			c, err := New(Config{BaseURL: tt.base, Cloud: tt.cloud}, Deps{
				Credential: func(string) (azcore.TokenCredential, error) { return token, nil }, HTTPClient: &http.Client{Transport: s},
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Person(t.Context(), "t", anybody); err != nil || token.scope != tt.scope {
				t.Errorf("token for %q, %v", token.scope, err)
			}
		})
	}
	if _, err := New(Config{BaseURL: "https://proxy.example/v1.0", Cloud: "mars"}, Deps{}); err == nil {
		t.Error("a cloud that is none was taken")
	}
}

func TestErrorsHoldNoAddress(t *testing.T) {
	s := &scripted{answers: []func(*http.Request) (*http.Response, error){breaks}}
	_, err := clientOf(t, s).Person(t.Context(), "t", anybody)
	if err == nil || strings.Contains(err.Error(), "graph.example") || strings.Contains(err.Error(), anybody) {
		t.Errorf("error %q", err)
	}
}

func TestStateNames(t *testing.T) {
	for given, want := range map[string]string{
		"Available": "available", "available": "available", "AVAILABLE": "available", "DoNotDisturb": "doNotDisturb",
		"PresenceUnknown": "unknown", "presenceUnknown": "unknown", "": "unknown", "InACall": "inACall",
		"UrgentInterruptionsOnly": "urgentInterruptionsOnly", "OffWork": "offWork", "SomethingNew": "somethingNew", "Überall": "überall",
	} {
		if got := stateName(given); got != want {
			t.Errorf("%q becomes %q, want %q", given, got, want)
		}
	}
}
