package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// planted stands in everything that the attackers write.
const planted = "pl4nted"

// intruder is somebody who tries every route.
type intruder struct {
	name     string
	token    string
	statuses []int // that a write may get
}

// TestABesiegedServiceKeepsItsFilesAsTheyWere tries every route of the real
// binary as nobody, with a made-up token, and as somebody of another
// organisation with the ids of this one. Afterwards the store holds, row for
// row, what it held before, and neither store nor log holds a token or a word
// of the attackers. The answer to each attack in detail is package web's test.
func TestABesiegedServiceKeepsItsFilesAsTheyWere(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	d := startDemo(t, "--data", data)
	w := d.world()
	agent := w.Users[0]
	c := d.as(w, agent, w.Clients.Teams)
	id := d.call(agent)
	expert, _ := c.findExpert("")["id"].(string)
	c.want(204, "PUT", "/api/v1/experts/favourites/"+expert, nil)
	c.want(200, "POST", "/api/v1/interactions/"+id+"/hold", map[string]any{})

	at := slices.IndexFunc(w.Organizations, func(o organizationWorld) bool { return o.Tenant != w.Tenant })
	if at < 0 {
		t.Fatal("the world has one organisation only")
	}
	other := w.Organizations[at]
	stranger := d.as(world{Tenant: other.Tenant, Scope: w.Scope}, other.Users[0], w.Clients.Browser).token
	intruders := []intruder{
		{"nobody", "", []int{401}},
		{"somebody with a made-up token", planted + "." + planted + "." + planted, []int{401}},
		// Their own wishes are granted elsewhere; here they have none.
		{"somebody of another organisation", stranger, []int{403, 404, 409, 422}},
	}

	before := rows(t, data)
	tried := 0
	for _, route := range d.routes() {
		path := strings.NewReplacer("{id}", idOf(route.path, id, expert, agent.ID), "{stream}", planted).Replace(route.path)
		for _, i := range intruders {
			if route.open || i.token == stranger && ownOnly(route) {
				continue
			}
			a := d.try(i.token, route.method, path, route.media)
			tried++
			if route.method != http.MethodGet && !slices.Contains(i.statuses, a.status) {
				t.Errorf("%s: %s %s: %d %s", i.name, route.method, route.path, a.status, a.raw)
			}
			for _, secret := range []string{planted, agent.Name, agent.Number, id, "goroutine ", ".go:"} {
				if strings.Contains(string(a.raw), secret) {
					t.Errorf("%s: %s %s tells %q: %s", i.name, route.method, route.path, secret, a.raw)
				}
			}
		}
	}
	if tried < 100 {
		t.Errorf("only %d attempts", tried)
	}

	after := rows(t, data)
	for _, table := range moving {
		delete(before, table)
	}
	kept := map[string][]string{}
	for table := range before {
		kept[table] = after[table]
	}
	if diff := cmp.Diff(before, kept); diff != "" {
		t.Errorf("the store has changed:\n%s", diff)
	}
	for _, secret := range []string{planted, stranger, c.token} {
		for table, lines := range after {
			if strings.Contains(strings.Join(lines, "\n"), secret) {
				t.Errorf("the table %s holds %.20q", table, secret)
			}
		}
		if strings.Contains(d.process.Output(), secret) {
			t.Errorf("the log holds %.20q", secret)
		}
	}
}

// moving are the tables that the service writes by itself: what it reads from
// Microsoft, and who was refused.
var moving = []string{"directories", "directory_generations", "directory_experts", "organizations", "audit_chains", "audit_lines"}

// ownOnly reports whether a route is about the asker's own and names nothing of
// others: what a stranger does there happens in their own organisation. A
// stream has no end.
func ownOnly(r describedRoute) bool {
	return r.path == "/api/v1/events" || r.method != http.MethodGet && !strings.Contains(r.path, "{") && !strings.Contains(r.path, "/admin/") ||
		r.method == http.MethodDelete && strings.Contains(r.path, "/favourites/")
}

// idOf is what a route's id names in the organisation under attack.
func idOf(path, interaction, expert, agent string) string {
	switch {
	case strings.Contains(path, "/interactions/"):
		return interaction
	case strings.Contains(path, "/experts/"):
		return expert
	case strings.Contains(path, "/agents/"):
		return agent
	}
	return planted
}

// try sends a request with a body of the attackers where the route takes one.
func (d *demo) try(token, method, path, media string) answer {
	d.t.Helper()
	body := ""
	if media != "" {
		body = fmt.Sprintf(`{%q:%q}`, planted, planted)
	}
	req, err := http.NewRequestWithContext(d.t.Context(), method, d.page+path+"?q="+url.QueryEscape(planted), strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	if media != "" {
		req.Header.Set("Content-Type", media)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := web.Do(req)
	if err != nil {
		d.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = res.Body.Close() }()
	a := answer{status: res.StatusCode, header: res.Header}
	if a.raw, err = io.ReadAll(res.Body); err != nil {
		d.t.Fatal(err)
	}
	return a
}

// describedRoute is an operation of the service's own description.
type describedRoute struct {
	method, path, media string
	open                bool
}

func (d *demo) routes() []describedRoute {
	d.t.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			Security    []any
			RequestBody struct{ Content map[string]any }
		}
	}
	raw := (&client{t: d.t, base: d.page}).want(200, "GET", "/api/v1/openapi.json", nil).raw
	if err := json.Unmarshal(raw, &doc); err != nil {
		d.t.Fatal(err)
	}
	var out []describedRoute
	for path, operations := range doc.Paths {
		for method, op := range operations {
			r := describedRoute{method: strings.ToUpper(method), path: path, open: len(op.Security) == 0}
			for media := range op.RequestBody.Content {
				r.media = media
			}
			out = append(out, r)
		}
	}
	return out
}
