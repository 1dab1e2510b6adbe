package web

import (
	"net/http"
	"strings"
	"testing"

	"teamsbridge/consult"
)

// TestADamagedInteractionIsRefusedAndTheOthersAreNot: whatever is asked of it
// gets one clear answer and changes nothing.
func TestADamagedInteractionIsRefusedAndTheOthersAreNot(t *testing.T) {
	w := newWorld(t)
	const torn = `{"id":"damaged","owner":{"name":"` + marker
	fatal(t, w.store.Append(t.Context(), consult.Record{
		Interaction: "damaged", Tenant: home, Version: 1, Live: true, Owners: []string{"anja"},
		State: []byte(torn), Input: []byte(`{}`), Entry: []byte(`{}`),
	}))
	whole := w.call("anja")
	for _, c := range []struct {
		name           string
		tenant, person string
		method, below  string
		body           string
		status         int
		problem        string
	}{
		{"its owner's hold", home, anja, http.MethodPost, "/hold", "", http.StatusConflict, "interaction-damaged"},
		{"its owner's end", home, anja, http.MethodPost, "/end", "", http.StatusConflict, "interaction-damaged"},
		{"a consult with a body that makes no sense", home, anja, http.MethodPost, "/consult", `{"target":{}}`, http.StatusConflict, "interaction-damaged"},
		{"a supervisor's command", home, sofia, http.MethodPost, "/hold", "", http.StatusForbidden, "role-required"},
		{"reading it", home, anja, http.MethodGet, "", "", http.StatusConflict, "interaction-damaged"},
		{"reading its history", home, sofia, http.MethodGet, "/history", "", http.StatusConflict, "interaction-damaged"},
		{"another organisation", partner, berta, http.MethodPost, "/hold", "", http.StatusNotFound, "not-found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := w.ask(w.token(c.tenant, c.person), c.method, "/api/v1/interactions/damaged"+c.below, c.body, "Idempotency-Key", c.name)
			if a.status != c.status || a.problem() != c.problem {
				t.Errorf("%d %s, want %d %s", a.status, a.body, c.status, c.problem)
			}
			if strings.Contains(a.body, marker) || strings.Contains(a.body, "damaged:") {
				t.Errorf("what was read leaks: %s", a.body)
			}
		})
	}
	kept, err := w.store.Interaction(t.Context(), home, "damaged")
	fatal(t, err)
	if kept.Version != 1 || string(kept.State) != torn {
		t.Errorf("the damaged interaction is now %+v", kept)
	}
	list := w.ask(w.token(home, anja), http.MethodGet, "/api/v1/interactions", "").decode(t)["interactions"].([]any)
	if len(list) != 1 || list[0].(map[string]any)["id"] != whole {
		t.Errorf("the list is %v, want the whole interaction alone", list)
	}
	if a := w.ask(w.token(home, anja), http.MethodPost, "/api/v1/interactions/"+whole+"/hold", ""); a.status != http.StatusOK {
		t.Errorf("the whole one: %d %s", a.status, a.body)
	}
}
