package graphtest

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// limited is a rig whose directory lets 10 units pass in 10 s and whose
// presences 5 requests in 30 s.
func limited(t *testing.T) *rig {
	return newRig(t, 60, func(o *Options) {
		o.Limits = Limits{
			Presences: Limit{5, 30 * time.Second},
			Units:     func(int) Limit { return Limit{10, 10 * time.Second} },
		}
	})
}

func TestTheDirectoryThrottlesByResourceUnits(t *testing.T) {
	r := limited(t)
	for n, want := range []struct {
		status  int
		percent string
	}{{200, ""}, {200, ""}, {200, ""}, {200, ""}, {200, "1.00"}, {429, "1.20"}} {
		a := r.get("/users", "$top=50")
		if a.status != want.status || a.header.Get("x-ms-throttle-limit-percentage") != want.percent || a.header.Get("x-ms-resource-unit") != "2" {
			t.Fatalf("request %d: %d, %q of the limit, want %v", n, a.status, a.header.Get("x-ms-throttle-limit-percentage"), want)
		}
	}
	a := r.get("/users", "$top=50")
	if a.body.Error.Code != "TooManyRequests" || a.header.Get("x-ms-throttle-information") != "ResourceUnitLimitExceeded" ||
		a.header.Get("x-ms-throttle-scope") != "Tenant_Application/ReadWrite/"+serviceApp+"/"+contoso {
		t.Errorf("a throttled request: %s %v", a.raw, a.header)
	}
	if a := r.do(http.MethodGet, "http://graph.test/v1.0/users?$top=1", "fabrikam", nil); a.status != http.StatusOK {
		t.Errorf("another tenant: %d", a.status)
	}
	seconds, err := strconv.Atoi(a.header.Get("Retry-After"))
	if err != nil || seconds < 1 || seconds > 10 {
		t.Fatalf("Retry-After %q", a.header.Get("Retry-After"))
	}
	r.now = r.now.Add(time.Duration(seconds) * time.Second)
	if a := r.get("/users", "$top=1"); a.status != http.StatusOK {
		t.Errorf("after the wait that was asked for: %d", a.status)
	}
}

func TestWhoDoesNotWaitStaysThrottled(t *testing.T) {
	r := limited(t)
	for range 60 {
		r.now = r.now.Add(500 * time.Millisecond)
		r.get("/users", "$top=50")
	}
	if a := r.get("/users", "$top=50"); a.status != http.StatusTooManyRequests {
		t.Errorf("after half a minute of asking too often: %d", a.status)
	}
}

func TestLowPriorityIsThrottledFirstAndHighLast(t *testing.T) {
	r := limited(t)
	for range 9 {
		r.get("/users", "$top=1")
	}
	for _, tt := range []struct {
		priority string
		status   int
	}{{"low", 429}, {"normal", 429}, {"high", 429}} {
		fresh := limited(t)
		for range map[string]int{"low": 9, "normal": 10, "high": 11}[tt.priority] {
			if a := fresh.get("/users", "$top=1", "x-ms-throttle-priority: high"); a.status != http.StatusOK {
				t.Fatalf("%s: throttled early", tt.priority)
			}
		}
		if a := fresh.get("/users", "$top=1", "x-ms-throttle-priority: "+tt.priority); a.status != tt.status {
			t.Errorf("%s: %d, want %d", tt.priority, a.status, tt.status)
		}
	}
	if a := r.get("/users", "$top=1"); a.status != http.StatusOK {
		t.Errorf("the tenth unit: %d", a.status)
	}
}

func TestPresencesAreLimitedByRequests(t *testing.T) {
	r := limited(t)
	ask := func() answer {
		return r.do(http.MethodPost, "http://graph.test/v1.0/communications/getPresencesByUserId", all, strings.NewReader(`{"ids":["`+r.org.Users[0].ID+`"]}`))
	}
	for n := range 5 {
		if a := ask(); a.status != http.StatusOK || a.header.Get("x-ms-resource-unit") != "" {
			t.Fatalf("request %d: %d %v", n, a.status, a.header)
		}
	}
	a := ask()
	if seconds, err := strconv.Atoi(a.header.Get("Retry-After")); a.status != http.StatusTooManyRequests || err != nil || seconds > 30 || a.header.Get("x-ms-throttle-scope") != "" {
		t.Errorf("the sixth: %d %v", a.status, a.header)
	}
	if a := r.get("/users", "$top=1"); a.status != http.StatusOK {
		t.Errorf("the directory has its own limit: %d", a.status)
	}
}

func TestEachRequestOfABatchCounts(t *testing.T) {
	r := limited(t)
	var requests []string
	for n := range 7 {
		requests = append(requests, `{"id":"`+strconv.Itoa(n)+`","method":"GET","url":"/users?$top=50"}`)
	}
	all, a := r.batch(all, strings.Join(requests, ","))
	if a.status != http.StatusOK {
		t.Fatalf("the batch itself: %d", a.status)
	}
	throttled := 0
	for _, one := range all {
		if one.Status == http.StatusTooManyRequests && one.Headers["Retry-After"] != "" {
			throttled++
		}
	}
	if throttled != 2 {
		t.Errorf("%d of 7 were throttled, want 2", throttled)
	}
}

func TestWhatARequestCosts(t *testing.T) {
	r := newRig(t, 60)
	me := r.org.Users[0].ID
	group := "/groups/" + r.groupID("Finanzen")
	for _, tt := range []struct {
		path, query string
		want        string
	}{
		{"/users", "", "2"},
		{"/users", "$select=id", "1"},
		{"/users", "$top=19", "1"},
		{"/users", "$top=20", "2"},
		{"/users", "$select=id & $top=1", "1"},
		{"/users/delta", "", "1"},
		{"/users/" + me, "", "1"},
		{group + "/members", "", "3"},
		{group + "/transitiveMembers", "", "5"},
		{group + "/transitiveMembers", "$select=id", "4"},
		{"/users/" + me + "/memberOf", "", "2"},
		{"/oauth2PermissionGrants", "$filter=clientId eq '" + serviceApp + "'", "2"},
		{"/users/" + me + "/presence", "", ""},
	} {
		if a := r.get(tt.path, tt.query); a.status != http.StatusOK || a.header.Get("x-ms-resource-unit") != tt.want {
			t.Errorf("%s %s: %d, %q units, want %q", tt.path, tt.query, a.status, a.header.Get("x-ms-resource-unit"), tt.want)
		}
	}
}

func TestMicrosoftsLimitsGrowWithTheTenant(t *testing.T) {
	for people, want := range map[int]int{0: 3500, 49: 3500, 50: 5000, 500: 5000, 501: 8000, 1_000_000: 8000} {
		if got := MicrosoftLimits().Units(people); got != (Limit{want, 10 * time.Second}) {
			t.Errorf("%d people: %v, want %d", people, got, want)
		}
	}
	if got := MicrosoftLimits().Presences; got != (Limit{1500, 30 * time.Second}) {
		t.Errorf("presences: %v", got)
	}
}
