package web

import (
	"net/http"
	"strings"
	"testing"
)

func stepsOf(t *testing.T, a answered) map[string]map[string]any {
	t.Helper()
	if a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	steps := map[string]map[string]any{}
	for _, s := range a.decode(t)["steps"].([]any) {
		step := s.(map[string]any)
		steps[step["step"].(string)] = step
	}
	return steps
}

func TestAnAdminLearnsWhyAnAgentReachesAnExpert(t *testing.T) {
	w := newWorld(t)
	path := "/api/v1/admin/explain?agent=anja&expert=" + string(expertID60(1))
	before := stepsOf(t, w.ask(w.token(home, ada), http.MethodGet, path, ""))
	if got := before["signed-in"]; got["state"] != "yellow" || got["actor"] != "agent" {
		t.Errorf("before the page is open: %v", got)
	}
	w.listen(w.token(home, anja))("hello")
	after := stepsOf(t, w.ask(w.token(home, ada), http.MethodGet, path, ""))
	for _, step := range []string{"organization", "agent", "agent-identity", "signed-in", "sso-switch", "expert", "number", "policy"} {
		if after[step]["state"] != "green" {
			t.Errorf("%s: %v", step, after[step])
		}
	}
	if got := after["trunk"]; got["state"] != "yellow" {
		t.Errorf("trunk: %v", got)
	}
}

func TestAnExplanationSpeaksTheReadersLanguage(t *testing.T) {
	w := newWorld(t)
	for language, want := range map[string]string{"de-AT": "Agent ist eingerichtet", "en": "Agent is set up"} {
		steps := stepsOf(t, w.ask(w.token(home, ada), http.MethodGet, "/api/v1/admin/explain?agent=nobody", "", "Accept-Language", language))
		if steps["agent"]["title"] != want || steps["agent"]["state"] != "red" {
			t.Errorf("%s: %v", language, steps["agent"])
		}
	}
}

func TestAnExplanationStaysInTheOrganization(t *testing.T) {
	w := newWorld(t)
	a := w.ask(w.token(home, ada), http.MethodGet, "/api/v1/admin/explain?agent=berta", "")
	if steps := stepsOf(t, a); steps["agent"]["state"] != "red" || a.decode(t)["agent"].(map[string]any)["name"] != nil {
		t.Errorf("the partner's agent: %s", a.body)
	}
}

func TestAnExplanationNeedsAnAgentAndAnAdmin(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ name, token, query, want string }{
		{"an agent asks", w.token(home, anja), "?agent=anja", "role-required"},
		{"a supervisor asks", w.token(home, sofia), "?agent=anja", "role-required"},
		{"about nobody", w.token(home, ada), "", "request-invalid"},
		{"about an id that nobody has", w.token(home, ada), "?agent=" + strings.Repeat("x", 129), "request-invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if a := w.ask(c.token, http.MethodGet, "/api/v1/admin/explain"+c.query, ""); a.problem() != c.want {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
}
