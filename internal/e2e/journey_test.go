package e2e

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// TestTheWholeJourney goes the way of the product page's main job once.
func TestTheWholeJourney(t *testing.T) {
	for name, args := range map[string][]string{
		"with simulated telephones": nil,
		"with real SIP":             {"--sip", "--sip-listen", "127.0.0.1:0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			theWholeJourney(t, startDemo(t, args...))
		})
	}
}

func theWholeJourney(t *testing.T, d *demo) {
	w := d.world()
	agent := w.Users[0]
	c := d.as(w, agent, w.Clients.Teams)

	session := c.want(200, "GET", "/api/v1/session", nil)
	if session.text("agent.id") != agent.ID || session.text("channel") != "teams" || session.text("sso.state") != "ready" {
		t.Fatalf("session %s", session.raw)
	}

	// A customer calls.
	id := d.call(agent)
	at := "/api/v1/interactions/" + id
	if a := c.want(200, "GET", at, nil); a.text("phase") != "active" || a.text("role") != "agent1" || a.text("customer.state") != "connected" {
		t.Fatalf("new call %s", a.raw)
	}

	// Find an expert, see their presence, refresh it.
	expert := c.findExpert("")
	if expert["presence"] == nil {
		t.Fatalf("expert without presence: %v", expert)
	}
	expertID, _ := expert["id"].(string)
	fresh := c.want(200, "POST", "/api/v1/experts/presence/refresh", map[string]any{"ids": []string{expertID}})
	if len(fresh.list("presences")) != 1 {
		t.Fatalf("refresh %s", fresh.raw)
	}
	if p, _ := fresh.list("presences")[0].(map[string]any); p["source"] != "refresh" {
		t.Errorf("a refreshed presence says source %v", p["source"])
	}

	// Consult: the customer is held, the expert rings and answers.
	a := c.want(200, "POST", at+"/consult", map[string]any{"target": map[string]any{"kind": "organization", "id": expertID}})
	if a.text("phase") != "consult_requested" || a.text("customer.state") != "held" {
		t.Fatalf("consult %s", a.raw)
	}
	d.act(id, "consulted", "answer")
	a = c.until(id, "consulting", phase("consulting"))
	if a.text("consult.state") != "connected" || a.text("consult.party.name") != expert["name"] {
		t.Fatalf("consulting %s", a.raw)
	}

	// Swap, swap back, bring everyone together, transfer by leaving.
	for _, step := range []struct{ path, phase string }{
		{"/resume", "swapped"}, {"/consult/resume", "consulting"}, {"/conference", "conferenced"}, {"/leave", "transferred"},
	} {
		if a = c.want(200, "POST", at+step.path, map[string]any{}); a.text("phase") != step.phase {
			t.Fatalf("%s: %s", step.path, a.raw)
		}
	}
	if a.at("owner") != nil || a.text("role") != "former" || a.at("wrapUp") == nil {
		t.Fatalf("after the transfer %s", a.raw)
	}

	// The customer hangs up; the agent wraps up.
	d.act(id, "customer", "hangup")
	c.until(id, "wrapup", phase("wrapup"))
	c.problem(422, "request-invalid", "POST", at+"/wrap-up", map[string]any{"code": "no-such-reason"})
	if a = c.want(200, "POST", at+"/wrap-up", map[string]any{"code": w.WrapUpReasons[0].Code, "note": "Rückruf nicht nötig"}); a.text("phase") != "ended" {
		t.Fatalf("wrap-up %s", a.raw)
	}

	// Everything that happened is kept, in order.
	history := c.want(200, "GET", at+"/history", nil)
	var inputs []string
	for _, e := range history.list("entries") {
		entry, _ := e.(map[string]any)
		input, _ := entry["input"].(string)
		inputs = append(inputs, input)
	}
	for _, want := range []string{"call", "consult", "answered", "resume", "resumeExpert", "conference", "leave", "hungUp", "wrapUp"} {
		if !slices.Contains(inputs, want) {
			t.Errorf("history lacks %s: %v", want, inputs)
		}
	}

	// First metrics, on the internal listener only.
	metrics := (&client{t: t, base: d.internal}).want(200, "GET", "/metrics", nil)
	for _, name := range []string{
		"teamsbridge_http_requests_total", "teamsbridge_consults_total", "teamsbridge_graph_requests_total", "teamsbridge_presence_age_seconds",
	} {
		if !strings.Contains(string(metrics.raw), name) {
			t.Errorf("no metric %s", name)
		}
	}
	if public := c.do("GET", "/metrics", nil); strings.Contains(string(public.raw), "teamsbridge_http_requests_total") {
		t.Error("the public listener gives the metrics away")
	}
}

// findExpert searches until the directory is read and gives the first match.
func (c *client) findExpert(q string) map[string]any {
	c.t.Helper()
	a := c.want(200, "GET", "/api/v1/experts?limit=5&q="+url.QueryEscape(q), nil)
	if len(a.list("experts")) == 0 {
		c.t.Fatalf("no experts: %s", a.raw)
	}
	e, _ := a.list("experts")[0].(map[string]any)
	return e
}

func TestAgentsConsultAgentsAndPlainNumbers(t *testing.T) {
	for name, args := range map[string][]string{
		"with simulated telephones": nil,
		"with real SIP":             {"--sip", "--sip-listen", "127.0.0.1:0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			agentsConsultAgentsAndPlainNumbers(t, startDemo(t, args...))
		})
	}
}

func agentsConsultAgentsAndPlainNumbers(t *testing.T, d *demo) {
	w := d.world()
	first, second := w.Users[0], w.Users[1]
	one, two := d.as(w, first, w.Clients.Browser), d.as(w, second, w.Clients.Browser)

	id := d.call(first)
	at := "/api/v1/interactions/" + id
	target := map[string]any{"target": map[string]any{"kind": "agent", "id": second.ID}}

	// Agent 2 declines; the reason is kept and the customer stays with agent 1.
	one.want(200, "POST", at+"/consult", target)
	two.want(200, "POST", at+"/consult/decline", map[string]any{"reason": "gerade in einer Schulung"})
	a := one.until(id, "held", phase("held"))
	if a.text("consult.failure") != "declined" || a.text("consult.note") != "gerade in einer Schulung" {
		t.Errorf("declined %s", a.raw)
	}
	two.problem(404, "not-found", "GET", at, nil)

	// Agent 2 accepts and takes the call.
	one.want(200, "POST", at+"/consult", target)
	if a = two.want(200, "POST", at+"/consult/accept", map[string]any{}); a.text("phase") != "consulting" || a.text("role") != "agent2" {
		t.Fatalf("accept %s", a.raw)
	}
	if a = one.want(200, "POST", at+"/transfer", map[string]any{}); a.text("phase") != "transferred" || a.text("role") != "former" {
		t.Fatalf("transfer %s", a.raw)
	}
	if a = two.want(200, "GET", at, nil); a.text("role") != "agent1" || a.text("owner.id") != second.ID {
		t.Fatalf("new owner sees %s", a.raw)
	}
	one.want(200, "POST", at+"/wrap-up", map[string]any{"code": w.WrapUpReasons[0].Code})

	// The new owner dials a plain number.
	if a = two.want(200, "POST", at+"/consult", map[string]any{"target": map[string]any{"kind": "dialNumber", "number": "+12015532447"}}); a.text("consult.target.number") != "+12015532447" {
		t.Fatalf("dial number %s", a.raw)
	}
	d.act(id, "consulted", "answer")
	two.until(id, "consulting", phase("consulting"))
	two.want(200, "POST", at+"/consult/end", map[string]any{})
	if a = two.want(200, "POST", at+"/end", map[string]any{}); a.text("phase") != "wrapup" {
		t.Fatalf("end %s", a.raw)
	}
	two.want(200, "POST", at+"/wrap-up", map[string]any{"code": w.WrapUpReasons[0].Code})
}

func TestWhatBadInputGets(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	w := d.world()
	agent := w.Users[0]
	c := d.as(w, agent, w.Clients.Teams)
	id := d.call(agent)
	at := "/api/v1/interactions/" + id
	expertID, _ := c.findExpert("")["id"].(string)
	number := func(n string) map[string]any {
		return map[string]any{"target": map[string]any{"kind": "dialNumber", "number": n}}
	}

	// No token, a wrong one, another tenant's.
	nobody := &client{t: t, base: d.page}
	nobody.problem(401, "sign-in-required", "GET", "/api/v1/session", nil)
	wrong := &client{t: t, base: d.page, token: c.token[:len(c.token)-8] + "AAAAAAAA"}
	wrong.problem(401, "sign-in-required", "GET", "/api/v1/session", nil)
	other := w.Organizations[0]
	if other.Tenant == w.Tenant && len(w.Organizations) > 1 {
		other = w.Organizations[1]
	}
	stranger := d.as(world{Tenant: other.Tenant, Scope: w.Scope}, other.Users[0], w.Clients.Browser)
	if a := stranger.do("GET", at, nil); a.status != 404 && a.status != 403 {
		t.Errorf("another organisation reads the interaction: %d", a.status)
	}

	// Unknown or unlisted expert, wrong phase, bad number.
	a := c.problem(422, "expert-not-listed", "POST", at+"/consult", organization("00000000-0000-4000-8000-000000000000"))
	if a.text("reason") != "unknown" {
		t.Errorf("unknown expert: %s", a.raw)
	}
	a = c.problem(409, "wrong-phase", "POST", at+"/conference", map[string]any{})
	if a.text("phase") != "active" || len(a.list("allowed")) == 0 {
		t.Errorf("wrong phase: %s", a.raw)
	}
	a = c.problem(422, "dial-number-invalid", "POST", at+"/consult", number("12"))
	if a.at("check.digits") != float64(2) {
		t.Errorf("bad number: %s", a.raw)
	}
	c.problem(422, "dial-number-invalid", "POST", at+"/consult", number("1 800 FLOWERS"))
	c.problem(404, "not-found", "GET", "/api/v1/interactions/nothing", nil)
	c.problem(422, "request-invalid", "POST", at+"/consult", map[string]any{"target": map[string]any{"kind": "fax"}})

	// SSO off: experts are out of reach, the rest works.
	admin := d.as(w, byRole(t, w, "Admin"), w.Clients.Browser)
	admin.want(200, "PUT", "/api/v1/admin/organization/sso", map[string]any{"enabled": false})
	a = c.problem(403, "sso-required", "POST", at+"/consult", organization(expertID))
	if a.text("sso.state") != "disabled" || a.text("sso.actor") != "admin" {
		t.Errorf("sso off: %s", a.raw)
	}
	c.findExpert("")
	c.want(200, "POST", at+"/hold", map[string]any{})
	c.want(200, "POST", at+"/resume", map[string]any{})
	admin.want(200, "PUT", "/api/v1/admin/organization/sso", map[string]any{"enabled": true})

	// An agent is no admin.
	c.problem(403, "role-required", "GET", "/api/v1/admin/organization", nil)

	// Graph away: search answers with its age, presence says unknown and why, calls go on.
	d.control().want(200, "POST", "/_control/faults", map[string]any{"route": "/v1.0/", "status": 503, "count": 10000})
	found := c.want(200, "GET", "/api/v1/experts?limit=3", nil)
	if found.text("directory.syncedAt") == "" || found.at("directory.ageSeconds") == nil {
		t.Errorf("search while Graph is away: %s", found.raw)
	}
	if p, _ := found.list("experts")[0].(map[string]any)["presence"].(map[string]any); p["availability"] == "offline" && p["reason"] != nil {
		t.Errorf("an unknown presence is shown as offline: %v", p)
	}
	c.want(200, "POST", at+"/consult", organization(expertID))
	d.act(id, "consulted", "answer")
	c.until(id, "consulting", phase("consulting"))
}

// byRole finds the first person of a role.
func byRole(t *testing.T, w world, role string) user {
	t.Helper()
	for _, u := range w.Users {
		if slices.Contains(u.Roles, role) {
			return u
		}
	}
	t.Fatalf("nobody has role %s", role)
	return user{}
}

func TestSomebodyFromTheContactCentresOwnProvider(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	w := d.world()
	person := w.ContactCentre.Users[0]
	c := d.token(w.ContactCentre.TokenEndpoint, url.Values{
		"client_id": {w.ContactCentre.ClientID}, "username": {person.Username}, "password": {person.Password}, "scope": {"openid"},
	})
	session := c.want(200, "GET", "/api/v1/session", nil)
	if session.text("identity") != "contact-centre" || session.text("sso.state") != "sign-in-required" || session.text("sso.actor") != "agent" {
		t.Fatalf("session %s", session.raw)
	}
	agent := user{ID: session.text("agent.id")}
	id := d.call(agent)
	expertID, _ := c.findExpert("")["id"].(string)
	c.problem(http.StatusForbidden, "sso-required", "POST", "/api/v1/interactions/"+id+"/consult",
		map[string]any{"target": map[string]any{"kind": "organization", "id": expertID}})
}
