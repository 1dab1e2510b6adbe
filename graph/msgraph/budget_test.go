package msgraph

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"

	"teamsbridge/graph"
	"teamsbridge/graph/budget"
)

// frugal is a client that keeps to a budget.
func frugal(t *testing.T, s *scripted, cfg budget.Config) *Client {
	t.Helper()
	b, err := budget.New(cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(Config{BaseURL: "https://graph.example/v1.0"}, Deps{
		Credential: func(string) (azcore.TokenCredential, error) { return &fixedToken{}, nil },
		HTTPClient: &http.Client{Transport: s}, Budget: b,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ask(ctx context.Context, c *Client, tenant graph.TenantID) error {
	_, err := c.Presences(ctx, tenant, []graph.UserID{anybody})
	return err
}

func TestAfterA429NothingOfThatTenantIsSentUntilItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{answers: []func(*http.Request) (*http.Response, error){
			says(429, jsonType, `{"error":{"code":"TooManyRequests","message":"x"}}`, "Retry-After: 20"), says(200, jsonType, presently),
		}}
		c := frugal(t, s, budget.Config{})
		throttled := func(tenant graph.TenantID, wait time.Duration) {
			t.Helper()
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			err := ask(ctx, c, tenant)
			if e, ok := errors.AsType[*graph.ThrottledError](err); !ok || e.RetryAfter != wait {
				t.Errorf("error %v, want throttled for %s", err, wait)
			}
		}
		throttled("a", 20*time.Second)
		time.Sleep(5 * time.Second)
		throttled("a", 15*time.Second) // in vain: told at once, and not sent
		if len(s.at) != 1 {
			t.Errorf("%d requests", len(s.at))
		}
		if err := ask(t.Context(), c, "b"); err != nil {
			t.Errorf("another tenant: %v", err)
		}
		time.Sleep(15 * time.Second)
		if err := ask(t.Context(), c, "a"); err != nil {
			t.Errorf("when its time is over: %v", err)
		}
	})
}

func TestEachAttemptIsCountedAndMarked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var marks []string
		marked := func(answer func(*http.Request) (*http.Response, error)) func(*http.Request) (*http.Response, error) {
			return func(r *http.Request) (*http.Response, error) {
				marks = append(marks, r.Header.Get("x-ms-throttle-priority"))
				return answer(r)
			}
		}
		s := &scripted{answers: []func(*http.Request) (*http.Response, error){
			marked(says(502, "text/html", "")), marked(says(200, jsonType, presently)),
		}}
		c := frugal(t, s, budget.Config{})
		if err := ask(t.Context(), c, "a"); err != nil {
			t.Fatal(err)
		}
		if err := ask(budget.With(t.Context(), budget.Click), c, "a"); err != nil {
			t.Fatal(err)
		}
		if want := []string{"normal", "normal", "high"}; len(marks) != 3 || marks[0] != want[0] || marks[1] != want[1] || marks[2] != want[2] {
			t.Errorf("priorities %q, want %q: what the caller says, else what the operation is", marks, want)
		}
	})
}
