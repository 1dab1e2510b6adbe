package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
	"teamsbridge/sso/ssotest"
)

// listen opens the event stream over HTTP and gives its events.
func (w *world) listen(token string, headers ...string) (next func(event string) sse) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.url+"/api/v1/events", nil)
	fatal(w.t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	fatal(w.t, err)
	w.t.Cleanup(func() { resp.Body.Close() })
	if ct := resp.Header.Get("Content-Type"); resp.StatusCode != http.StatusOK || ct != "text/event-stream" {
		w.t.Fatalf("status %d, Content-Type %q", resp.StatusCode, ct)
	}
	events := make(chan sse, 1000)
	go readEvents(resp.Body, events)
	return func(event string) sse {
		w.t.Helper()
		for e := range events {
			if e.event == event {
				return e
			}
		}
		w.t.Fatalf("stream ended before %s", event)
		return sse{}
	}
}

func (e sse) decode(t testing.TB) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(e.data), &v); err != nil {
		t.Fatalf("%v in %q", err, e.data)
	}
	return v
}

func TestBothAgentsHearOfAConsult(t *testing.T) {
	w := newWorld(t)
	one, two := w.token(home, anja), w.token(home, ben)
	first, second := w.listen(one), w.listen(two)
	if e := first("hello"); e.id == "" || e.decode(t)["stream"] == "" {
		t.Errorf("hello %+v", e)
	}
	second("hello")

	id := w.call("anja")
	if got := first("interaction").decode(t); got["id"] != id || got["role"] != "agent1" {
		t.Errorf("agent 1 hears %v as %v", got["id"], got["role"])
	}
	if got := first("session").decode(t)["state"].(map[string]any)["name"]; got != "engaged" {
		t.Errorf("agent 1 is %v", got)
	}
	w.ask(one, http.MethodPost, "/api/v1/interactions/"+id+"/consult", `{"target":{"kind":"agent","id":"ben"}}`)
	if got := second("interaction").decode(t); got["id"] != id || got["role"] != "agent2" {
		t.Errorf("agent 2 hears %v as %v", got["id"], got["role"])
	}
	w.ask(one, http.MethodPost, "/api/v1/interactions/"+id+"/consult/end", "")
	if got := second("interaction-gone").decode(t); got["id"] != id || got["reason"] != "withdrawn" {
		t.Errorf("agent 2 loses %v", got)
	}
}

func TestAStreamResumesOverHTTP(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, anja)
	last := w.listen(token)("hello").id
	id := w.call("anja")
	resumed := w.listen(token, "Last-Event-ID", last)
	if got := resumed("interaction").decode(t)["id"]; got != id {
		t.Errorf("missed %v", got)
	}
}

func TestPresenceComesForWhomTheStreamWatches(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, anja)
	next := w.listen(token)
	hello := next("hello")
	stream := hello.decode(t)["stream"].(string)
	w.presence.set(expertID60(3), "busy")

	watch := func(token, stream, body string) answered {
		return w.ask(token, http.MethodPut, "/api/v1/events/"+stream+"/watch", body)
	}
	if a := watch(token, stream, fmt.Sprintf(`{"ids":[%q,"nobody"]}`, expertID60(3))); a.status != http.StatusNoContent || a.body != "" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	seen := next("presence").decode(t)["presences"].([]any)
	if len(seen) != 1 {
		t.Fatalf("%d presences", len(seen))
	}
	one := seen[0].(map[string]any)
	if one["id"] != string(expertID60(3)) || one["availability"] != "busy" || one["source"] != "poll" || one["stale"] != false {
		t.Errorf("presence %v", one)
	}

	for _, c := range []struct {
		name, token, stream, body string
		status                    int
	}{
		{"another agent's stream", w.token(home, ben), stream, `{"ids":[]}`, 404},
		{"no such stream", token, "none", `{"ids":[]}`, 404},
		{"no such stream, before the body", token, "none", `{"nonsense":1}`, 404},
		{"651 ids", token, stream, `{"ids":[` + strings.TrimSuffix(strings.Repeat(`"x",`, 651), ",") + `]}`, 422},
		{"650 ids", token, stream, `{"ids":[` + strings.TrimSuffix(strings.Repeat(`"x",`, 650), ",") + `]}`, 204},
		{"no ids", token, stream, `{}`, 422},
		{"nobody any more", token, stream, `{"ids":[]}`, 204},
	} {
		t.Run(c.name, func(t *testing.T) {
			if a := watch(c.token, c.stream, c.body); a.status != c.status {
				t.Errorf("%d %s, want %d", a.status, a.body, c.status)
			}
		})
	}
}

func TestAResumedStreamWatchesOn(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, anja)
	next := w.listen(token)
	hello := next("hello")
	w.ask(token, http.MethodPut, "/api/v1/events/"+hello.decode(t)["stream"].(string)+"/watch", fmt.Sprintf(`{"ids":[%q]}`, expertID60(4)))
	last := next("presence").id
	again := w.listen(token, "Last-Event-ID", last)
	if got := again("presence").decode(t)["presences"].([]any)[0].(map[string]any)["id"]; got != string(expertID60(4)) {
		t.Errorf("presence of %v", got)
	}
}

func TestAChangeOfSingleSignOnIsTold(t *testing.T) {
	w := newWorld(t)
	next := w.listen(w.token(home, anja))
	next("hello")
	if a := w.ask(w.token(home, ada), http.MethodPut, "/api/v1/admin/organization/sso", `{"enabled":false}`); a.status != http.StatusOK {
		t.Fatal(a.body)
	}
	got := next("session").decode(t)
	if got["sso"].(map[string]any)["state"] != "disabled" || got["targets"].(map[string]any)["organization"] != false {
		t.Errorf("session %v", got)
	}
}

func TestAChangeOfSingleSignOnIsToldHoweverLateSomebodyListens(t *testing.T) {
	w := newWorld(t)
	p, err := w.deps.Verifier.Verify(t.Context(), w.token(home, anja))
	fatal(t, err)
	f := &feed{key: feedKeyOf(p), changed: make(chan struct{}), streams: map[string]*stream{}}
	subscribed := w.server.sources(p)
	_, err = w.deps.Organizations.SetEnabled(t.Context(), home, false)
	fatal(t, err)
	w.run(func(ctx context.Context) error {
		w.server.follow(ctx, p, f, subscribed)
		return nil
	})
	for seq := uint64(0); ; {
		later, last, next, _ := f.since(seq)
		if slices.ContainsFunc(later, func(e event) bool { return e.name == eventSession }) {
			return
		}
		seq = last
		<-next
	}
}

func TestTheSixthStreamIsRefusedOverHTTP(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, anja)
	for range maxStreams {
		w.listen(token)("hello")
	}
	a := w.ask(token, http.MethodGet, "/api/v1/events", "")
	if a.status != http.StatusTooManyRequests || a.problem() != "too-many-requests" || a.header.Get("Retry-After") == "" {
		t.Errorf("%d %s", a.status, a.body)
	}
	w.listen(w.token(home, ben))("hello") // somebody else has their own five
}

func TestAWithdrawnOfferIsGoneForAgentTwo(t *testing.T) {
	w := newWorld(t)
	one, two := w.token(home, anja), w.token(home, ben)
	next := w.listen(two)
	next("hello")
	id := w.call("anja")
	w.ask(one, http.MethodPost, "/api/v1/interactions/"+id+"/consult", `{"target":{"kind":"agent","id":"ben"}}`)
	next("interaction")
	if a := w.ask(two, http.MethodPost, "/api/v1/interactions/"+id+"/consult/decline", `{"reason":"Mittag"}`); a.status != http.StatusOK {
		t.Fatal(a.body)
	}
	next("interaction-gone")
	consulted := w.ask(one, http.MethodGet, "/api/v1/interactions/"+id, "").decode(t)["consult"].(map[string]any)
	if consulted["failure"] != "declined" || consulted["note"] != "Mittag" {
		t.Errorf("consult %v", consulted)
	}
	if err := w.network.Act(t.Context(), consult.InteractionID(id), consult.PartyCustomer, memswitch.ActHangup); err != nil {
		t.Fatal(err)
	}
}

func TestAStreamEndsWithItsToken(t *testing.T) {
	w := newWorld(t)
	// Just within the leeway for clocks that differ: verified, and over at once.
	token := w.entra.Forge(ssotest.Forgery{Tenant: home, Resource: serviceID, Client: serviceID, ObjectID: anja,
		Claims: map[string]any{"exp": time.Now().Add(-20 * time.Second).Unix()}})
	next := w.listen(token)
	next("hello")
	if got := next("session").decode(t)["expired"]; got != true {
		t.Errorf("session %v", got)
	}
}

func TestAHeadOfTheStreamEnds(t *testing.T) {
	w := newWorld(t)
	if a := w.ask(w.token(home, anja), http.MethodHead, "/api/v1/events", ""); a.status != 200 || a.header.Get("Content-Type") != "text/event-stream" {
		t.Errorf("%d %s", a.status, a.header)
	}
}
