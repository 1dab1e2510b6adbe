package e2e

import (
	"testing"
)

// TestKilledInMidConsult kills the process with no warning and finds the
// interaction, its phase and its history after the restart.
func TestKilledInMidConsult(t *testing.T) {
	t.Parallel()
	data := kept(t)
	d := startDemo(t, data...)
	w := d.world()
	agent := w.Users[0]
	c := d.as(w, agent, w.Clients.Teams)
	id := d.call(agent)
	at := "/api/v1/interactions/" + id
	expertID, _ := c.findExpert("")["id"].(string)
	c.want(200, "POST", at+"/consult", map[string]any{"target": map[string]any{"kind": "organization", "id": expertID}}, "Idempotency-Key", "before-the-crash")
	d.act(id, "consulted", "answer")
	before := c.until(id, "consulting", phase("consulting"))
	history := c.want(200, "GET", at+"/history", nil)

	d.kill()

	d = startDemo(t, data...)
	w = d.world()
	c = d.as(w, w.Users[0], w.Clients.Teams)
	after := c.want(200, "GET", at, nil)
	for _, member := range []string{"phase", "startedAt", "customer.state", "consult.state", "consult.since", "consult.party.name", "owner.id"} {
		if before.text(member) != after.text(member) {
			t.Errorf("%s was %q, is %q", member, before.text(member), after.text(member))
		}
	}
	again := c.want(200, "GET", at+"/history", nil)
	if len(again.list("entries")) < len(history.list("entries")) {
		t.Errorf("history had %d entries, has %d", len(history.list("entries")), len(again.list("entries")))
	}

	// The same key gets the first answer, nobody is dialled a second time.
	repeat := c.want(200, "POST", at+"/consult", map[string]any{"target": map[string]any{"kind": "organization", "id": expertID}}, "Idempotency-Key", "before-the-crash")
	if repeat.text("phase") != "consult_requested" {
		t.Errorf("the repeated consult is answered with phase %s", repeat.text("phase"))
	}

	// And the call goes on.
	if a := c.want(200, "POST", at+"/transfer", map[string]any{}); a.text("phase") != "transferred" {
		t.Errorf("transfer after the restart: %s", a.raw)
	}
}
