package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
)

const carla = "a0000000-0000-4000-8000-000000000009" // an agent that admins add

// admin asks below /api/v1/admin/agents as an administrator of home.
func (w *world) admin(method, path, body string, headers ...string) answered {
	w.t.Helper()
	return w.ask(w.token(home, ada), method, "/api/v1/admin/agents"+path, body, headers...)
}

func (w *world) csv(path, file string) answered {
	w.t.Helper()
	return w.admin(http.MethodPost, path, file, "Content-Type", "text/csv; charset=utf-8")
}

// agentIDs gives the agents of home with their sources, in the list's order.
func (w *world) agentIDs() []string {
	w.t.Helper()
	var got agentsAnswer
	a := w.admin(http.MethodGet, "", "")
	if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.status != 200 {
		w.t.Fatalf("%d %v %s", a.status, err, a.body)
	}
	return mapped(got.Agents, func(r agentRow) string { return r.ID + " " + string(r.Source) })
}

func (w *world) wantAgents(want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.agentIDs()); diff != "" {
		w.t.Errorf("agents (-want +got):\n%s", diff)
	}
}

// locations are where the answer says that something is wrong.
func (a answered) locations(t *testing.T) []string {
	t.Helper()
	var p Problem
	if err := json.Unmarshal([]byte(a.body), &p); err != nil || a.status != 422 || p.Type != problemBase+"request-invalid" {
		t.Errorf("%d %s, want 422 request-invalid", a.status, a.body)
	}
	return mapped(p.Errors, func(e FieldError) string { return e.Location })
}

func TestTheAgentTableIsForAdministratorsOnly(t *testing.T) {
	w := newWorld(t)
	for route, kind := range map[string]string{
		"GET ": "", "GET /anja": "", "PUT /anja": "application/json", "DELETE /anja": "", "POST /import": "application/json",
	} {
		method, path, _ := strings.Cut(route, " ")
		for name, token := range map[string]string{"agent": w.token(home, anja), "supervisor": w.token(home, sofia)} {
			if a := w.ask(token, method, "/api/v1/admin/agents"+path, `{"nonsense":1}`, "Content-Type", kind); a.problem() != "role-required" {
				t.Errorf("%s as %s: %d %s", route, name, a.status, a.body)
			}
		}
		if a := w.ask("", method, "/api/v1/admin/agents"+path, ""); a.status != 401 {
			t.Errorf("%s without a token: %d", route, a.status)
		}
	}
}

func TestAnAdministratorCreatesChangesAndDeletesAnAgent(t *testing.T) {
	w := newWorld(t)
	row := `{"name":"Carla Conti","entraId":"` + carla + `","number":"+49 (30) 1009","country":"de","timeZone":"Europe/Berlin","team":"Süd","queues":["q1"],"roles":["Agent"]}`
	created := w.admin(http.MethodPut, "/carla", row)
	version := created.decode(t)["version"]
	if tag := fmt.Sprintf("%q", version); len(tag) < 10 || created.header.Get("ETag") != tag {
		t.Errorf("ETag %s, version %v", created.header.Get("ETag"), version)
	}
	want := map[string]any{
		"id": "carla", "name": "Carla Conti", "entraId": carla, "subject": nil, "number": "+49301009", "country": "DE", "timeZone": "Europe/Berlin",
		"team": "Süd", "queues": []any{"q1"}, "roles": []any{"Agent"}, "source": "admin", "version": version,
	}
	if diff := cmp.Diff(want, created.decode(t)); created.status != 201 || diff != "" {
		t.Fatalf("%d (-want +got):\n%s", created.status, diff)
	}
	if a := w.admin(http.MethodGet, "/carla", ""); a.status != 200 || a.body != created.body {
		t.Errorf("read: %d %s", a.status, a.body)
	}
	if a := w.admin(http.MethodPut, "/carla", created.body); a.status != 200 || a.body != created.body {
		t.Errorf("what was read sent back: %d %s", a.status, a.body)
	}
	w.wantAgents("anja file", "ben file", "carla admin")
	if a := w.ask(w.token(home, ben), http.MethodGet, "/api/v1/targets/agents?q=carla", ""); !strings.Contains(a.body, "Carla Conti") {
		t.Errorf("no target yet: %s", a.body)
	}
	if a := w.admin(http.MethodDelete, "/carla", ""); a.status != 204 || a.body != "" {
		t.Errorf("delete: %d %s", a.status, a.body)
	}
	if a := w.admin(http.MethodGet, "/carla", ""); a.problem() != "not-found" {
		t.Errorf("after the deletion: %d", a.status)
	}
	w.wantAgents("anja file", "ben file")
}

func TestARowIsChangedOnlyAsItWasRead(t *testing.T) {
	const row = `{"name":"Carla","subject":"carla"}`
	w := newWorld(t)
	first := w.admin(http.MethodPut, "/carla", row, "If-None-Match", "*")
	if first.status != 201 {
		t.Fatal(first.status, first.body)
	}
	stale := first.header.Get("ETag")
	second := w.admin(http.MethodPut, "/carla", `{"name":"Carla Conti","subject":"carla"}`, "If-Match", stale)
	if second.status != 200 || second.header.Get("ETag") == stale {
		t.Fatal(second.status, second.header.Get("ETag"), second.body)
	}
	for _, test := range []struct {
		name, method, path, body string
		headers                  []string
		want                     string
	}{
		{"a new row whose id is taken", http.MethodPut, "/carla", row, []string{"If-None-Match", "*"}, "version-conflict"},
		{"a change of what was changed meanwhile", http.MethodPut, "/carla", row, []string{"If-Match", stale}, "version-conflict"},
		{"a change of what is not there", http.MethodPut, "/dora", `{"name":"Dora","subject":"dora"}`, []string{"If-Match", stale}, "version-conflict"},
		{"a deletion of what was changed meanwhile", http.MethodDelete, "/carla", "", []string{"If-Match", stale}, "version-conflict"},
		{"a tag of somebody else's", http.MethodDelete, "/carla", "", []string{"If-Match", `"7"`}, "version-conflict"},
		{"a weak tag", http.MethodDelete, "/carla", "", []string{"If-Match", "W/" + stale}, "request-invalid"},
		{"two tags", http.MethodPut, "/carla", row, []string{"If-Match", stale + `, "7"`}, "request-invalid"},
		{"another tag that shall not be there", http.MethodPut, "/carla", row, []string{"If-None-Match", stale}, "request-invalid"},
		{"two conditions", http.MethodPut, "/carla", row, []string{"If-Match", stale, "If-None-Match", "*"}, "request-invalid"},
		{"what is wrong with the row is told first", http.MethodPut, "/carla", `{"name":""}`, []string{"If-Match", stale}, "request-invalid"},
		{"nobody's row is not found, whatever the condition", http.MethodDelete, "/dora", "", []string{"If-Match", stale}, "not-found"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if a := w.admin(test.method, test.path, test.body, test.headers...); a.problem() != test.want {
				t.Errorf("%d %s", a.status, a.body)
			}
			if a := w.admin(http.MethodGet, "/carla", ""); a.body != second.body {
				t.Errorf("the row is %s", a.body)
			}
		})
	}
	if a := w.admin(http.MethodDelete, "/carla", "", "If-Match", second.header.Get("ETag")); a.status != 204 {
		t.Error(a.status, a.body)
	}
}

func TestAnAdministratorsRowReplacesTheFilesUntilItIsDeleted(t *testing.T) {
	w := newWorld(t)
	agent := w.token(home, anja)
	if a := w.admin(http.MethodPut, "/anja", `{"name":"Anja Neu","entraId":"`+anja+`","number":"+49301001"}`); a.status != 200 {
		t.Fatal(a.status, a.body)
	}
	name := func() any {
		return w.ask(agent, http.MethodGet, "/api/v1/session", "").decode(t)["agent"].(map[string]any)["name"]
	}
	if got := name(); got != "Anja Neu" {
		t.Errorf("the session says %v", got)
	}
	w.wantAgents("anja admin", "ben file")
	if a := w.admin(http.MethodDelete, "/anja", ""); a.status != 204 {
		t.Fatal(a.status, a.body)
	}
	if got := name(); got != "Anja Weber" {
		t.Errorf("the session says %v", got)
	}
}

func TestRowsThatCannotStandAreRefusedWithTheirLocation(t *testing.T) {
	w := newWorld(t)
	for _, test := range []struct {
		name, path, body string
		want             []string
	}{
		{"no name", "/carla", `{"entraId":"` + carla + `"}`, []string{"body"}},
		{"an empty name", "/carla", `{"name":" ","entraId":"` + carla + `"}`, []string{"body.name"}},
		{"nobody who could sign in", "/carla", `{"name":"C"}`, []string{"body"}},
		{"an object id that is none", "/carla", `{"name":"C","entraId":"carla"}`, []string{"body.entraId"}},
		{"another agent's object id", "/carla", `{"name":"C","entraId":"` + anja + `"}`, []string{"body.entraId"}},
		{"another agent's number", "/carla", `{"name":"C","subject":"c","number":"+49 30 1001"}`, []string{"body.number"}},
		{"a number that is none", "/carla", `{"name":"C","subject":"c","number":"extension"}`, []string{"body.number"}},
		{"a place that does not exist", "/carla", `{"name":"C","subject":"c","country":"QX","timeZone":"Mars/Base"}`, []string{"body.country", "body.timeZone"}},
		{"a role nobody knows", "/carla", `{"name":"C","subject":"c","roles":["Agent","God"]}`, []string{"body.roles[1]"}},
		{"a queue twice", "/carla", `{"name":"C","subject":"c","queues":["q","q"]}`, []string{"body.queues[1]"}},
		{"a formula", "/carla", `{"name":"=HYPERLINK(1)","subject":"c"}`, []string{"body.name"}},
		{"a line break", "/carla", `{"name":"C\nC","subject":"c"}`, []string{"body.name"}},
		{"another id in the body", "/carla", `{"id":"other","name":"C","subject":"c"}`, []string{"body.id"}},
		{"an id with a blank", "/car%20la", `{"name":"C","subject":"c"}`, []string{"path.id"}},
		{"an unknown member", "/carla", `{"name":"C","subject":"c","password":"x"}`, []string{"body"}},
		{"a list that is a text", "/carla", `{"name":"C","subject":"c","queues":"q1"}`, []string{"body.queues"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := w.admin(http.MethodPut, test.path, test.body)
			if diff := cmp.Diff(test.want, a.locations(t)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", a.body, diff)
			}
		})
	}
	w.wantAgents("anja file", "ben file")
}

func TestWhoMayNotBeDeletedStays(t *testing.T) {
	w := newWorld(t)
	if a := w.admin(http.MethodDelete, "/nobody", ""); a.problem() != "not-found" {
		t.Errorf("nobody: %d %s", a.status, a.body)
	}
	if a := w.admin(http.MethodDelete, "/berta", ""); a.problem() != "not-found" {
		t.Errorf("of another organisation: %d %s", a.status, a.body)
	}
	if a := w.admin(http.MethodGet, "/berta", ""); a.problem() != "not-found" {
		t.Errorf("reading another organisation's: %d %s", a.status, a.body)
	}
	if got := w.admin(http.MethodDelete, "/ben", "").locations(t); !cmp.Equal(got, []string{"path.id"}) {
		t.Errorf("of the configuration: %v", got)
	}

	row := `{"name":"Carla","entraId":"` + carla + `","number":"+49301009"}`
	w.admin(http.MethodPut, "/carla", row)
	id := w.call("carla")
	if got := w.admin(http.MethodDelete, "/carla", "").locations(t); !cmp.Equal(got, []string{"path.id"}) {
		t.Errorf("in a call: %v", got)
	}
	if a := w.admin(http.MethodPut, "/carla", strings.Replace(row, "Carla", "Carla Conti", 1)); a.status != 200 {
		t.Errorf("changed in a call: %d %s", a.status, a.body)
	}
	fatal(t, w.network.Act(t.Context(), consult.InteractionID(id), consult.PartyCustomer, memswitch.ActHangup))
	w.wantAgents("anja file", "ben file", "carla admin")
}

func TestWhoseRowIsGoneIsUnknownAndLosesTheStream(t *testing.T) {
	w := newWorld(t)
	w.admin(http.MethodPut, "/nina", `{"name":"Nina","entraId":"`+nina+`"}`)
	token := w.token(home, nina)
	next := w.listen(token)
	next("hello")
	other := w.listen(w.token(home, ben))
	other("hello")
	if a := w.admin(http.MethodDelete, "/nina", ""); a.status != 204 {
		t.Fatal(a.status, a.body)
	}
	if got := next("session").decode(t); got["expired"] != true {
		t.Errorf("session %v", got)
	}
	other("targets")
	if a := w.ask(token, http.MethodGet, "/api/v1/session", ""); a.status != 403 || a.problem() != "agent-unknown" {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestWhatTheStoreRefusesIsNotDone(t *testing.T) {
	w := newWorld(t)
	row := `{"name":"C","subject":"c"}`
	w.admin(http.MethodPut, "/carla", row)
	w.sessions.RefuseAgents(errors.New("disk full"))
	for what, a := range map[string]answered{
		"put":    w.admin(http.MethodPut, "/dora", `{"name":"D","subject":"d"}`),
		"delete": w.admin(http.MethodDelete, "/carla", ""),
		"import": w.csv("/import", "id,name,subject\ndora,Dora,d\n"),
	} {
		if a.status != 503 || a.problem() != "storage-unavailable" || strings.Contains(a.body, "disk") {
			t.Errorf("%s: %d %s", what, a.status, a.body)
		}
	}
	w.wantAgents("anja file", "ben file", "carla admin")
}

func TestAFileOfAgentsIsImportedWhole(t *testing.T) {
	w := newWorld(t)
	file := "\ufeffid;name;entraId;subject;number;country;timeZone;team;queues;roles\r\n" +
		"carla;\"Conti; Carla\";" + carla + ";;+49 30 1009;DE;Europe/Berlin;Süd;q1|q2;Agent|Supervisor\r\n" +
		"ben;Ben Neu;" + ben + ";;+49301002;DE;;;;\r\n" +
		"anja;Anja Weber;" + anja + ";;+49301001;DE;;;;\r\n" +
		";;;;;;;;;\r\n"
	for _, step := range []struct {
		path string
		kept []string
	}{
		{"/import?dryRun=true", []string{"anja file", "ben file"}},
		{"/import", []string{"anja file", "ben admin", "carla admin"}},
	} {
		a := w.csv(step.path, file)
		if diff := cmp.Diff(map[string]any{"created": 1.0, "updated": 1.0, "unchanged": 1.0, "problems": []any{}}, a.decode(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.path, diff)
		}
		w.wantAgents(step.kept...)
	}
	got := w.admin(http.MethodGet, "/carla", "").decode(t)
	for member, want := range map[string]any{"name": "Conti; Carla", "number": "+49301009", "queues": []any{"q1", "q2"}, "roles": []any{"Agent", "Supervisor"}, "subject": nil} {
		if diff := cmp.Diff(want, got[member]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", member, diff)
		}
	}
	if again := w.csv("/import", file).decode(t); again["unchanged"] != 3.0 {
		t.Errorf("again: %v", again)
	}
}

func TestAFileWithAnyProblemImportsNothingAndTellsAll(t *testing.T) {
	w := newWorld(t)
	file := "id,name,subject,number,roles\n" +
		"carla,Carla,c,+49301009,Agent\n" +
		"dora,,d,+49301009,God\n" +
		"emil,\"Emil\nEmilio\",e,,\n" +
		"fritz,Fritz\n" +
		"greta,=1+1,g,+49301001,\n"
	want := []any{
		map[string]any{"line": 3.0, "column": "name", "message": "must not be empty", "code": "empty", "values": map[string]any{}},
		map[string]any{"line": 3.0, "column": "number", "message": "the same as another agent's (line 2)", "code": "taken", "values": map[string]any{"line": 2.0}},
		map[string]any{"line": 3.0, "column": "roles", "message": "must be one of Agent, Supervisor, Admin", "code": "role-unknown", "values": map[string]any{}},
		map[string]any{"line": 4.0, "column": "name", "message": "holds a line break, tabulator or other control character", "code": "control-character", "values": map[string]any{}},
		map[string]any{"line": 6.0, "column": nil, "message": "has 2 values, the header 5", "code": "value-count", "values": map[string]any{"values": 2.0, "columns": 5.0}},
		map[string]any{"line": 7.0, "column": "number", "message": "the same as another agent's", "code": "taken", "values": map[string]any{}},
		map[string]any{"line": 7.0, "column": "name", "message": "must not begin with =, +, - or @, which spreadsheets take for a formula", "code": "formula", "values": map[string]any{}},
	}
	trial := w.csv("/import?dryRun=true", file)
	if diff := cmp.Diff(map[string]any{"created": 0.0, "updated": 0.0, "unchanged": 0.0, "problems": want}, trial.decode(t)); trial.status != 200 || diff != "" {
		t.Errorf("%d (-want +got):\n%s", trial.status, diff)
	}
	locations := []string{
		"body.line[3].name", "body.line[3].number", "body.line[3].roles", "body.line[4].name", "body.line[6]", "body.line[7].number", "body.line[7].name",
	}
	if diff := cmp.Diff(locations, w.csv("/import", file).locations(t)); diff != "" {
		t.Errorf("locations (-want +got):\n%s", diff)
	}
	w.wantAgents("anja file", "ben file")
}

func TestFilesThatAreNoFilesOfAgentsAreRefused(t *testing.T) {
	w := newWorld(t)
	many := "id,name,subject\n" + strings.Repeat("x,X,x\n", maxImportRows+1)
	for name, test := range map[string]struct{ file, want string }{
		"only a header that is empty": {"\n", "body.line[1]"},
		"an unknown column":           {"id,name,password\n", "body.line[1]"},
		"a column twice":              {"id,name,id\n", "body.line[1].id"},
		"a header without an id":      {"name,subject\n", "body.line[1].id"},
		"Latin-1":                     {"id,name,subject\nj,J\xfcrgen,j\n", "body.line[2]"},
		"a quote astray":              {"id,name,subject\na,A,a\nb,\"B,b\n", "body.line[3]"},
		"too many rows":               {many, fmt.Sprintf("body.line[%d]", maxImportRows+2)},
	} {
		locations := w.csv("/import", test.file).locations(t)
		if len(locations) == 0 || locations[len(locations)-1] != test.want {
			t.Errorf("%s: %d problems, want one at %s", name, len(locations), test.want)
		}
	}
	if a := w.csv("/import", ""); a.problem() != "request-invalid" {
		t.Errorf("nothing: %d %s", a.status, a.body)
	}
	if a := w.csv("/import", strings.Repeat("x", maxImportBytes+1)); a.status != 413 || a.problem() != "too-large" {
		t.Errorf("too large: %d %s", a.status, a.body)
	}
	for _, kind := range []string{"application/json", "text/plain", "text/csv; charset=latin1", "multipart/form-data; boundary=x"} {
		if a := w.admin(http.MethodPost, "/import", "id,name\n", "Content-Type", kind); a.status != 415 {
			t.Errorf("%s: %d %s", kind, a.status, a.body)
		}
	}
}
