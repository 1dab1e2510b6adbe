package e2e

import (
	"slices"
	"testing"
)

func organization(id string) map[string]any {
	return map[string]any{"target": map[string]any{"kind": "organization", "id": id}}
}

// fault makes the next work of the switch go wrong.
func (d *demo) fault(op, mode string) {
	d.t.Helper()
	d.control().want(200, "POST", "/_control/switch/faults", map[string]any{"op": op, "mode": mode, "count": 1})
}

// consulting brings an agent, a held customer and an expert together.
func (d *demo) consulting(c *client, agent user) string {
	d.t.Helper()
	id := d.call(agent)
	expertID, _ := c.findExpert("")["id"].(string)
	c.want(200, "POST", "/api/v1/interactions/"+id+"/consult", organization(expertID))
	d.act(id, "consulted", "answer")
	c.until(id, "consulting", phase("consulting"))
	return id
}

func TestASwitchThatFailsOrIsSilent(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	w := d.world()
	agent := w.Users[0]
	c := d.as(w, agent, w.Clients.Teams)

	t.Run("fails: 502, nobody dropped, retry possible", func(t *testing.T) {
		id := d.consulting(c, agent)
		at := "/api/v1/interactions/" + id
		d.fault("transfer", "fail")
		if a := c.problem(502, "switch-failed", "POST", at+"/transfer", map[string]any{}); a.text("reason") != "failed" {
			t.Errorf("%s", a.raw)
		}
		if a := c.want(200, "GET", at, nil); a.text("phase") != "consulting" || a.text("customer.state") != "held" {
			t.Errorf("%s", a.raw)
		}
		c.want(200, "POST", at+"/transfer", map[string]any{})
	})
	t.Run("is silent: 504, then the truth, and the same key gets it", func(t *testing.T) {
		id := d.consulting(c, agent)
		at := "/api/v1/interactions/" + id
		d.fault("transfer", "silent")
		a := c.want(504, "POST", at+"/transfer", map[string]any{}, "Idempotency-Key", "silent")
		if a.text("type") != "/problems/outcome-unknown" {
			t.Errorf("%s", a.raw)
		}
		c.until(id, "transferred", phase("transferred"))
		if a = c.want(200, "POST", at+"/transfer", map[string]any{}, "Idempotency-Key", "silent"); a.text("phase") != "transferred" {
			t.Errorf("%s", a.raw)
		}
	})
	t.Run("fails the hold before a consult: active, the consult failed", func(t *testing.T) {
		id := d.call(agent)
		expertID, _ := c.findExpert("")["id"].(string)
		d.fault("hold", "fail")
		c.want(200, "POST", "/api/v1/interactions/"+id+"/consult", organization(expertID))
		if a := c.until(id, "active again", phase("active")); a.text("consult.state") != "failed" || a.text("consult.failure") != "failed" {
			t.Errorf("%s", a.raw)
		}
	})
	t.Run("the customer hangs up while it works: 409 with the phase now", func(t *testing.T) {
		id := d.consulting(c, agent)
		at := "/api/v1/interactions/" + id
		d.control().want(200, "POST", "/_control/switch/faults", map[string]any{"op": "transfer", "mode": "delay", "count": 1, "delayMs": 8000})
		answered := make(chan answer, 1)
		go func() { answered <- c.do("POST", at+"/transfer", map[string]any{}) }()
		c.until(id, "pending", func(a answer) bool { return a.text("pending.action") == "transfer" && a.text("phase") == "consulting" })
		if a := c.problem(409, "wrong-phase", "POST", at+"/conference", map[string]any{}); a.text("reason") != "pending" {
			t.Errorf("another command meanwhile: %s", a.raw)
		}
		d.act(id, "customer", "hangup")
		if a := <-answered; a.status != 409 || a.text("phase") != "wrapup" {
			t.Errorf("%d %s", a.status, a.raw)
		}
	})
}

func TestAQueueOverHTTP(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	w := d.world()
	// The queue's members are the first two agents; the third one calls.
	first, second, third := w.Users[0], w.Users[1], w.Users[2]
	one, two, owner := d.as(w, first, w.Clients.Browser), d.as(w, second, w.Clients.Browser), d.as(w, third, w.Clients.Teams)
	queue := map[string]any{"target": map[string]any{"kind": "queue", "id": w.Queues[0].ID}}
	if !slices.Contains(w.Queues[0].Agents, first.ID) {
		t.Fatalf("queue %v", w.Queues[0])
	}

	id := d.call(third)
	at := "/api/v1/interactions/" + id
	a := owner.want(200, "POST", at+"/consult", queue)
	if a.text("phase") != "consult_requested" || a.text("consult.target.kind") != "queue" {
		t.Fatalf("%s", a.raw)
	}
	offered := owner.until(id, "offered", func(a answer) bool { return a.text("consult.party.id") != "" }).text("consult.party.id")
	declining, taking := one, two
	if offered == second.ID {
		declining, taking = two, one
	}
	declining.want(200, "POST", at+"/consult/decline", map[string]any{})
	owner.until(id, "offered to the next", func(a answer) bool {
		p := a.text("consult.party.id")
		return p != "" && p != offered
	})
	if a = taking.want(200, "POST", at+"/consult/accept", map[string]any{}); a.text("phase") != "consulting" {
		t.Fatalf("%s", a.raw)
	}
	if a = owner.want(200, "POST", at+"/transfer", map[string]any{}); a.text("owner.id") == third.ID || a.text("role") != "former" {
		t.Errorf("%s", a.raw)
	}

	// Nobody free: it waits, and can be cancelled.
	declining.want(200, "PUT", "/api/v1/session/state", map[string]any{"name": "idle", "reason": "Pause"})
	again := d.call(third)
	at = "/api/v1/interactions/" + again
	owner.want(200, "POST", at+"/consult", queue)
	if a = owner.want(200, "GET", at, nil); a.at("consult.party") != nil || a.text("consult.state") != "requested" {
		t.Errorf("%s", a.raw)
	}
	if a = owner.want(200, "POST", at+"/consult/end", map[string]any{}); a.text("phase") != "active" {
		t.Errorf("%s", a.raw)
	}
}

func TestSupervisorsLookAndTouchNothing(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	w := d.world()
	supervisor := d.as(w, byRole(t, w, "Supervisor"), w.Clients.Browser)
	id := d.call(w.Users[0])
	at := "/api/v1/interactions/" + id
	if a := supervisor.want(200, "GET", at, nil); a.text("role") != "supervisor" {
		t.Errorf("%s", a.raw)
	}
	if a := supervisor.want(200, "GET", "/api/v1/interactions", nil); len(a.list("interactions")) != 1 {
		t.Errorf("%s", a.raw)
	}
	supervisor.want(200, "GET", at+"/history", nil)
	supervisor.problem(403, "role-required", "POST", at+"/hold", map[string]any{})
	admin := d.as(w, byRole(t, w, "Admin"), w.Clients.Browser)
	admin.problem(404, "not-found", "GET", at, nil)
}
