package graphtest

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"teamsbridge/graph/graphtest/apitest"
	"teamsbridge/sso/ssotest"
)

const (
	contoso  = "6e93a7a2-2bd4-4a13-8b1e-cf9e6c6c5a11"
	fabrikam = "0d0c1a3e-7a55-4c58-9a60-6a3d3d1f7b22"
	empty    = "99999999-0000-4000-8000-000000000000" // a tenant without directory
)

// keyring is an authority that knows these tokens by heart.
type keyring map[string]ssotest.GraphToken

func (k keyring) CheckGraphToken(raw string) (ssotest.GraphToken, error) {
	token, ok := k[raw]
	if !ok {
		return ssotest.GraphToken{}, errors.New("InvalidAuthenticationToken")
	}
	return token, nil
}

const serviceApp = "aaaaaaaa-1111-4111-8111-aaaaaaaaaaaa"

func (k keyring) ServicePrincipal(tenant, appID string) (ssotest.ServicePrincipal, bool) {
	return ssotest.ServicePrincipal{ObjectID: "bbbbbbbb-1111-4111-8111-bbbbbbbbbbbb", AppID: appID, Name: "teamsbridge", Enabled: true},
		tenant == contoso && appID == serviceApp
}

func (k keyring) Grants(tenant, client string) []ssotest.Grant {
	if tenant != contoso {
		return nil
	}
	return []ssotest.Grant{{ID: "g1", ClientObjectID: client, ConsentType: "AllPrincipals", ResourceObjectID: "cccccccc-1111-4111-8111-cccccccccccc", Scope: "Presence.Read.All"}}
}

func (k keyring) AppRoles(string) []ssotest.AppRole { return nil }

func (k keyring) AppRoleAssignments(tenant, id string) []ssotest.AppRoleAssignment {
	if tenant != contoso {
		return nil
	}
	return []ssotest.AppRoleAssignment{{
		ID: "a1", AppRoleID: "df021288-bdef-4463-88db-98f22de89214", PrincipalID: id, PrincipalName: "teamsbridge", PrincipalType: "ServicePrincipal",
		ResourceID: "cccccccc-1111-4111-8111-cccccccccccc", ResourceName: "Microsoft Graph",
	}}
}

func (k keyring) AppRoleAssignedTo(tenant, id string) []ssotest.AppRoleAssignment {
	if tenant != contoso {
		return nil
	}
	return []ssotest.AppRoleAssignment{{
		ID: "a2", AppRoleID: "00000000-0000-0000-0000-000000000000", PrincipalID: contoso, PrincipalName: "Anja", PrincipalType: "User",
		ResourceID: id, ResourceName: "teamsbridge",
	}}
}

func app(tenant string, roles ...string) ssotest.GraphToken {
	return ssotest.GraphToken{Tenant: tenant, AppID: serviceApp, Roles: roles}
}

func person(tenant, id string, scopes ...string) ssotest.GraphToken {
	return ssotest.GraphToken{Tenant: tenant, AppID: serviceApp, ObjectID: id, Scopes: scopes}
}

// all is the token that may do everything in contoso.
const all = "all"

func defaultTokens(org Organization) keyring {
	return keyring{
		all:               app(contoso, "User.Read.All", "Presence.Read.All", "Application.Read.All", "Directory.Read.All"),
		"fabrikam":        app(fabrikam, "User.Read.All", "Presence.Read.All", "Application.Read.All", "Directory.Read.All"),
		"nowhere":         app(empty, "User.Read.All"),
		"none":            app(contoso),
		"users only":      app(contoso, "User.Read.All"),
		"presence only":   app(contoso, "Presence.Read.All"),
		"apps only":       app(contoso, "Application.Read.All"),
		"basic":           app(contoso, "User.ReadBasic.All"),
		"groups only":     app(contoso, "GroupMember.Read.All"),
		"member":          person(contoso, org.Users[0].ID, "User.Read.All", "Presence.Read.All"),
		"member, self":    person(contoso, org.Users[0].ID, "User.Read", "Presence.Read"),
		"guest":           person(contoso, org.Users[10].ID, "User.Read.All", "Presence.Read.All"),
		"role in a scope": person(contoso, org.Users[0].ID),

		"a guest of oneself": person(contoso, org.Users[10].ID, "User.Read"),
		"groups of oneself":  person(contoso, org.Users[0].ID, "User.Read", "GroupMember.Read.All"),
	}
}

// rig is a simulated Graph with two organisations behind a recorder.
type rig struct {
	*Server
	t    *testing.T
	org  Organization
	now  time.Time
	seen []ssotest.Request

	checked http.Handler // every answer is held against the description of the API
}

func newRig(t *testing.T, people int, change ...func(*Options)) *rig {
	t.Helper()
	r := &rig{t: t, now: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)}
	r.org = Generate(1, contoso, "Contoso", "contoso.example", "DE", people)
	other := Generate(1, fabrikam, "Fabrikam", "fabrikam.example", "AT", 20)
	o := Options{
		Seed: 1, Clock: func() time.Time { return r.now },
		Log: func(seen ssotest.Request) { r.seen = append(r.seen, seen) },
	}
	for _, c := range change {
		c(&o)
	}
	r.Server = newServer(o, defaultTokens(r.org), r.org, other)
	r.checked = apitest.Answers(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { r.Handler().ServeHTTP(w, req) }))
	return r
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	raw    string
	body   struct {
		Count *int             `json:"@odata.count"`
		Next  string           `json:"@odata.nextLink"`
		Delta string           `json:"@odata.deltaLink"`
		Value []map[string]any `json:"value"`
		Error struct {
			Code       string
			Message    string
			InnerError map[string]string `json:"innerError"`
		}
	}
}

func (a answer) names() []string {
	names := make([]string, 0, len(a.body.Value))
	for _, v := range a.body.Value {
		name, _ := v["displayName"].(string)
		names = append(names, name)
	}
	return names
}

// do sends a request; headers are like "Name: value".
func (r *rig) do(method, target, token string, body io.Reader, headers ...string) answer {
	r.t.Helper()
	req := httptest.NewRequest(method, target, body)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		if name, value, ok := strings.Cut(h, ": "); ok {
			req.Header.Set(name, value)
		}
	}
	w := httptest.NewRecorder()
	r.checked.ServeHTTP(w, req)
	a := answer{status: w.Code, header: w.Header(), raw: w.Body.String()}
	if strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
		if !json.Valid(w.Body.Bytes()) {
			r.t.Fatalf("%s %s: answer is no JSON: %s", method, target, w.Body)
		}
		_ = json.Unmarshal(w.Body.Bytes(), &a.body) // a value that is no list of objects is read from raw
	}
	return a
}

const consistent = "ConsistencyLevel: eventual"

// get asks with the token that may everything. A query is written as
// "$filter=… & $top=…", spaces and all.
func (r *rig) get(path, query string, headers ...string) answer {
	r.t.Helper()
	return r.do(http.MethodGet, "http://graph.test/v1.0"+path+encode(query), all, nil, headers...)
}

func encode(query string) string {
	if query == "" {
		return ""
	}
	var parts []string
	for part := range strings.SplitSeq(query, " & ") {
		name, value, _ := strings.Cut(part, "=")
		parts = append(parts, name+"="+url.QueryEscape(value))
	}
	return "?" + strings.Join(parts, "&")
}
