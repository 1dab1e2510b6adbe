package msgraph_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"teamsbridge/graph"
	"teamsbridge/graph/msgraph"
	"teamsbridge/sso/ssotest"
)

// operations are all that a Client does, each as one call.
var operations = map[string]func(context.Context, *msgraph.Client, graph.UserID) error{
	"delta": func(ctx context.Context, c *msgraph.Client, _ graph.UserID) error {
		_, err := c.DeltaPage(ctx, contoso, "")
		return err
	},
	"person": func(ctx context.Context, c *msgraph.Client, id graph.UserID) error {
		_, err := c.Person(ctx, contoso, id)
		return err
	},
	"find-people": func(ctx context.Context, c *msgraph.Client, _ graph.UserID) error {
		_, err := c.FindPeople(ctx, contoso, "J", 5)
		return err
	},
	"presences": func(ctx context.Context, c *msgraph.Client, id graph.UserID) error {
		_, err := c.Presences(ctx, contoso, []graph.UserID{id})
		return err
	},
}

func TestGraphsRefusalsBecomeErrorsOfPackageGraph(t *testing.T) {
	throttled := func(after time.Duration) func(error) bool {
		return func(err error) bool {
			e, ok := errors.AsType[*graph.ThrottledError](err)
			return ok && e.RetryAfter == after
		}
	}
	denied := func(code string) func(error) bool {
		return func(err error) bool {
			e, ok := errors.AsType[*graph.DeniedError](err)
			return ok && e.Code == code && len(e.RequestID) == 36
		}
	}
	is := func(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }
	tests := []struct {
		name  string
		fault ssotest.Fault
		ok    func(error) bool
	}{
		{"429 says how long to wait", ssotest.Fault{Status: 429, RetryAfter: 7}, throttled(7 * time.Second)},
		{"429 without Retry-After waits all the same", ssotest.Fault{Status: 429}, throttled(10 * time.Second)},
		{"503 with Retry-After is throttling too", ssotest.Fault{Status: 503, RetryAfter: 3}, throttled(3 * time.Second)},
		{"401", ssotest.Fault{Status: 401}, denied("InvalidAuthenticationToken")},
		{"403", ssotest.Fault{Status: 403}, denied("Authorization_RequestDenied")},
		{"404", ssotest.Fault{Status: 404}, is(graph.ErrNotFound)},
		{"410", ssotest.Fault{Status: 410}, is(graph.ErrResyncRequired)},
		{"501", ssotest.Fault{Status: 501}, is(graph.ErrUnavailable)},
		{"408", ssotest.Fault{Status: 408}, is(graph.ErrUnavailable)},
		{"400 is none of those", ssotest.Fault{Status: 400}, func(err error) bool {
			return !errors.Is(err, graph.ErrUnavailable) && !errors.Is(err, graph.ErrNotFound) && !errors.Is(err, graph.ErrResyncRequired)
		}},
	}
	w := newWorld(t, 20)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.fault.Route = "/v1.0/"
			w.graph.InjectFault(tt.fault)
			defer w.graph.InjectFault(ssotest.Fault{Route: "/v1.0/", Count: -1})
			for name, do := range operations {
				w.requests()
				if err := do(t.Context(), w.Client, w.id(0)); err == nil || !tt.ok(err) {
					t.Errorf("%s: %v", name, err)
				}
				if n := len(w.requests()); n != 1 {
					t.Errorf("%s: %d requests, want one", name, n)
				}
			}
		})
	}
}

func TestEntrasRefusalsBecomeErrorsOfPackageGraph(t *testing.T) {
	w := newWorld(t, 20)
	off := false
	w.entra.SetApp(contoso, service, &off, nil)
	_, err := w.Person(t.Context(), contoso, w.id(0))
	denied, ok := errors.AsType[*graph.DeniedError](err)
	if !ok || denied.Code != "AADSTS7000112" || len(denied.RequestID) != 36 {
		t.Errorf("a disabled app: %v, %+v", err, denied)
	}
	if n := len(w.requests()); n != 0 {
		t.Errorf("%d requests without a token", n)
	}
}

func TestRequestsThatOnlyWaitAreSentAgain(t *testing.T) {
	for name, tt := range map[string]struct {
		failures, attempts int
		ok                 bool
	}{
		"delta":       {2, 3, true},
		"find-people": {1, 2, true},
		"presences":   {1, 2, true},
		"person":      {1, 1, false}, // somebody waits with a call
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 20)
			w.graph.InjectFault(ssotest.Fault{Route: "/v1.0/", Status: http.StatusBadGateway, Count: tt.failures})
			err := operations[name](t.Context(), w.Client, w.id(0))
			if (err == nil) != tt.ok || err != nil && !errors.Is(err, graph.ErrUnavailable) {
				t.Errorf("error %v", err)
			}
			seen := w.requests()
			if len(seen) != tt.attempts {
				t.Fatalf("%d attempts, want %d", len(seen), tt.attempts)
			}
			for _, s := range seen[1:] {
				if id := "client-request-id"; s.header.Get(id) != seen[0].header.Get(id) {
					t.Error("the second attempt has another client-request-id")
				}
			}
			result := "ok"
			if !tt.ok {
				result = "unavailable"
			}
			expectCount(t, w, name, result)
		})
	}
}

// expectCount asserts that one operation with this result was counted.
func expectCount(t *testing.T, w *world, operation, result string) {
	t.Helper()
	families, err := w.metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() != "teamsbridge_graph_requests_total" {
			continue
		}
		for _, metric := range family.GetMetric() {
			labels := map[string]string{}
			for _, label := range metric.GetLabel() {
				labels[label.GetName()] = label.GetValue()
			}
			if labels["operation"] == operation && labels["result"] == result && metric.GetCounter().GetValue() == 1 {
				return
			}
		}
	}
	t.Errorf("no %s of %s was counted", result, operation)
}

func TestMetricsKeepTheirNames(t *testing.T) {
	w := newWorld(t, 20)
	if _, err := w.Person(t.Context(), contoso, w.id(0)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"teamsbridge_graph_requests_total", "teamsbridge_graph_request_duration_seconds"} {
		if n, err := testutil.GatherAndCount(w.metrics, name); err != nil || n != 1 {
			t.Errorf("%s: %d series, %v", name, n, err)
		}
	}
	if problems, err := testutil.GatherAndLint(w.metrics); err != nil || len(problems) != 0 {
		t.Errorf("metrics: %v, %v", problems, err)
	}
}

func TestACallersDeadlineIsKept(t *testing.T) {
	w := newWorld(t, 20)
	w.graph.InjectFault(ssotest.Fault{Route: "/v1.0/", Delay: time.Minute})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := w.Person(ctx, contoso, w.id(0))
	if !errors.Is(err, graph.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want that Graph was not available in time", err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := w.Person(gone, contoso, w.id(0)); !errors.Is(err, context.Canceled) || errors.Is(err, graph.ErrUnavailable) {
		t.Errorf("error %v, want that the caller left", err)
	}
}

func TestManyCallersShareOneClient(t *testing.T) {
	w := newWorld(t, 60)
	done := make(chan error)
	const callers = 16
	for range callers {
		go func() {
			for _, do := range operations {
				if err := do(t.Context(), w.Client, w.id(0)); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range callers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
