package web

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/sso"
)

// TestAnHonestRequestPassesEveryRoute shows that the attacks are refused for
// what they are: without them the same request is understood. A call in its
// first phase may refuse what belongs into another one.
func TestAnHonestRequestPassesEveryRoute(t *testing.T) {
	routes := newWorld(t).routes()
	if len(routes) < 40 {
		t.Fatalf("only %d routes", len(routes))
	}
	s := besieged(newWorld(t))
	// What ends the call or its agent comes last.
	slices.SortStableFunc(routes, func(a, b route) int { return lateness[a.id] - lateness[b.id] })
	for _, r := range routes {
		if r.below("/admin/") && r.role != sso.RoleAdmin {
			t.Errorf("%s is for administrators, and asks for role %q", r, r.role)
		}
		got := s.send(s.honest(r))
		passed := got.status/100 == 2 || r.command() && got.problem() == string(slugWrongPhase) || got.problem() == honestly[r.id]
		if !passed {
			t.Errorf("%s: %d %.300s", r, got.status, got.body)
		}
		if now := s.writes.noted(); len(now) == 0 && r.id == "end" {
			t.Error("no write was seen at all")
		}
	}
}

var lateness = map[string]int{"end": 1, "wrapUp": 2, "adminDeleteAgent": 3}

// honestly are the refusals of requests that are understood.
var honestly = map[string]string{
	"handOverSignIn":         string(slugNotFound),       // a token is no window's session
	"takeOverSignIn":         string(slugNotFound),       // no such code
	"adminDeleteAgent":       string(slugRequestInvalid), // the row is the file's
	"endSession":             string(slugNotFound),       // no such session
	"endOrganizationSession": string(slugNotFound),
}

// TestIdsOfAnotherOrganizationInABody: what the path cannot name, the body cannot either.
func TestIdsOfAnotherOrganizationInABody(t *testing.T) {
	s := besieged(newWorld(t))
	paul := "e1000000-0000-4000-8000-000000000000" // expert of the partner
	target := func(kind, id string) string { return `{"target":{"kind":"` + kind + `","id":"` + id + `"}}` }
	call := apiBase + "/interactions/" + s.call
	for _, c := range []struct {
		name, method, path, body string
		want                     string
	}{
		{"an expert to consult", http.MethodPost, call + "/consult", target("organization", paul), "expert-not-listed"},
		{"an expert to transfer to", http.MethodPost, call + "/transfer", target("organization", paul), "expert-not-listed"},
		{"an agent to consult", http.MethodPost, call + "/consult", target("agent", "berta"), "request-invalid"},
		{"an agent to transfer to", http.MethodPost, call + "/transfer", target("agent", "berta"), "request-invalid"},
		{"an agent by the id at Entra", http.MethodPost, call + "/consult", target("agent", berta), "request-invalid"},
		{"a queue that is not ours", http.MethodPost, call + "/consult", target("queue", "q2"), "request-invalid"},
		{"an entry point that is not ours", http.MethodPost, call + "/consult", target("entryPoint", "e2"), "request-invalid"},
		{"an expert to reserve a number for", http.MethodPost, apiBase + "/reservations", target("organization", paul), "expert-not-listed"},
		{"an entry point to reserve a number for", http.MethodPost, apiBase + "/reservations", target("entryPoint", "e2"), "request-invalid"},
		{"a favourite", http.MethodPut, apiBase + "/experts/favourites/" + paul, "", "not-found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := s.standing()
			got := s.ask(s.token(home, anja), c.method, c.path, c.body)
			if got.problem() != c.want {
				t.Errorf("%d %s", got.status, got.body)
			}
			if diff := cmp.Diff(before, s.standing()); diff != "" {
				t.Errorf("changed something:\n%s", diff)
			}
		})
	}
	t.Run("whose presence to tell", func(t *testing.T) {
		got := s.ask(s.token(home, anja), http.MethodPost, apiBase+"/experts/presence/refresh", `{"ids":["`+paul+`"]}`).decode(t)
		want := map[string]any{"presences": []any{}, "failed": []any{map[string]any{"id": paul, "reason": "not-listed"}}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// TestARowOfTheSameIDInAnotherOrganizationIsAnother: administrators choose ids,
// and cannot reach a row beyond their own organisation by it.
func TestARowOfTheSameIDInAnotherOrganizationIsAnother(t *testing.T) {
	w := newWorld(t)
	s := besieged(w)
	before := w.ask(w.token(home, ada), http.MethodGet, apiBase+"/admin/agents/anja", "")
	made := w.ask(w.token(partner, petra), http.MethodPut, apiBase+"/admin/agents/anja", `{"name":"Nora Neu","subject":"nora","roles":["Admin"]}`)
	if made.status != http.StatusCreated {
		t.Fatalf("%d %s", made.status, made.body)
	}
	if after := w.ask(w.token(home, ada), http.MethodGet, apiBase+"/admin/agents/anja", ""); after.body != before.body {
		t.Errorf("was %s, is %s", before.body, after.body)
	}
	if got := w.ask(w.token(home, anja), http.MethodGet, apiBase+"/admin/agents", ""); got.problem() != string(slugRoleRequired) {
		t.Errorf("the role crossed over: %d %s", got.status, got.body)
	}
	if got := w.ask(w.token(partner, petra), http.MethodGet, apiBase+"/interactions/"+s.call, ""); got.problem() != string(slugNotFound) {
		t.Errorf("the call crossed over: %d %s", got.status, got.body)
	}
}
