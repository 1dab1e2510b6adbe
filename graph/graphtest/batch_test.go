package graphtest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"teamsbridge/sso/ssotest"
)

// batched is one answer out of a batch.
type batched struct {
	ID      string
	Status  int
	Headers map[string]string
	Body    json.RawMessage
}

// batch sends requests as one and gives the answers by id.
func (r *rig) batch(token, requests string) (map[string]batched, answer) {
	r.t.Helper()
	a := r.do(http.MethodPost, "http://graph.test/v1.0/$batch", token, strings.NewReader(`{"requests":[`+requests+`]}`))
	var body struct{ Responses []batched }
	if err := json.Unmarshal([]byte(a.raw), &body); err != nil {
		r.t.Fatal(err)
	}
	byID := make(map[string]batched)
	for _, one := range body.Responses {
		byID[one.ID] = one
	}
	return byID, a
}

func TestEachRequestOfABatchIsAnsweredByItself(t *testing.T) {
	r := newRig(t, 30)
	me := r.org.Users[0].ID
	r.InjectFault(ssotest.Fault{Route: "/v1.0/groups", Status: 429, RetryAfter: 7})
	all, _ := r.batch(all, strings.Join([]string{
		`{"id":"one","method":"GET","url":"/users/` + me + `?$select=displayName"}`,
		`{"id":"relative","method":"GET","url":"users?$top=1"}`,
		`{"id":"advanced","method":"GET","url":"/users?$filter=surname ne 'X'&$count=true&$top=1","headers":{"ConsistencyLevel":"eventual"}}`,
		`{"id":"no header","method":"GET","url":"/users?$filter=surname ne 'X'&$count=true&$top=1"}`,
		`{"id":"nobody","method":"GET","url":"/users/` + contoso + `"}`,
		`{"id":"presences","method":"POST","url":"/communications/getPresencesByUserId","headers":{"Content-Type":"application/json"},"body":{"ids":["` + me + `"]}}`,
		`{"id":"count","method":"GET","url":"/users/$count","headers":{"consistencylevel":"eventual"}}`,
		`{"id":"busy","method":"GET","url":"/groups"}`,
		`{"id":"wrong method","method":"DELETE","url":"/users/` + me + `"}`,
		`{"id":"another batch","method":"POST","url":"/$batch","headers":{"Content-Type":"application/json"},"body":{}}`,
		`{"id":"another host","method":"GET","url":"https://graph.microsoft.com/v1.0/users"}`,
	}, ","))
	for id, want := range map[string]int{
		"one": 200, "relative": 200, "advanced": 200, "no header": 400, "nobody": 404, "presences": 200, "count": 200, "busy": 429,
		"wrong method": 405, "another batch": 400, "another host": 404,
	} {
		if got := all[id]; got.Status != want {
			t.Errorf("%s: %d %s, want %d", id, got.Status, got.Body, want)
		}
	}
	if busy := all["busy"]; busy.Headers["Retry-After"] != "7" || !strings.Contains(string(busy.Body), "TooManyRequests") {
		t.Errorf("a throttled request of a batch: %v %s", busy.Headers, busy.Body)
	}
	if one := all["one"]; one.Headers["X-Ms-Resource-Unit"] != "1" || !strings.Contains(string(one.Body), r.org.Users[0].DisplayName) {
		t.Errorf("one person: %v %s", one.Headers, one.Body)
	}
	var text string
	if err := json.Unmarshal(all["count"].Body, &text); err != nil || text != base64.StdEncoding.EncodeToString([]byte("30")) {
		t.Errorf("a count: %s, %v", all["count"].Body, err)
	}
}

func TestARequestThatDependsOnAFailedOneFails(t *testing.T) {
	r := newRig(t, 20)
	all, _ := r.batch(all, strings.Join([]string{
		`{"id":"1","method":"GET","url":"/users/` + contoso + `"}`,
		`{"id":"2","method":"GET","url":"/users?$top=1","dependsOn":["1"]}`,
		`{"id":"3","method":"GET","url":"/users?$top=1","dependsOn":["2"]}`,
		`{"id":"4","method":"GET","url":"/users?$top=1"}`,
		`{"id":"5","method":"GET","url":"/users?$top=1","dependsOn":["4"]}`,
	}, ","))
	for id, want := range map[string]int{"1": 404, "2": 424, "3": 424, "4": 200, "5": 200} {
		if all[id].Status != want {
			t.Errorf("request %s: %d, want %d", id, all[id].Status, want)
		}
	}
}

func TestABatchHasTheTokensPermissionsOnly(t *testing.T) {
	r := newRig(t, 20)
	answers, _ := r.batch("users only", `{"id":"1","method":"GET","url":"/users?$top=1"},
		{"id":"2","method":"GET","url":"/communications/presences/`+r.org.Users[0].ID+`","headers":{"Authorization":"Bearer `+all+`"}}`)
	if answers["1"].Status != http.StatusOK || answers["2"].Status != http.StatusForbidden {
		t.Errorf("people %d, presence %d", answers["1"].Status, answers["2"].Status)
	}
	if _, a := r.batch("forged", `{"id":"1","method":"GET","url":"/users"}`); a.status != http.StatusUnauthorized {
		t.Errorf("without a token: %d", a.status)
	}
}

func TestAMalformedBatchFailsAsAWhole(t *testing.T) {
	r := newRig(t, 20)
	var many []string
	for n := range maxBatch + 1 {
		many = append(many, fmt.Sprintf(`{"id":"%d","method":"GET","url":"/users"}`, n))
	}
	for name, requests := range map[string]string{
		"nothing in it":                   ``,
		"twenty-one requests":             strings.Join(many, ","),
		"no id":                           `{"method":"GET","url":"/users"}`,
		"an id twice, whatever its case":  `{"id":"a","method":"GET","url":"/users"},{"id":"A","method":"GET","url":"/users"}`,
		"no method":                       `{"id":"1","url":"/users"}`,
		"a method that HTTP has not":      `{"id":"1","method":"READ","url":"/users"}`,
		"no url":                          `{"id":"1","method":"GET"}`,
		"a body without its content type": `{"id":"1","method":"POST","url":"/communications/getPresencesByUserId","body":{"ids":[]}}`,
		"an unknown member":               `{"id":"1","method":"GET","url":"/users","priority":"high"}`,
		"a member in another case":        `{"id":"1","Method":"GET","url":"/users"}`,
		"a dependency that is not there":  `{"id":"1","method":"GET","url":"/users","dependsOn":["2"]}`,
		"a dependency on what comes later": `{"id":"1","method":"GET","url":"/users","dependsOn":["2"]},
			{"id":"2","method":"GET","url":"/users"}`,
	} {
		t.Run(name, func(t *testing.T) {
			if _, a := r.batch(all, requests); a.status != http.StatusBadRequest || a.body.Error.Code != "BadRequest" {
				t.Errorf("%d %s", a.status, a.raw)
			}
		})
	}
	if a := r.get("/$batch", ""); a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") != "POST" {
		t.Errorf("GET /$batch: %d", a.status)
	}
}
