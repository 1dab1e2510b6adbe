package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/consult"
)

const (
	reservations  = apiBase + "/reservations"
	reserveExpert = `{"target":{"kind":"organization","id":"%s"}}`
)

func (w *world) reserve(token, body string, headers ...string) answered {
	return w.ask(token, http.MethodPost, reservations, body, headers...)
}

func TestAReservationGivesANumberAndTheExpert(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, anja)
	got := w.reserve(token, fmt.Sprintf(reserveExpert, expertID60(1)))
	if got.status != http.StatusCreated {
		t.Fatalf("%d %s", got.status, got.body)
	}
	made := got.decode(t)
	expert, _ := made["expert"].(map[string]any)
	if made["state"] != "reserved" || made["dial"] != "+49305551" || made["code"] != nil || expert["id"] != string(expertID60(1)) || expert["presence"] == nil {
		t.Errorf("made %s", got.body)
	}
	id, _ := made["id"].(string)
	if read := w.ask(token, http.MethodGet, reservations+"/"+id, ""); read.status != http.StatusOK || read.body != got.body {
		t.Errorf("read %d %s", read.status, read.body)
	}
	recent := w.ask(token, http.MethodGet, apiBase+"/experts/recent", "")
	if !strings.Contains(recent.body, string(expertID60(1))) {
		t.Errorf("not among the consulted experts: %s", recent.body)
	}
}

func TestReservationsThatAreRefused(t *testing.T) {
	w := newWorld(t)
	number := `{"target":{"kind":"dialNumber","number":%q}}`
	for _, c := range []struct {
		name, tenant, person, body string
		status                     int
		want                       string
	}{
		{"nobody", "", "", fmt.Sprintf(number, "+49305019"), 401, "sign-in-required"},
		{"a supervisor who is no agent", home, sofia, fmt.Sprintf(number, "+49305019"), 403, "role-required"},
		{"an agent as the target", home, anja, `{"target":{"kind":"agent","id":"ben"}}`, 422, "request-invalid"},
		{"a queue as the target", home, anja, `{"target":{"kind":"queue","id":"q1"}}`, 422, "request-invalid"},
		{"an entry point that is not there", home, anja, `{"target":{"kind":"entryPoint","id":"e9"}}`, 422, "request-invalid"},
		{"no target", home, anja, `{}`, 422, "request-invalid"},
		{"an expert who is not listed", home, anja, fmt.Sprintf(reserveExpert, "nobody"), 422, "expert-not-listed"},
		{"an expert where sign-on is off", partner, berta, fmt.Sprintf(reserveExpert, "e1000000-0000-4000-8000-000000000000"), 403, "sso-required"},
		{"two digits", home, anja, fmt.Sprintf(number, "12"), 422, "dial-number-invalid"},
		{"letters", home, anja, fmt.Sprintf(number, "1 800 FLOWERS"), 422, "dial-number-invalid"},
		{"an emergency number that is not confirmed", home, anja, fmt.Sprintf(number, "112"), 422, "dial-not-allowed"},
		{"the caller's own number", home, anja, fmt.Sprintf(number, "+49301001"), 422, "dial-not-allowed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			token := ""
			if c.tenant != "" {
				token = w.token(c.tenant, c.person)
			}
			if got := w.reserve(token, c.body); got.status != c.status || got.problem() != c.want {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
	if live, err := w.store.LiveReservations(t.Context()); err != nil || len(live) > 0 {
		t.Errorf("a refusal left %v, %v", live, err)
	}
}

func TestTheLastNumberIsForAColleagueAndWhoComesAfterThemIsToldWhenToComeBack(t *testing.T) {
	w := newWorld(t)
	anjas, bens := w.token(home, anja), w.token(home, ben)
	for i, c := range []struct {
		token  string
		status int
		want   string
	}{
		{anjas, 201, ""}, {anjas, 201, ""},
		{anjas, 429, "too-many-reservations"},
		{bens, 201, ""},
		{bens, 503, "consult-numbers-taken"},
	} {
		got := w.reserve(c.token, bodies["reserve"])
		if got.status != c.status || got.problem() != c.want || (got.header.Get("Retry-After") == "") != (c.want == "") {
			t.Errorf("request %d: %d %v %s", i, got.status, got.header, got.body)
		}
	}
}

func TestTheSameKeyGetsTheSameReservation(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, anja)
	first := w.reserve(token, bodies["reserve"], "Idempotency-Key", "k")
	again := w.reserve(token, `{ "target": {"number":"+49305019", "kind":"dialNumber"} }`, "Idempotency-Key", "k")
	if diff := cmp.Diff(first.body, again.body); diff != "" || again.status != http.StatusCreated {
		t.Errorf("again %d (-first +again):\n%s", again.status, diff)
	}
	if other := w.reserve(token, `{"target":{"kind":"entryPoint","id":"e1"}}`, "Idempotency-Key", "k"); other.problem() != "request-invalid" {
		t.Errorf("another body: %d %s", other.status, other.body)
	}
	if bens := w.reserve(w.token(home, ben), bodies["reserve"], "Idempotency-Key", "k"); bens.body == first.body {
		t.Error("a colleague's key gave the same reservation")
	}
	if empty := w.reserve(token, bodies["reserve"], "Idempotency-Key", ""); empty.problem() != "request-invalid" {
		t.Errorf("an empty key: %d %s", empty.status, empty.body)
	}
}

func TestAReservationIsWithdrawnUntilItIsConnected(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, anja)
	made := w.reserve(token, bodies["reserve"]).decode(t)
	address := reservations + "/" + fmt.Sprint(made["id"])
	for range 2 {
		if got := w.ask(token, http.MethodDelete, address, ""); got.status != http.StatusNoContent {
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
	if got := w.ask(token, http.MethodGet, address, "").decode(t); got["state"] != "failed" || got["reason"] != "withdrawn" {
		t.Errorf("withdrawn, and is %v", got)
	}
	next := w.reserve(token, bodies["reserve"]).decode(t)
	call, err := w.book.Claim(t.Context(), fmt.Sprint(next["dial"]), "")
	fatal(t, err)
	fatal(t, call.Connected(t.Context()))
	got := w.ask(token, http.MethodDelete, reservations+"/"+fmt.Sprint(next["id"]), "")
	if got.status != http.StatusConflict || got.problem() != "wrong-phase" || got.decode(t)["phase"] != "connected" {
		t.Errorf("%d %s", got.status, got.body)
	}
	call.Over(t.Context(), consult.FailureReason(""))
	if got := w.ask(token, http.MethodDelete, reservations+"/"+fmt.Sprint(next["id"]), ""); got.status != http.StatusNoContent {
		t.Errorf("over already: %d %s", got.status, got.body)
	}
}

func TestOnlyTheMakerSeesAReservation(t *testing.T) {
	w := newWorld(t)
	made := w.reserve(w.token(home, anja), bodies["reserve"]).decode(t)
	for _, who := range [][2]string{{home, ben}, {home, sofia}, {home, ada}, {partner, berta}} {
		for _, method := range []string{http.MethodGet, http.MethodDelete} {
			if got := w.ask(w.token(who[0], who[1]), method, reservations+"/"+fmt.Sprint(made["id"]), ""); got.problem() != "not-found" {
				t.Errorf("%s by %s: %d %s", method, who[1], got.status, got.body)
			}
		}
	}
}
