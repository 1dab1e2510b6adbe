package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

const agentTable = "/api/v1/admin/agents"

// TestAgentsOfAnAdministratorSurviveAKill makes agents over the interface, kills
// the process and finds them again; a call keeps its agent from being deleted.
func TestAgentsOfAnAdministratorSurviveAKill(t *testing.T) {
	t.Parallel()
	data := kept(t)
	d := startDemo(t, data...)
	w := d.world()
	anja := w.Users[0]
	signIn := func() (admin, agent *client) {
		at := slices.IndexFunc(w.Users, func(u user) bool { return slices.Contains(u.Roles, "Admin") })
		return d.as(w, w.Users[at], w.Clients.Browser), d.as(w, anja, w.Clients.Teams)
	}
	admin, agent := signIn()
	agent.problem(403, "role-required", "GET", agentTable, nil)

	// One agent by hand, two from a file; the file's second row is wrong at first.
	admin.want(201, "PUT", agentTable+"/by-hand", map[string]any{"name": "Berta von Hand", "subject": "cc|berta", "queues": []string{w.Queues[0].ID}})
	file := "id;name;subject;roles\nimported;Ida Import;cc|ida;Agent\nsecond;Zoe Zweite;cc|berta;Agent|Supervisor\n"
	if a := admin.upload("?dryRun=true", file); a.status != 200 || len(a.list("problems")) != 1 {
		t.Fatalf("trial: %d %s", a.status, a.raw)
	}
	if a := admin.upload("", file); a.status != 422 || a.text("type") != "/problems/request-invalid" {
		t.Fatalf("a file with a problem: %d %s", a.status, a.raw)
	}
	if a := admin.upload("", strings.Replace(file, "cc|berta", "cc|zoe", 1)); a.status != 200 || a.at("created") != 2.0 {
		t.Fatalf("the corrected file: %d %s", a.status, a.raw)
	}

	d.kill()
	d = startDemo(t, data...)
	w = d.world()
	admin, agent = signIn()
	for _, id := range []string{"by-hand", "imported", "second"} {
		if a := admin.want(200, "GET", agentTable+"/"+id, nil); a.text("source") != "admin" {
			t.Errorf("after the kill %s", a.raw)
		}
	}
	if found := agent.want(200, "GET", "/api/v1/targets/agents?q=berta%20hand", nil); len(found.list("targets")) != 1 {
		t.Errorf("no target: %s", found.raw)
	}

	// Over the file's row an administrator's, deleted when nobody needs it.
	row := admin.want(200, "GET", agentTable+"/"+anja.ID, nil)
	if row.text("source") != "file" {
		t.Fatalf("row %s", row.raw)
	}
	admin.problem(422, "request-invalid", "DELETE", agentTable+"/"+anja.ID, nil)
	row.body["team"] = "Nachtdienst"
	if a := admin.want(200, "PUT", agentTable+"/"+anja.ID, row.body); a.text("source") != "admin" || a.text("team") != "Nachtdienst" {
		t.Fatalf("changed row %s", a.raw)
	}
	id := d.call(anja)
	admin.problem(422, "request-invalid", "DELETE", agentTable+"/"+anja.ID, nil)
	d.act(id, "customer", "hangup")
	agent.until(id, "wrapup", phase("wrapup"))
	admin.problem(422, "request-invalid", "DELETE", agentTable+"/"+anja.ID, nil)
	agent.want(200, "POST", "/api/v1/interactions/"+id+"/wrap-up", map[string]any{"code": w.WrapUpReasons[0].Code})
	admin.want(204, "DELETE", agentTable+"/"+anja.ID, nil)
	if a := admin.want(200, "GET", agentTable+"/"+anja.ID, nil); a.text("source") != "file" {
		t.Errorf("the file's row is not back: %s", a.raw)
	}
}

// upload imports a file of agents.
func (c *client) upload(query, file string) answer {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.base+agentTable+"/import"+query, strings.NewReader(file))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "text/csv")
	req.Header.Set("Authorization", "Bearer "+c.token)
	res, err := web.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	a := answer{status: res.StatusCode, header: res.Header}
	if a.raw, err = io.ReadAll(res.Body); err != nil {
		c.t.Fatal(err)
	}
	_ = json.Unmarshal(a.raw, &a.body)
	return a
}
