package budget_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/graph/budget"
)

func header(name, value string) http.Header {
	return http.Header{http.CanonicalHeaderKey(name): {value}}
}

func TestRequestsArePricedAsDocumented(t *testing.T) {
	for path, want := range map[string]budget.Cost{
		"/v1.0/communications/getPresencesByUserId":        {Workload: budget.Presence, Units: 1},
		"/v1.0/users/00000000/presence":                    {Workload: budget.Presence, Units: 1},
		"/v1.0/users":                                      {Workload: budget.Directory, Units: 2},
		"/v1.0/users/?$top=999":                            {Workload: budget.Directory, Units: 2},
		"/v1.0/users?$select=id":                           {Workload: budget.Directory, Units: 1},
		"/v1.0/users?%24select=id&$top=5":                  {Workload: budget.Directory, Units: 1},
		"/v1.0/users?$top=5":                               {Workload: budget.Directory, Units: 1},
		"/v1.0/users?$expand=manager":                      {Workload: budget.Directory, Units: 3},
		"/v1.0/users?$expand=manager&$select=id":           {Workload: budget.Directory, Units: 2},
		"/v1.0/users/delta?$select=id":                     {Workload: budget.Directory, Units: 1},
		"/v1.0/users/00000000?$select=id":                  {Workload: budget.Directory, Units: 1},
		"/v1.0/users/$count":                               {Workload: budget.Directory, Units: 1},
		"/v1.0/groups/00000000/members?$select=id":         {Workload: budget.Directory, Units: 1},
		"/v1.0/directoryObjects/getByIds":                  {Workload: budget.Directory, Units: 5},
		"/v1.0/directoryObjects/getByIds?$select=id":       {Workload: budget.Directory, Units: 2},
		"/v1.0/oauth2PermissionGrants?$filter=x":           {Workload: budget.Directory, Units: 2},
		"/v1.0/servicePrincipals/00000/appRoleAssignments": {Workload: budget.Directory, Units: 2},
		"/v1.0/servicePrincipals(appId='0')?$select=id":    {Workload: budget.Directory, Units: 1},
		"/v1.0/users?$top=many":                            {Workload: budget.Directory, Units: 2},
		"/":                                                {Workload: budget.Directory, Units: 1},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://graph.microsoft.com"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := budget.CostOf(r); got != want {
			t.Errorf("%s costs %+v, want %+v", path, got, want)
		}
	}
}

// answers is a Graph that answers as it is told.
type answers func(*http.Request) *http.Response

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	response := a(r)
	if response == nil {
		return nil, errors.New("connection refused")
	}
	if response.Header == nil {
		response.Header = http.Header{}
	}
	response.Body = http.NoBody
	return response, nil
}

// closing notes that it was closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error {
	c.closed = true
	return nil
}

func TestTheTransportSpendsAndLearns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBudget(t, budget.Config{})
		var answer *http.Response
		var priority string
		sent := 0
		transport := b.Transport(answers(func(r *http.Request) *http.Response {
			sent++
			priority = r.Header.Get("x-ms-throttle-priority")
			return answer
		}), func(*http.Request) string { return acme })
		send := func(class budget.Class, path string) (*closing, error) {
			body := &closing{Reader: strings.NewReader("{}")}
			r, err := http.NewRequestWithContext(budget.With(t.Context(), class), http.MethodPost, "https://graph.microsoft.com/v1.0"+path, body)
			if err != nil {
				t.Fatal(err)
			}
			_, err = transport.RoundTrip(r)
			if r.Header.Get("x-ms-throttle-priority") != "" {
				t.Error("the caller's request was changed")
			}
			return body, err
		}
		const presences, users = "/communications/getPresencesByUserId", "/users?$select=id"

		answer = &http.Response{StatusCode: 200}
		if _, err := send(budget.Click, presences); err != nil || priority != "high" {
			t.Errorf("%v with priority %q", err, priority)
		}
		if _, err := send(budget.Poll, users); err != nil || priority != "normal" {
			t.Errorf("%v with priority %q", err, priority)
		}
		if presence, units := b.Spare(acme, budget.Presence, budget.Click), b.Spare(acme, budget.Directory, budget.Click); presence != 299 || units != 699 {
			t.Errorf("%d requests and %d units are left", presence, units)
		}

		answer = &http.Response{StatusCode: 200, Header: header("x-ms-resource-unit", "10")}
		if _, err := send(budget.Poll, users); err != nil {
			t.Error(err)
		}
		if units := b.Spare(acme, budget.Directory, budget.Click); units != 689 {
			t.Errorf("%d units are left, want what Graph says it cost to be charged", units)
		}
		for _, nonsense := range []string{"-5", "many", "1000000000"} {
			b.Learn(acme, oneUnit, 200, header("x-ms-resource-unit", nonsense))
		}
		if units := b.Spare(acme, budget.Directory, budget.Click); units != 689 {
			t.Errorf("%d units are left after nonsense", units)
		}

		answer = nil
		if _, err := send(budget.Click, presences); err == nil {
			t.Error("no error of a connection")
		}
		answer = &http.Response{StatusCode: 429, Header: header("Retry-After", "2")}
		if _, err := send(budget.Click, presences); err != nil {
			t.Errorf("a 429 is the caller's to read: %v", err)
		}
		before := sent
		body, err := send(budget.Click, presences)
		refused, ok := errors.AsType[*budget.LimitError](err)
		if !ok || !refused.Asked || refused.RetryAfter != 2*time.Second || sent != before || !body.closed {
			t.Errorf("%v, %d sent, body closed %v", err, sent-before, body.closed)
		}
	})
}

func TestTheBackgroundWaitsWhenGraphIsNearItsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBudget(t, budget.Config{})
		b.Learn(acme, oneUnit, 200, header("x-ms-throttle-limit-percentage", "0.8"))
		began := time.Now()
		if err := b.Wait(budget.With(t.Context(), budget.Poll), acme, oneUnit); err != nil || time.Since(began) != 0 {
			t.Errorf("a poll waited %s: %v", time.Since(began), err)
		}
		if err := b.Wait(t.Context(), acme, oneUnit); err != nil || time.Since(began) != 10*time.Second {
			t.Errorf("the background waited %s: %v", time.Since(began), err)
		}
	})
}

func TestRetryAfterIsReadInEitherForm(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"7": 7 * time.Second, "0.5": 500 * time.Millisecond, "999999999": 24 * time.Hour, "1e300": 24 * time.Hour,
		"Sat, 01 Jan 2000 00:00:30 GMT": 30 * time.Second,                                                      // the bubble's clock begins with 2000
		"-1":                            time.Second, "NaN": time.Second, "soon": time.Second, "": time.Second, // no Retry-After: a second first
		"Fri, 31 Dec 1999 00:00:00 GMT": time.Second,
	} {
		t.Run(value, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBudget(t, budget.Config{})
				b.Learn(acme, oneUnit, 429, header("Retry-After", value))
				if got := time.Until(b.State(acme, budget.Directory).Until); got != want {
					t.Errorf("waits %s, want %s", got, want)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		b := newBudget(t, budget.Config{})
		b.Learn(acme, oneUnit, 503, nil)
		if b.State(acme, budget.Directory).Throttled {
			t.Error("a 503 without Retry-After is no throttling")
		}
		b.Learn(acme, oneUnit, 503, header("Retry-After", "3"))
		if !b.State(acme, budget.Directory).Throttled {
			t.Error("a 503 with Retry-After asks to wait")
		}
	})
}

func FuzzCostOf(f *testing.F) {
	for _, seed := range []string{"/v1.0/users?$select=id", "/communications/presences/1", "//", "/%zz?$top=-1", "/users?$top=99999999999999999999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://graph.microsoft.com"+address, nil)
		if err != nil {
			return
		}
		if c := budget.CostOf(r); c.Units < 1 || c.Units > 6 {
			t.Errorf("%q costs %d", address, c.Units)
		}
	})
}
