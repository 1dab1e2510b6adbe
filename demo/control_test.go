package demo_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"teamsbridge/consult"
	"teamsbridge/demo"
)

// obey plays a service that journals everything the network tells.
func obey(t *testing.T, w *demo.World) <-chan consult.Event {
	t.Helper()
	heard := make(chan consult.Event, 100)
	go func() {
		defer close(heard)
		for e := range w.Network().Events() {
			if e.Ack != nil {
				e.Ack(nil)
			}
			heard <- e
		}
	}()
	return heard
}

func TestControlInterfacePlaysACall(t *testing.T) {
	w := newWorld(t, demo.Options{Seed: 1})
	heard := obey(t, w)
	agent := string(w.Agents()[0].ID)

	status, answer := ask(t, "POST", w.URL()+"/_control/calls", map[string]string{"agent": agent, "from": "+4915112345678"})
	id, _ := answer["interaction"].(string)
	if status != http.StatusOK || id == "" {
		t.Fatalf("starting a call: %d %v", status, answer)
	}
	call := <-heard
	if call.Kind != consult.EventCall || call.Call.Agent != agent || call.Call.From != "+4915112345678" || call.Call.Tenant != w.Tenants()[0] {
		t.Errorf("the service heard %+v", call)
	}

	expert := consult.Dial{Leg: "expert", Interaction: consult.InteractionID(id), Party: consult.PartyConsulted, Number: "+4930123456", Kind: consult.TargetDialNumber}
	if err := w.Network().Dial(t.Context(), expert); err != nil {
		t.Fatal(err)
	}
	if status, answer := ask(t, "POST", w.URL()+"/_control/calls/"+id+"/consulted/answer", nil); status != http.StatusOK {
		t.Fatalf("answering: %d %v", status, answer)
	}
	_, lines := ask(t, "GET", w.URL()+"/_control/lines", nil)
	states := map[string]any{}
	for _, l := range lines["lines"].([]any) {
		line := l.(map[string]any)
		states[line["party"].(string)] = line["state"]
	}
	for _, party := range []string{"customer", "agent", "consulted"} {
		if states[party] != "up" {
			t.Errorf("%s is %v, want up", party, states[party])
		}
	}
	if status, answer := ask(t, "POST", w.URL()+"/_control/calls/"+id+"/customer/hangup", nil); status != http.StatusOK {
		t.Errorf("hanging up: %d %v", status, answer)
	}
}

func TestControlInterfaceRefuses(t *testing.T) {
	w := newWorld(t, demo.Options{Seed: 1})
	obey(t, w)
	person := string(w.Agents()[0].ID)
	for _, c := range []struct {
		name, method, path, body string
		status                   int
	}{
		{"an unknown path", "GET", "/_control/nothing", "", 404},
		{"a call for nobody", "POST", "/_control/calls", `{"agent":"nobody","from":"+491"}`, 422},
		{"a call from nobody", "POST", "/_control/calls", `{"agent":"` + person + `"}`, 422},
		{"an unknown member", "POST", "/_control/calls", `{"agent":"x","from":"y","form":"z"}`, 400},
		{"no JSON", "POST", "/_control/calls", `agent=x`, 400},
		{"two JSON objects", "POST", "/_control/calls", `{"agent":"x","from":"y"}{}`, 400},
		{"a party that has no leg", "POST", "/_control/calls/none/consulted/answer", "", 409},
		{"an unknown party", "POST", "/_control/calls/none/manager/answer", "", 404},
		{"an unknown act", "POST", "/_control/calls/none/customer/sing", "", 404},
		{"a fault of an unknown operation", "POST", "/_control/switch/faults", `{"op":"explode","mode":"fail"}`, 422},
		{"a fault without a path", "POST", "/_control/faults", `{"status":500}`, 422},
		{"a fault that is no error", "POST", "/_control/faults", `{"route":"/v1.0","status":200}`, 422},
		{"a person of another organisation", "PUT", "/_control/users/" + person, `{"tenant":"other"}`, 422},
		{"an unknown property of a person", "PUT", "/_control/users/" + person, `{"phone":"1"}`, 400},
		{"somebody new in no organisation", "PUT", "/_control/users/11111111-1111-4111-8111-111111111111", `{"tenant":"other"}`, 422},
		{"removing nobody", "DELETE", "/_control/users/11111111-1111-4111-8111-111111111111", "", 404},
		{"revoking nobody's sign-ins", "POST", "/_control/users/11111111-1111-4111-8111-111111111111/revoke", "", 404},
		{"presence of nobody", "PUT", "/_control/users/11111111-1111-4111-8111-111111111111/presence", `{"availability":"Busy"}`, 404},
		{"no presence", "PUT", "/_control/users/" + person + "/presence", `{}`, 422},
		{"presence from before", "PUT", "/_control/users/" + person + "/presence", `{"availability":"Busy","lagMs":-1}`, 422},
		{"an unknown organisation", "PUT", "/_control/tenants/none", `{}`, 404},
		{"requests since never", "GET", "/_control/requests?since=never", "", 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			var body any
			if c.body != "" {
				body = c.body
			}
			status, answer := ask(t, c.method, w.URL()+c.path, body)
			if status != c.status || answer["detail"] == "" || answer["status"] != float64(c.status) {
				t.Errorf("%d %v, want a problem with status %d", status, answer, c.status)
			}
		})
	}
}

func TestForeignPagesCannotPlayTheWorld(t *testing.T) {
	w := newWorld(t, demo.Options{Seed: 1})
	req, err := http.NewRequestWithContext(t.Context(), "POST", w.URL()+"/_control/keys/rotate", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("status = %d, want 403", resp.StatusCode)
	}
}

func TestPeopleChange(t *testing.T) {
	w := newWorld(t, demo.Options{Seed: 1})
	const id = "22222222-2222-4222-8222-222222222222"
	status, person := ask(t, "PUT", w.URL()+"/_control/users/"+strings.ToUpper(id), `{"givenName":"Neu","surname":"Zugang","businessPhones":["030 23125900"]}`)
	if status != http.StatusOK || person["displayName"] != "Neu Zugang" || person["id"] != id || person["accountEnabled"] != true {
		t.Errorf("somebody new: %d %v", status, person)
	}
	status, person = ask(t, "PUT", w.URL()+"/_control/users/"+id, `{"jobTitle":"Notarin"}`)
	if status != http.StatusOK || person["jobTitle"] != "Notarin" || person["surname"] != "Zugang" {
		t.Errorf("what a change leaves out was lost: %d %v", status, person)
	}
	if status, answer := ask(t, "PUT", w.URL()+"/_control/users/"+id+"/presence", `{"availability":"Busy","activity":"InACall","lagMs":10}`); status != http.StatusOK {
		t.Errorf("presence: %d %v", status, answer)
	}
	if status, answer := ask(t, "DELETE", w.URL()+"/_control/users/"+id, nil); status != http.StatusOK {
		t.Errorf("removing: %d %v", status, answer)
	}
}

func TestRequestsToMicrosoftAreKept(t *testing.T) {
	w := newWorld(t, demo.Options{Seed: 1})
	_, before := ask(t, "GET", w.URL()+"/_control/requests", nil)
	ask(t, "GET", w.URL()+"/v1.0/users?$top=1", nil)
	ask(t, "POST", w.URL()+"/_control/faults", `{"route":"/v1.0/users","status":503,"retryAfter":2}`)
	ask(t, "GET", w.URL()+"/v1.0/users", nil)
	next, ok := before["next"].(float64)
	if !ok {
		t.Fatalf("answer without next: %v", before)
	}
	_, after := ask(t, "GET", w.URL()+"/_control/requests?since="+strconv.Itoa(int(next)), nil)
	var statuses []any
	for _, r := range after["requests"].([]any) {
		line := r.(map[string]any)
		if line["path"] != "/v1.0/users" || line["method"] != "GET" || line["time"] == "" {
			t.Errorf("request = %v", line)
		}
		statuses = append(statuses, line["status"])
	}
	if len(statuses) != 2 || statuses[0] != float64(401) || statuses[1] != float64(503) {
		t.Errorf("statuses = %v, want 401 without a token, then the fault's 503", statuses)
	}
}
