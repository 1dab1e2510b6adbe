package realcalls

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"teamsbridge/demo"
)

// agent works over HTTP.
type agent struct {
	t           *testing.T
	base, token string
	number      string // of the telephone
	interaction string // the newest one
	seen        string // all of them
}

var web = &http.Client{Timeout: patience}

// signIn has the world's administrator switch sign-on on, and signs its agents
// in, as Teams does.
func signIn(t *testing.T, world *demo.World, page string) (agents []*agent) {
	t.Helper()
	simulators := &agent{t: t, base: world.URL()}
	var shown shownWorld
	if status := simulators.do(http.MethodGet, "/_control/world", nil, &shown); status != http.StatusOK {
		t.Fatalf("world: %d", status)
	}
	admin := simulators.as(shown, len(shown.Users)-1, page)
	until(t, "ready for sign-on", func() bool { // what it takes is checked in the background
		return admin.do(http.MethodPut, "/api/v1/admin/organization/sso", map[string]any{"enabled": true}, nil) == http.StatusOK
	})
	for n, user := range shown.Users {
		if user.Number != "" {
			agents = append(agents, simulators.as(shown, n, page))
		}
	}
	return agents
}

// shownWorld is what the simulators tell of their world.
type shownWorld struct {
	Tenant, Scope string
	Clients       struct{ Teams string }
	Users         []struct{ ID, Username, Password, Number string }
}

// as is one of the world's people, with a token for the service.
func (a *agent) as(shown shownWorld, n int, page string) *agent {
	a.t.Helper()
	user := shown.Users[n]
	form := url.Values{
		"grant_type": {"password"}, "client_id": {shown.Clients.Teams}, "scope": {shown.Scope},
		"username": {user.Username}, "password": {user.Password},
	}
	var answer struct {
		Token string `json:"access_token"`
	}
	if status := a.do(http.MethodPost, "/"+shown.Tenant+"/oauth2/v2.0/token", form, &answer); status != http.StatusOK {
		a.t.Fatalf("token: %d", status)
	}
	return &agent{t: a.t, base: page, token: answer.Token, number: user.Number}
}

// in is the agent in another test.
func (a *agent) in(t *testing.T) *agent {
	b := *a
	b.t = t
	return &b
}

// do sends a request, a form or JSON, and reads the answer.
func (a *agent) do(method, path string, body, into any) int {
	a.t.Helper()
	var content io.Reader
	kind := "application/json"
	switch body := body.(type) {
	case nil:
	case url.Values:
		content, kind = strings.NewReader(body.Encode()), "application/x-www-form-urlencoded"
	default:
		data, err := json.Marshal(body)
		if err != nil {
			a.t.Fatal(err)
		}
		content = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(a.t.Context(), method, a.base+path, content)
	if err != nil {
		a.t.Fatal(err)
	}
	if content != nil {
		req.Header.Set("Content-Type", kind)
	}
	if a.token != "" {
		req.Header.Set("Authorization", "Bearer "+a.token)
	}
	resp, err := web.Do(req)
	if err != nil {
		a.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	if into != nil && json.Unmarshal(data, into) != nil {
		a.t.Fatalf("%s %s: %d %s", method, path, resp.StatusCode, data)
	}
	return resp.StatusCode
}

// view is an interaction as its agent sees it.
type view struct {
	ID, Phase string
	Pending   *struct{ Action string }
	Customer  struct{ Number, State string }
	Consult   *struct {
		State, Failure string
		Holds          bool
	}
	Type   string // of a problem
	Detail string
}

// settled reports whether the interaction is in a phase and nothing is under way.
func (v view) settled(phase string) bool { return v.Phase == phase && v.Pending == nil }

// hasCall waits for the customer's call that has come to the agent.
func (a *agent) hasCall() {
	a.t.Helper()
	var list struct{ Interactions []view }
	until(a.t, "a call at the agent", func() bool {
		if a.do(http.MethodGet, "/api/v1/interactions", nil, &list) != http.StatusOK || len(list.Interactions) == 0 {
			return false
		}
		a.interaction = list.Interactions[0].ID
		return list.Interactions[0].settled("active") && !strings.Contains(a.seen, a.interaction)
	})
	a.seen += a.interaction + " "
}

// now is the agent's interaction as it is.
func (a *agent) now() view {
	a.t.Helper()
	var v view
	if status := a.do(http.MethodGet, "/api/v1/interactions/"+a.interaction, nil, &v); status != http.StatusOK {
		a.t.Fatalf("interaction: %d %+v", status, v)
	}
	return v
}

// does carries out an action and demands the phase that it leads to.
func (a *agent) does(path string, body any, phase string) {
	a.t.Helper()
	if body == nil {
		body = map[string]any{}
	}
	var v view
	if status := a.do(http.MethodPost, "/api/v1/interactions/"+a.interaction+path, body, &v); status != http.StatusOK || v.Phase != phase {
		a.t.Fatalf("%s: %d %+v, want phase %s", path, status, v, phase)
	}
}

// reaches waits until the interaction is in a phase with nothing under way.
func (a *agent) reaches(phase string) view {
	a.t.Helper()
	var v view
	until(a.t, phase, func() bool { v = a.now(); return v.settled(phase) })
	return v
}
