package explain_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/consult/dial"
	"teamsbridge/consult/explain"
	"teamsbridge/graph"
	"teamsbridge/sso"
)

const (
	tenant = "aaaaaaaa-0000-4000-8000-000000000001"
	anja   = "a0000000-0000-4000-8000-000000000001"
	carl   = "c0000000-0000-4000-8000-000000000003"
)

// world is a small one in which everything is in order until a test breaks it.
type world struct {
	row      sso.Agent
	checks   []sso.Check
	admitted bool
	require  sso.Require
	dial     dial.Config
	found    graph.Expert
	reason   graph.Reason
	indexed  bool
	err      error
	signedIn [2]bool // signed in, known
	refused  string  // whom Microsoft refused as not assigned
	trunk    explain.Trunk
}

func whole() *world {
	return &world{
		row:      sso.Agent{ID: "anja", Tenant: tenant, EntraID: anja, Name: "Anja", Number: "+4930100100", Country: "DE"},
		admitted: true, require: sso.RequireAlways,
		checks: []sso.Check{{Name: sso.CheckSwitch, Result: sso.CheckOK}, {Name: sso.CheckAppEnabled, Result: sso.CheckOK}},
		found:  graph.Expert{ID: carl, Name: "Carl", Number: "+493012345678"}, indexed: true,
		signedIn: [2]bool{true, true}, trunk: explain.Trunk{Known: true, Ready: true},
	}
}

func (w *world) Checks(asked string) ([]sso.Check, bool) {
	return w.checks, w.admitted && asked == tenant
}

func (w *world) NotAssigned(asked, objectID string) bool {
	return asked == tenant && objectID != "" && objectID == w.refused
}

func (w *world) Why(context.Context, graph.TenantID, graph.UserID) (graph.Expert, graph.Reason, bool, error) {
	if w.err != nil || w.reason != "" {
		return graph.Expert{}, w.reason, false, w.err
	}
	return w.found, "", w.indexed, nil
}

func (w *world) explain(t *testing.T, q explain.Question) explain.Explanation {
	t.Helper()
	agents, err := sso.NewAgents([]sso.Agent{w.row})
	if err != nil {
		t.Fatal(err)
	}
	return explain.New(explain.Deps{
		Agents: agents, Organizations: w, Experts: w, Require: w.require, Dial: w.dial,
		SignedIn: func(context.Context, sso.Agent) (bool, bool) { return w.signedIn[0], w.signedIn[1] },
		Trunk:    func(context.Context) explain.Trunk { return w.trunk },
	}).Explain(t.Context(), q)
}

// told is a step without its words.
func told(e explain.Explanation) []string {
	var lines []string
	for _, s := range e.Steps {
		lines = append(lines, strings.TrimSpace(string(s.Name)+" "+string(s.State)+" "+s.Actor))
	}
	return lines
}

func TestEverythingInOrderIsGreenFromTheSignInToTheLine(t *testing.T) {
	for _, agent := range []string{"anja", anja, strings.ToUpper(anja)} {
		got := whole().explain(t, explain.Question{Tenant: tenant, Agent: agent, Expert: carl})
		want := []string{
			"organization green", "agent green", "agent-identity green", "agent-telephone green", "signed-in green",
			"sso-switch green", "sso-app-enabled green", "expert green", "number green", "policy green", "trunk green",
		}
		if diff := cmp.Diff(want, told(got)); diff != "" || got.State() != explain.Green {
			t.Errorf("%s, %s", got.State(), diff)
		}
	}
}

func TestWhatIsBrokenIsNamedWithWhoHealsIt(t *testing.T) {
	for _, row := range []struct {
		name  string
		broke func(*world)
		state explain.State
		want  string
	}{
		{"the organisation is not admitted", func(w *world) { w.admitted = false }, explain.Red, "organization red operator"},
		{"the agent has no object id", func(w *world) { w.row.EntraID, w.row.Subject = "", "cc|anja" }, explain.Red, "agent-identity red admin"},
		{"nor does the browser need one", func(w *world) { w.row.EntraID, w.row.Subject, w.require = "", "cc|anja", sso.RequireInTeams }, explain.Yellow, "agent-identity yellow admin"},
		{"Microsoft refused the agent as not assigned", func(w *world) { w.refused = anja }, explain.Red, "agent-identity red admin"},
		{"the agent has no telephone", func(w *world) { w.row.Number = "" }, explain.Yellow, "agent-telephone yellow admin"},
		{"nobody is signed in", func(w *world) { w.signedIn[0] = false }, explain.Yellow, "signed-in yellow agent"},
		{"nobody knows whether they are", func(w *world) { w.signedIn[1] = false }, explain.Yellow, "signed-in unknown"},
		{"the application is disabled", func(w *world) { w.checks[1].Result, w.checks[1].Actor = sso.CheckFailed, "admin" }, explain.Red, "sso-app-enabled red admin"},
		{"which does not stop browsers", func(w *world) {
			w.checks[1].Result, w.checks[1].Actor, w.require = sso.CheckFailed, "admin", sso.RequireInTeams
		}, explain.Yellow, "sso-app-enabled yellow admin"},
		{"something ends soon", func(w *world) { w.checks[1].Result = sso.CheckWarning }, explain.Yellow, "sso-app-enabled yellow"},
		{"something is not known", func(w *world) { w.checks[1].Result = sso.CheckUnknown }, explain.Yellow, "sso-app-enabled unknown"},
		{"the expert has no telephone", func(w *world) { w.reason = graph.ReasonNoBusinessPhone }, explain.Red, "expert red admin"},
		{"the expert is disabled", func(w *world) { w.reason = graph.ReasonDisabled }, explain.Red, "expert red admin"},
		{"the expert is a guest", func(w *world) { w.reason = graph.ReasonGuest }, explain.Red, "expert red admin"},
		{"the account is of another type", func(w *world) { w.reason = graph.ReasonOtherType }, explain.Red, "expert red admin"},
		{"the account was removed", func(w *world) { w.reason = graph.ReasonUnknown }, explain.Red, "expert red admin"},
		{"the configuration hides the expert", func(w *world) { w.reason = graph.ReasonFiltered }, explain.Red, "expert red operator"},
		{"searches do not find the expert yet", func(w *world) { w.indexed = false }, explain.Yellow, "expert yellow"},
		{"nobody has the expert's id", func(w *world) { w.err = graph.ErrNotFound }, explain.Red, "expert red admin"},
		{"Graph refuses", func(w *world) { w.err = &graph.DeniedError{Code: "Authorization_RequestDenied", RequestID: "r"} }, explain.Red, "expert red admin"},
		{"Graph is away", func(w *world) { w.err = graph.ErrUnavailable }, explain.Yellow, "expert unknown"},
		{"Graph wants somebody signed in", func(w *world) { w.err = graph.ErrSignInRequired }, explain.Yellow, "expert unknown agent"},
		{"something nobody thought of", func(w *world) { w.err = errors.New("boom") }, explain.Yellow, "expert unknown"},
		{"the number is too short", func(w *world) { w.found.Number = "12" }, explain.Red, "number red admin"},
		{"a rule forbids it", func(w *world) { w.dial.Policy = []dial.Rule{{Pattern: "+49*", Roles: []string{"Agent"}}} }, explain.Red, "policy red operator"},
		{"an emergency number", func(w *world) { w.found.Number = "112" }, explain.Yellow, "policy yellow agent"},
		{"which is refused here", func(w *world) { w.found.Number, w.dial.Emergency = "112", dial.EmergencyRefuse }, explain.Red, "policy red operator"},
		{"the agent's own number", func(w *world) { w.found.Number = "+49 30 100100" }, explain.Red, "policy red admin"},
		{"the service is not ready", func(w *world) { w.trunk.Ready = false }, explain.Red, "trunk red operator"},
		{"no service answered", func(w *world) { w.trunk.Known = false }, explain.Yellow, "trunk unknown operator"},
		{"no peer of the trunk answers", func(w *world) { w.trunk.Peers = 2 }, explain.Red, "trunk red operator"},
		{"one peer of the trunk does not", func(w *world) { w.trunk.Peers, w.trunk.Well = 2, 1 }, explain.Yellow, "trunk yellow operator"},
		{"no telephone rings", func(w *world) { w.trunk.Simulated = true }, explain.Yellow, "trunk yellow operator"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := whole()
			row.broke(w)
			got := w.explain(t, explain.Question{Tenant: tenant, Agent: "anja", Expert: carl})
			if got.State() != row.state || !strings.Contains(strings.Join(told(got), "\n")+"\n", row.want+"\n") {
				t.Errorf("%s, want %s and %s in\n%s", got.State(), row.state, row.want, strings.Join(told(got), "\n"))
			}
			for _, s := range got.Steps {
				for _, language := range []string{"en", "de"} {
					if !strings.HasPrefix(string(s.Name), "sso-") && (s.Title(language) == "" || s.Detail(language) == "") {
						t.Errorf("%s %s has no words in %s", s.Name, s.State, language)
					}
				}
			}
		})
	}
}

func TestWhatComesAfterSomebodyUnknownIsNotGuessed(t *testing.T) {
	got := whole().explain(t, explain.Question{Tenant: tenant, Agent: "nobody", Expert: carl})
	want := []string{
		"organization green", "agent red admin", "agent-identity unknown", "agent-telephone unknown", "signed-in unknown",
		"sso-switch green", "sso-app-enabled green", "expert green", "number unknown", "policy unknown", "trunk green",
	}
	if diff := cmp.Diff(want, told(got)); diff != "" {
		t.Error(diff)
	}
}

func TestAnotherOrganisationsAgentIsNotKnown(t *testing.T) {
	const other = "bbbbbbbb-0000-4000-8000-000000000002"
	got := whole().explain(t, explain.Question{Tenant: other, Agent: "anja", Expert: carl})
	if got.Agent.Name != "" || got.Expert.Name != "" || got.State() != explain.Red {
		t.Errorf("%+v", got)
	}
}

func TestWithoutAnExpertTheWayEndsBeforeThem(t *testing.T) {
	got := whole().explain(t, explain.Question{Tenant: tenant, Agent: "anja"})
	text, err := json.Marshal(got.Document("de"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"expert":{"id":null,"name":null,"number":null}`, `"state":"green"`, `"title":"Agent ist angemeldet"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
	if strings.Contains(strings.Join(told(got), " "), "expert") {
		t.Error(told(got))
	}
}
