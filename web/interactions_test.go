package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
)

func TestAnInteractionIsShownWhole(t *testing.T) {
	w := newWorld(t)
	id := w.call("anja")
	a := w.ask(w.token(home, anja), http.MethodGet, "/api/v1/interactions/"+id, "")
	got := a.decode(t)
	if want := fmt.Sprintf(`"%v"`, got["version"]); a.header.Get("ETag") != want {
		t.Errorf("ETag %s, want %s", a.header.Get("ETag"), want)
	}
	delete(got, "startedAt")
	delete(got["customer"].(map[string]any), "since")
	no := func(reason string) map[string]any { return map[string]any{"allowed": false, "reason": reason} }
	yes := map[string]any{"allowed": true}
	want := map[string]any{
		"id": id, "version": got["version"], "phase": "active", "role": "agent1",
		"customer": map[string]any{"number": "+4915112345", "name": nil, "state": "connected", "waits": false, "holds": false},
		"owner":    map[string]any{"id": "anja", "name": "Anja Weber", "holds": false},
		"pending":  nil, "consult": nil, "wrapUp": nil,
		"actions": map[string]any{
			"hold": yes, "consult": yes, "coldTransfer": yes, "end": yes,
			"resume": no("wrong-phase"), "resumeExpert": no("wrong-phase"), "endConsult": no("wrong-phase"),
			"accept": no("not-your-part"), "decline": no("not-your-part"), "transfer": no("none-to-transfer-to"),
			"conference": no("wrong-phase"), "leave": no("wrong-phase"), "wrapUp": no("wrong-phase"), "pauseWrapUp": no("wrong-phase"),
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAConsultWithAnExpertGoesTheWholeWay(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, anja)
	id := w.call("anja")
	path := "/api/v1/interactions/" + id
	until := w.awaits(token, id)
	command := func(action, body, wantPhase string) map[string]any {
		t.Helper()
		a := w.ask(token, http.MethodPost, path+action, body)
		if a.status != http.StatusOK {
			t.Fatalf("%s: %d %s", action, a.status, a.body)
		}
		got := a.decode(t)
		if got["phase"] != wantPhase {
			t.Fatalf("%s: phase %v, want %s", action, got["phase"], wantPhase)
		}
		return got
	}
	command("/hold", "", "held")
	command("/resume", "{}", "active")
	view := command("/consult", fmt.Sprintf(`{"target":{"kind":"organization","id":%q}}`, expertID60(1)), "consult_requested")
	target := view["consult"].(map[string]any)["target"]
	want := map[string]any{"kind": "organization", "id": string(expertID60(1)), "name": "Erika Muster01", "number": "+49301234501", "numberChanged": false}
	if diff := cmp.Diff(want, target); diff != "" {
		t.Error(diff)
	}
	until("consult_requested") // and the telephone rings
	if err := w.network.Act(t.Context(), consult.InteractionID(id), consult.PartyConsulted, memswitch.ActAnswer); err != nil {
		t.Fatal(err)
	}
	until("consulting")
	command("/resume", "", "swapped")
	command("/consult/resume", "", "consulting")
	command("/conference", "", "conferenced")
	command("/leave", "", "transferred")
	wrapped := command("/wrap-up", `{"code":"done","note":"gut"}`, "transferred")
	if wrapped["wrapUp"] != nil || wrapped["owner"] != nil {
		t.Errorf("after wrap-up: wrapUp %v, owner %v", wrapped["wrapUp"], wrapped["owner"])
	}

	history := w.ask(token, http.MethodGet, path+"/history", "").decode(t)["entries"].([]any)
	var phases []string
	for i, e := range history {
		entry := e.(map[string]any)
		if int(entry["version"].(float64)) != i+1 {
			t.Errorf("entry %d has version %v", i, entry["version"])
		}
		phases = append(phases, entry["to"].(string))
	}
	if last := phases[len(phases)-1]; last != "transferred" {
		t.Errorf("history ends in %s", last)
	}
}

// awaits gives a function that waits until the interaction has come to a phase.
func (w *world) awaits(token, id string) (until func(phase string)) {
	w.t.Helper()
	p, err := w.deps.Verifier.Verify(w.t.Context(), token)
	fatal(w.t, err)
	changes, stop := w.deps.Engine.Subscribe(p)
	w.t.Cleanup(stop)
	return func(phase string) {
		w.t.Helper()
		for c := range changes {
			if c.View != nil && string(c.View.ID) == id && string(c.View.Phase) == phase && c.View.Pending == nil {
				return
			}
		}
		w.t.Fatalf("the engine ended before %s", phase)
	}
}

func TestTheListHoldsTheCallersOwn(t *testing.T) {
	w := newWorld(t)
	id := w.call("anja")
	w.call("ben")
	for _, c := range []struct {
		name, token string
		want        int
	}{
		{"an agent sees their own", w.token(home, anja), 1},
		{"a supervisor sees all of the organisation", w.token(home, sofia), 2},
		{"an admin sees none", w.token(home, ada), 0},
		{"another organisation sees none", w.token(partner, berta), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := w.ask(c.token, http.MethodGet, "/api/v1/interactions", "").decode(t)["interactions"].([]any)
			if len(got) != c.want {
				t.Errorf("%d interactions, want %d", len(got), c.want)
			}
		})
	}
	if a := w.ask(w.token(partner, berta), http.MethodGet, "/api/v1/interactions/"+id, ""); a.status != http.StatusNotFound {
		t.Errorf("another organisation reads it: %d", a.status)
	}
}

// TestRefusalsComeInTheContractsOrder breaks a request in more than one way
// and expects the refusal that comes first.
func TestRefusalsComeInTheContractsOrder(t *testing.T) {
	w := newWorld(t)
	id := w.call("anja")
	path := "/api/v1/interactions/" + id
	if _, err := w.deps.Organizations.SetEnabled(t.Context(), home, false); err != nil {
		t.Fatal(err)
	}
	const nonsense = `{"nonsense":1}`
	expert := fmt.Sprintf(`{"target":{"kind":"organization","id":%q}}`, expertID60(1))
	strange := `{"target":{"kind":"organization","id":"nobody"}}`
	owner, other, spectator := w.token(home, anja), w.token(home, ben), w.token(home, sofia)
	for _, c := range []struct {
		name, token, path, body string
		headers                 []string
		status                  int
		problem                 string
	}{
		{"sign-in before everything", "", path + "/consult", nonsense, nil, 401, "sign-in-required"},
		{"existence before the body", owner, "/api/v1/interactions/none/consult", nonsense, nil, 404, "not-found"},
		{"others' before the body", other, path + "/consult", nonsense, nil, 404, "not-found"},
		{"the role before the body", spectator, path + "/consult", nonsense, nil, 403, "role-required"},
		{"a garbled body before the version", owner, path + "/consult", `{"target"`, []string{"If-Match", `"99"`}, 400, "malformed"},
		{"the body's content before the version", owner, path + "/consult", nonsense, []string{"If-Match", `"99"`}, 422, "request-invalid"},
		{"the body before the phase", owner, path + "/transfer", nonsense, nil, 422, "request-invalid"},
		{"a weak tag is malformed", owner, path + "/consult", expert, []string{"If-Match", `W/"1"`}, 400, "malformed"},
		{"the version before the phase", owner, path + "/conference", "", []string{"If-Match", `"99"`}, 412, "version-conflict"},
		{"the version before sign-on", owner, path + "/consult", expert, []string{"If-Match", `"99"`}, 412, "version-conflict"},
		{"the phase before the rest", owner, path + "/conference", "", nil, 409, "wrong-phase"},
		{"sign-on before the expert", owner, path + "/consult", strange, nil, 403, "sso-required"},
		{"sign-on for a listed one", owner, path + "/consult", expert, nil, 403, "sso-required"},
		{"a number nobody can dial", owner, path + "/consult", `{"target":{"kind":"dialNumber","number":"1"}}`, nil, 422, "dial-number-invalid"},
		{"an expert's number needs sign-on too", owner, path + "/consult", `{"target":{"kind":"dialNumber","number":"+49301234501"}}`, nil, 403, "sso-required"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := w.ask(c.token, http.MethodPost, c.path, c.body, c.headers...)
			if a.status != c.status || a.problem() != c.problem {
				t.Errorf("%d %s, want %d %s", a.status, a.body, c.status, c.problem)
			}
		})
	}
	after := w.ask(owner, http.MethodGet, path, "").decode(t)
	if after["version"] != 1.0 || after["phase"] != "active" {
		t.Errorf("a refusal changed something: version %v, phase %v", after["version"], after["phase"])
	}
}

func TestCommandsAreCheckedWordByWord(t *testing.T) {
	w := newWorld(t)
	path := "/api/v1/interactions/" + w.call("anja")
	token := w.token(home, anja)
	for _, c := range []struct {
		name, action, body string
		headers            []string
		status             int
		location           string
	}{
		{"a target without a kind", "/consult", `{"target":{"id":"x"}}`, nil, 422, "body.target"},
		{"an unknown kind", "/consult", `{"target":{"kind":"friend","id":"x"}}`, nil, 422, "body.target.kind"},
		{"a number where an id belongs", "/consult", `{"target":{"kind":"agent","number":"123"}}`, nil, 422, "body.target.number"},
		{"an id where a number belongs", "/consult", `{"target":{"kind":"dialNumber","id":"x"}}`, nil, 422, "body.target.number"},
		{"no target", "/consult", `{}`, nil, 422, "body"},
		{"no body", "/consult", ``, nil, 422, "body"},
		{"a body where none belongs", "/hold", `{"why":"x"}`, nil, 422, "body"},
		{"null is no object", "/hold", `null`, nil, 422, "body"},
		{"an empty key", "/hold", ``, []string{"Idempotency-Key", ""}, 422, "header.Idempotency-Key"},
		{"a key of 256 characters", "/hold", ``, []string{"Idempotency-Key", fmt.Sprintf("%0256d", 0)}, 422, "header.Idempotency-Key"},
		{"a key with other than ASCII", "/hold", ``, []string{"Idempotency-Key", "schlüssel"}, 422, "header.Idempotency-Key"},
		{"a wrap-up without a reason", "/wrap-up", `{}`, nil, 422, "body"},
		{"a note of 2,001 characters, whatever the phase", "/wrap-up", fmt.Sprintf(`{"code":"done","note":%q}`, strings.Repeat("ü", 2001)), nil, 422, "body.note"},
		{"an agent consulting themself", "/consult", `{"target":{"kind":"agent","id":"anja"}}`, nil, 422, "body.target.id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := w.ask(token, http.MethodPost, path+c.action, c.body, c.headers...)
			if a.status != c.status || a.problem() != "request-invalid" {
				t.Fatalf("%d %s", a.status, a.body)
			}
			first := a.decode(t)["errors"].([]any)[0].(map[string]any)
			if first["location"] != c.location {
				t.Errorf("location %v, want %s", first["location"], c.location)
			}
		})
	}
}

// TestARepeatOutlivesThePart is about answers that were lost on their way to
// somebody who may not see the interaction any more.
func TestARepeatOutlivesThePart(t *testing.T) {
	w := newWorld(t)
	path := "/api/v1/interactions/" + w.call("anja")
	ben, key := w.token(home, ben), []string{"Idempotency-Key", "k1"}
	if a := w.ask(w.token(home, anja), http.MethodPost, path+"/consult", `{"target":{"kind":"agent","id":"ben"}}`); a.status != http.StatusOK {
		t.Fatal(a.body)
	}
	first := w.ask(ben, http.MethodPost, path+"/consult/decline", `{"reason":"lunch"}`, key...)
	if first.status != http.StatusOK || w.ask(ben, http.MethodGet, path, "").status != http.StatusNotFound {
		t.Fatalf("the decline ends ben's part: %d %s", first.status, first.body)
	}
	for _, c := range []struct {
		name, token, body string
		headers           []string
		status            int
		problem           string
	}{
		{"the same key gets the first answer", ben, `{"reason":"lunch"}`, key, 200, ""},
		{"the same key with another body", ben, `{"reason":"tea"}`, key, 422, "request-invalid"},
		{"another key", ben, `{"reason":"lunch"}`, []string{"Idempotency-Key", "k2"}, 404, "not-found"},
		{"no key", ben, `{"nonsense":1}`, nil, 404, "not-found"},
		{"somebody else's key", w.token(home, sofia), `{"nonsense":1}`, key, 403, "role-required"},
		{"the key in another organisation", w.token(partner, berta), `{"reason":"lunch"}`, key, 404, "not-found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := w.ask(c.token, http.MethodPost, path+"/consult/decline", c.body, c.headers...)
			if a.status != c.status || a.problem() != c.problem {
				t.Errorf("%d %s", a.status, a.body)
			}
			if c.status == http.StatusOK && a.body != first.body {
				t.Errorf("%s, want %s", a.body, first.body)
			}
		})
	}
	if a := w.ask(ben, http.MethodPost, path+"/leave", "", key...); a.status != http.StatusNotFound {
		t.Errorf("the key at another address: %d %s", a.status, a.body)
	}
}

func TestAnIdempotentCommandIsAnsweredOnce(t *testing.T) {
	w := newWorld(t)
	path := "/api/v1/interactions/" + w.call("anja")
	token := w.token(home, anja)
	key := []string{"Idempotency-Key", "k1"}
	first := w.ask(token, http.MethodPost, path+"/hold", "", key...)
	again := w.ask(token, http.MethodPost, path+"/hold", " {} ", key...)
	if first.status != http.StatusOK || again.body != first.body {
		t.Errorf("first %d %s\nagain %d %s", first.status, first.body, again.status, again.body)
	}
	w.ask(token, http.MethodPost, path+"/resume", "")
	used := w.ask(token, http.MethodPost, path+"/consult", `{"target":{"kind":"agent","id":"ben"}}`, "Idempotency-Key", "k2")
	other := w.ask(token, http.MethodPost, path+"/consult", `{"target":{"kind":"queue","id":"q1"}}`, "Idempotency-Key", "k2")
	if used.status != http.StatusOK || other.problem() != "request-invalid" {
		t.Errorf("used %d %s\nother %d %s", used.status, used.body, other.status, other.body)
	}
}

func TestIfMatchIsReadAsTheStandardSays(t *testing.T) {
	seven, none := uint64(7), uint64(0)
	for _, c := range []struct {
		header string
		want   *uint64
		ok     bool
	}{
		{"", nil, true},
		{"*", nil, true},
		{`"7"`, &seven, true},
		{` "7" `, &seven, true},
		{`"abc"`, &none, true},
		{`W/"7"`, nil, false},
		{`7`, nil, false},
		{`"7`, nil, false},
		{`"6", "7"`, nil, false},
		{`"`, nil, false},
	} {
		t.Run(c.header, func(t *testing.T) {
			got, ok := expectedVersion(c.header)
			if ok != c.ok || !cmp.Equal(got, c.want) {
				t.Errorf("%v %v, want %v %v", got, ok, c.want, c.ok)
			}
		})
	}
}
