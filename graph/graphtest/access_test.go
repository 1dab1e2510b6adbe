package graphtest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"teamsbridge/sso/ssotest"
)

func TestEachEndpointNeedsItsPermission(t *testing.T) {
	r := newRig(t, 20)
	me, other := r.org.Users[0].ID, r.org.Users[1].ID
	const (
		ok         = ""
		denied     = "Authorization_RequestDenied"
		forbidden  = "Forbidden"
		list       = "/users?$top=1"
		delta      = "/users/delta"
		app        = "/servicePrincipals(appId='" + serviceApp + "')"
		grants     = "/oauth2PermissionGrants?$filter=clientId%20eq%20'" + serviceApp + "'"
		getPresent = "/communications/presences/"
	)
	for _, tt := range []struct {
		name, token, path, code string
	}{
		{"no token", "", list, "InvalidAuthenticationToken"},
		{"a token that does not verify", "forged", list, "InvalidAuthenticationToken"},
		{"a tenant without directory", "nowhere", list, "Authorization_IdentityNotFound"},
		{"no permission: people", "none", list, denied},
		{"no permission: delta", "none", delta, denied},
		{"no permission: one person", "none", "/users/" + me, denied},
		{"no permission: presence", "none", "/users/" + me + "/presence", forbidden},
		{"no permission: app", "none", app, denied},
		{"no permission: grants", "none", grants, denied},
		{"people only: people", "users only", list, ok},
		{"people only: presence", "users only", getPresent + me, forbidden},
		{"presence only: presence", "presence only", getPresent + me, ok},
		{"presence only: people", "presence only", list, denied},
		{"apps only: app", "apps only", app, ok},
		{"apps only: grants", "apps only", grants, denied},
		{"basic profiles: people", "basic", list, ok},
		{"basic profiles: delta", "basic", delta, denied},
		{"a member's scopes: people", "member", list, ok},
		{"a member's scopes: presence", "member", getPresent + other, ok},
		{"a guest's scopes: people", "guest", list, denied},
		{"a guest's scopes: presence", "guest", getPresent + other, ok},
		{"one's own profile", "member, self", "/users/" + me, ok},
		{"another's profile", "member, self", "/users/" + other, denied},
		{"one's own presence", "member, self", "/users/" + me + "/presence", ok},
		{"another's presence", "member, self", "/users/" + other + "/presence", forbidden},
		{"roles do not count where a person is acted for", "role in a scope", list, denied},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := r.do(http.MethodGet, "http://graph.test/v1.0"+tt.path, tt.token, nil)
			if a.body.Error.Code != tt.code {
				t.Errorf("%d %q, want %q", a.status, a.body.Error.Code, tt.code)
			}
			if a.status == http.StatusUnauthorized && !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("WWW-Authenticate %q", a.header.Get("WWW-Authenticate"))
			}
		})
	}
}

func TestBasicProfilesHideTheRestAndItsRows(t *testing.T) {
	r := newRig(t, 12)
	ask := func(query string) answer {
		return r.do(http.MethodGet, "http://graph.test/v1.0/users"+encode(query), "basic", nil)
	}
	a := ask("$select=displayName,jobTitle & $top=1")
	if got := a.body.Value[0]; got["displayName"] != "Jürgen Müller" || got["jobTitle"] != nil {
		t.Errorf("%v", got)
	}
	if a := ask("$filter=startsWith(jobTitle,'Steuer')"); a.status != http.StatusOK || len(a.body.Value) != 0 {
		t.Errorf("a filter on what may not be read: %d %v", a.status, a.names())
	}
}

func TestAppsAndGrants(t *testing.T) {
	r := newRig(t, 12)
	a := r.get("/servicePrincipals(appId='"+serviceApp+"')", "$select=id,accountEnabled,isDisabled,appRoleAssignmentRequired")
	if a.status != http.StatusOK || !strings.Contains(a.raw, `"accountEnabled":true`) || !strings.Contains(a.raw, `"appRoleAssignmentRequired":false`) || strings.Contains(a.raw, "displayName") {
		t.Errorf("%d %s", a.status, a.raw)
	}
	a = r.get("/oauth2PermissionGrants", "$filter=clientId eq 'BBBBBBBB-1111-4111-8111-bbbbbbbbbbbb'")
	if len(a.body.Value) != 1 || a.body.Value[0]["scope"] != "Presence.Read.All" || a.body.Value[0]["principalId"] != nil {
		t.Errorf("%d %s", a.status, a.raw)
	}
	if a := r.do(http.MethodGet, "http://graph.test/v1.0/servicePrincipals(appId='"+serviceApp+"')", "fabrikam", nil); a.status != http.StatusNotFound {
		t.Errorf("another tenant sees the app: %d", a.status)
	}
}

func TestFaultsHappenAsTheyAreInjected(t *testing.T) {
	r := newRig(t, 12)
	r.InjectFault(ssotest.Fault{Route: "/v1.0/users", Status: 429, RetryAfter: 2, Count: 2})
	for n, want := range []int{429, 429, 200} {
		a := r.get("/users", "$top=1")
		if a.status != want {
			t.Errorf("request %d: %d, want %d", n, a.status, want)
		}
		if want == 429 && (a.header.Get("Retry-After") != "2" || a.body.Error.Code != "TooManyRequests") {
			t.Errorf("Retry-After %q, code %q", a.header.Get("Retry-After"), a.body.Error.Code)
		}
	}
	r.InjectFault(ssotest.Fault{Route: "/v1.0/users/delta", Status: 503})
	if a := r.get("/users", "$top=1"); a.status != 200 {
		t.Errorf("another route: %d", a.status)
	}
	if a := r.get("/users/delta", ""); a.status != 503 || a.body.Error.Code != "serviceNotAvailable" {
		t.Errorf("delta: %d %s", a.status, a.body.Error.Code)
	}
	r.InjectFault(ssotest.Fault{Route: "/v1.0/users/delta", Count: -1})
	if a := r.get("/users/delta", ""); a.status != 200 {
		t.Errorf("cleared: %d", a.status)
	}
}

func TestADelayEndsWhenTheClientLeaves(t *testing.T) {
	r := newRig(t, 12)
	r.InjectFault(ssotest.Fault{Route: "/v1.0/", Delay: time.Hour})
	ctx, leave := context.WithCancel(t.Context())
	leave()
	w := httptest.NewRecorder()
	r.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/v1.0/users", nil).WithContext(ctx))
	if w.Body.Len() != 0 {
		t.Errorf("answered %s", w.Body)
	}
}

func TestTheLogHearsOfEachRequest(t *testing.T) {
	r := newRig(t, 12)
	r.get("/users", "$top=1")
	r.get("/users", "$top=0")
	want := []ssotest.Request{
		{Method: "GET", Path: "/v1.0/users", Query: "$top=1", Status: 200, At: r.now},
		{Method: "GET", Path: "/v1.0/users", Query: "$top=0", Status: 400, At: r.now},
	}
	if len(r.seen) != 2 || r.seen[0] != want[0] || r.seen[1] != want[1] {
		t.Errorf("heard %v, want %v", r.seen, want)
	}
}

func TestEachRefusalHasTheCodeThatGoesWithIt(t *testing.T) {
	r := newRig(t, 12)
	for _, tt := range []struct {
		fault      ssotest.Fault
		code       string
		header     string // named header holds the value
		headerPart string
	}{
		{ssotest.Fault{Status: 400}, "Request_BadRequest", "", ""},
		{ssotest.Fault{Status: 400, Name: "invalidRequest"}, "invalidRequest", "", ""},
		{ssotest.Fault{Status: 401}, "InvalidAuthenticationToken", "WWW-Authenticate", "Bearer realm"},
		{ssotest.Fault{Status: 401, Name: "unauthenticated"}, "unauthenticated", "WWW-Authenticate", "Bearer realm"},
		{ssotest.Fault{Status: 401, Name: InsufficientClaims}, "InvalidAuthenticationToken", "WWW-Authenticate", `error="insufficient_claims", claims="ey`},
		{ssotest.Fault{Status: 403}, "Authorization_RequestDenied", "", ""},
		{ssotest.Fault{Status: 403, Name: "accessDenied"}, "accessDenied", "", ""},
		{ssotest.Fault{Status: 404}, "Request_ResourceNotFound", "", ""},
		{ssotest.Fault{Status: 404, Name: "itemNotFound"}, "itemNotFound", "", ""},
		{ssotest.Fault{Status: 409}, "conflict", "", ""},
		{ssotest.Fault{Status: 410}, "resyncRequired", "", ""},
		{ssotest.Fault{Status: 410, Name: "syncStateNotFound"}, "syncStateNotFound", "", ""},
		{ssotest.Fault{Status: 429, RetryAfter: 3}, "TooManyRequests", "Retry-After", "3"},
		{ssotest.Fault{Status: 429, Name: "activityLimitReached"}, "activityLimitReached", "", ""},
		{ssotest.Fault{Status: 500}, "generalException", "", ""},
		{ssotest.Fault{Status: 503, RetryAfter: 1}, "serviceNotAvailable", "Retry-After", "1"},
		{ssotest.Fault{Status: 504}, "generalException", "", ""},
	} {
		tt.fault.Route, tt.fault.Count = "/v1.0/users", 1
		r.InjectFault(tt.fault)
		a := r.get("/users", "$top=1")
		if a.status != tt.fault.Status || a.body.Error.Code != tt.code || !strings.Contains(a.header.Get(tt.header), tt.headerPart) {
			t.Errorf("%d %s: %d %q, %s %q", tt.fault.Status, tt.fault.Name, a.status, a.body.Error.Code, tt.header, a.header.Get(tt.header))
		}
	}
}

func TestMeIsThePersonOfTheToken(t *testing.T) {
	r := newRig(t, 20)
	ask := func(token, path string) answer {
		return r.do(http.MethodGet, "http://graph.test/v1.0"+path, token, nil)
	}
	if a := ask("member, self", "/me?$select=displayName"); a.status != http.StatusOK || !strings.Contains(a.raw, r.org.Users[0].DisplayName) {
		t.Errorf("oneself: %d %s", a.status, a.raw)
	}
	if a := ask("member, self", "/me/presence"); a.status != http.StatusOK || !strings.Contains(a.raw, r.org.Users[0].ID) {
		t.Errorf("one's own presence: %d %s", a.status, a.raw)
	}
	if a := ask(all, "/me"); a.status != http.StatusBadRequest || a.body.Error.Code != "BadRequest" {
		t.Errorf("an application is nobody: %d %s", a.status, a.raw)
	}
	if a := ask("member, self", "/me/messages"); a.status != http.StatusNotFound {
		t.Errorf("what is not served of oneself: %d", a.status)
	}
	if a := ask("member, self", "/meeting"); a.status != http.StatusNotFound {
		t.Errorf("what only begins like it: %d", a.status)
	}
	if a := ask("a guest of oneself", "/me"); a.status != http.StatusOK || !strings.Contains(a.raw, "Gina Gast") {
		t.Errorf("a guest sees themself: %d %s", a.status, a.raw)
	}
}
