package e2e

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
)

// TestWithoutAnyApplicationPermission runs a service that asks Graph on behalf of
// the agents who look, and for nobody else.
func TestWithoutAnyApplicationPermission(t *testing.T) {
	t.Parallel()
	d := startDemo(t, "--delegated")
	w := d.world()
	c := d.as(w, w.Users[0], w.Clients.Teams)

	found := c.want(http.StatusOK, http.MethodGet, "/api/v1/experts?q=a&limit=5", nil)
	if found.text("directory.source") != "live" || len(found.list("experts")) == 0 {
		t.Fatalf("search on behalf of the agent: %s", found.raw)
	}
	expert, _ := found.list("experts")[0].(map[string]any)
	id, _ := expert["id"].(string)
	fresh := c.want(http.StatusOK, http.MethodPost, "/api/v1/experts/presence/refresh", map[string]any{"ids": []string{id}})
	if len(fresh.list("presences")) != 1 {
		t.Errorf("presence on behalf of the agent: %s", fresh.raw)
	}

	c.untilPresence(id)

	// Nobody is acted for without a sign-in at Microsoft.
	other := d.token(w.ContactCentre.TokenEndpoint, map[string][]string{
		"client_id": {w.ContactCentre.ClientID}, "username": {w.ContactCentre.Users[0].Username}, "password": {w.ContactCentre.Users[0].Password},
	})
	refused := other.problem(http.StatusForbidden, "sso-required", http.MethodGet, "/api/v1/experts?q=a", nil)
	if refused.text("sso.state") != "sign-in-required" || refused.text("sso.actor") != "agent" {
		t.Errorf("without a sign-in: %s", refused.raw)
	}

	// Who is disabled at Microsoft is out, although their token lasts an hour yet.
	leaver := w.Users[1]
	gone := d.as(w, leaver, w.Clients.Teams)
	d.control().want(http.StatusOK, http.MethodPut, "/_control/users/"+leaver.ID, map[string]any{"accountEnabled": false})
	told := gone.problem(http.StatusUnauthorized, "sign-in-required", http.MethodGet, "/api/v1/session", nil)
	if told.text("reason") != "account-disabled" {
		t.Errorf("a disabled agent is told: %s", told.raw)
	}
}

// untilPresence watches somebody on a stream of events until their presence comes:
// a poll, made for whoever is present.
func (c *client) untilPresence(id string) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.base+"/api/v1/events", nil)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	stream, err := web.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = stream.Body.Close() }()
	lines := bufio.NewScanner(stream.Body)
	for lines.Scan() {
		line := lines.Text()
		if _, hello, ok := strings.Cut(line, `{"stream":"`); ok {
			name, _, _ := strings.Cut(hello, `"`)
			c.want(http.StatusNoContent, http.MethodPut, "/api/v1/events/"+name+"/watch", map[string]any{"ids": []string{id}})
		}
		if strings.Contains(line, `"`+id+`"`) && strings.Contains(line, `"source":"poll"`) {
			return
		}
	}
	c.t.Errorf("no presence came: %v", lines.Err())
}
