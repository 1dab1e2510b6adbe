package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
)

func TestSearchJoinsDirectoryAndPresence(t *testing.T) {
	w := newWorld(t)
	w.presence.set(expertID60(7), "busy")
	a := w.ask(w.token(home, anja), http.MethodGet, "/api/v1/experts?q=muster07", "")
	got := a.decode(t)
	experts := got["experts"].([]any)
	if len(experts) != 1 {
		t.Fatalf("%d experts: %s", len(experts), a.body)
	}
	one := experts[0].(map[string]any)
	presence := one["presence"].(map[string]any)
	delete(presence, "observedAt")
	delete(presence, "ageSeconds")
	want := map[string]any{
		"id": string(expertID60(7)), "name": "Erika Muster07", "givenName": "Erika", "surname": "Muster07",
		"role": "Steuerberaterin", "department": "Finanzen", "number": "+49301234507",
		"presence": map[string]any{"availability": "busy", "activity": "busy", "stale": false, "source": "poll", "outOfOffice": false, "reason": nil},
	}
	if diff := cmp.Diff(want, one); diff != "" {
		t.Error(diff)
	}
	if got["total"] != 1.0 || got["next"] != nil || got["checked"] != nil {
		t.Errorf("total %v, next %v, checked %v", got["total"], got["next"], got["checked"])
	}
	if source := got["directory"].(map[string]any)["source"]; source != "index" {
		t.Errorf("directory %v", got["directory"])
	}
}

// pages follows the cursors of a search to its end.
func (w *world) pages(token, query string) (ids []string, first map[string]any) {
	w.t.Helper()
	cursor := ""
	for {
		a := w.ask(token, http.MethodGet, "/api/v1/experts?"+query+"&cursor="+url.QueryEscape(cursor), "")
		if a.status != http.StatusOK {
			w.t.Fatalf("%d %s", a.status, a.body)
		}
		page := a.decode(w.t)
		if first == nil {
			first = page
		}
		for _, e := range page["experts"].([]any) {
			ids = append(ids, e.(map[string]any)["id"].(string))
		}
		if page["next"] == nil {
			return ids, first
		}
		cursor = page["next"].(string)
	}
}

func TestPagesGiveEveryExpertOnce(t *testing.T) {
	w := newWorld(t)
	ids, first := w.pages(w.token(home, anja), "q=erika&limit=7")
	seen := map[string]bool{}
	for _, id := range ids {
		seen[id] = true
	}
	if len(ids) != 60 || len(seen) != 60 || first["total"] != 60.0 {
		t.Errorf("%d ids, %d different, total %v", len(ids), len(seen), first["total"])
	}
}

func TestAvailableOnesComeFirstAndUnknownOnesStay(t *testing.T) {
	w := newWorld(t)
	w.presence.set(expertID60(9), "available")
	w.presence.set(expertID60(5), "availableIdle")
	w.presence.set(expertID60(2), "not-told")
	w.presence.set(expertID60(3), "busy")
	ids, first := w.pages(w.token(home, anja), "q=erika&available=true&limit=2")
	want := []string{string(expertID60(5)), string(expertID60(9)), string(expertID60(2))}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Error(diff)
	}
	if first["checked"] != 60.0 || first["total"] != 3.0 {
		t.Errorf("checked %v, total %v", first["checked"], first["total"])
	}
}

func TestACursorOfAvailablePeopleIsFrozenAndBound(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, anja)
	for i := range 4 {
		w.presence.set(expertID60(i), "available")
	}
	first := w.ask(token, http.MethodGet, "/api/v1/experts?available=true&limit=2", "").decode(t)
	cursor := url.QueryEscape(first["next"].(string))
	w.presence.set(expertID60(2), "busy")
	w.ask(token, http.MethodPost, "/api/v1/experts/presence/refresh", fmt.Sprintf(`{"ids":[%q]}`, expertID60(2)))

	second := w.ask(token, http.MethodGet, "/api/v1/experts?available=true&limit=2&cursor="+cursor, "").decode(t)
	experts := second["experts"].([]any)
	if len(experts) != 2 || experts[0].(map[string]any)["presence"].(map[string]any)["availability"] != "busy" {
		t.Errorf("second page %v", experts)
	}
	for _, c := range []struct{ name, token, query string }{
		{"another agent", w.token(home, ben), "available=true&cursor=" + cursor},
		{"another search", token, "available=true&q=muster&cursor=" + cursor},
		{"not the same filter", token, "q=&cursor=" + cursor},
		{"a garbled one", token, "available=true&cursor=abc"},
		{"an offset of one's own", token, "available=true&cursor=" + strings.Split(cursor, ".")[0] + ".999"},
		{"a garbled one of the text search", token, "cursor=abc"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := w.ask(c.token, http.MethodGet, "/api/v1/experts?"+c.query, "")
			if a.status != 422 || a.problem() != "request-invalid" || !strings.Contains(a.body, `"query.cursor"`) {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
}

func TestWhatASearchIsRefusedFor(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, anja)
	for _, c := range []struct {
		name, query string
		status      int
		problem     string
	}{
		{"limit 0", "limit=0", 422, "request-invalid"},
		{"limit 201", "limit=201", 422, "request-invalid"},
		{"limit 200", "limit=200", 200, ""},
		{"a limit that is no number", "limit=all", 422, "request-invalid"},
		{"available that is no boolean", "available=yes", 422, "request-invalid"},
		{"10,000 characters", "q=" + strings.Repeat("a", 10000), 422, "request-invalid"},
		{"operators, literally", "q=" + url.QueryEscape(`" OR 1 eq 1 or startswith(`), 200, ""},
		{"control characters, literally", "q=%00%01", 200, ""},
		{"half a telephone number", "q=" + url.QueryEscape("+49 30 1234"), 422, "phone-incomplete"},
		{"a complete one", "q=" + url.QueryEscape("030 12345-07"), 200, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := w.ask(token, http.MethodGet, "/api/v1/experts?"+c.query, "")
			if a.status != c.status || a.problem() != c.problem {
				t.Errorf("%d %s, want %d %s", a.status, a.body, c.status, c.problem)
			}
		})
	}
}

func TestOneExpert(t *testing.T) {
	w := newWorld(t)
	path := "/api/v1/experts/" + string(expertID60(7))
	if got := w.ask(w.token(home, anja), http.MethodGet, path, "").decode(t)["name"]; got != "Erika Muster07" {
		t.Errorf("name %v", got)
	}
	if a := w.ask(w.token(partner, berta), http.MethodGet, path, ""); a.status != http.StatusNotFound {
		t.Errorf("for another organisation: %d %s", a.status, a.body)
	}
	if a := w.ask(w.token(home, anja), http.MethodGet, "/api/v1/experts/nobody", ""); a.problem() != "not-found" {
		t.Errorf("nobody: %d %s", a.status, a.body)
	}
}

func TestRefreshIsNewAndStaysInTheOrganization(t *testing.T) {
	w := newWorld(t)
	w.presence.set(expertID60(1), "away")
	body := fmt.Sprintf(`{"ids":[%q,%q,"e1000000-0000-4000-8000-000000000000"]}`, expertID60(1), expertID60(1))
	got := w.ask(w.token(home, anja), http.MethodPost, "/api/v1/experts/presence/refresh", body).decode(t)
	presences := got["presences"].([]any)
	if len(presences) != 1 || presences[0].(map[string]any)["source"] != "refresh" || presences[0].(map[string]any)["availability"] != "away" {
		t.Errorf("presences %v", presences)
	}
	want := []any{map[string]any{"id": "e1000000-0000-4000-8000-000000000000", "reason": "not-listed"}}
	if diff := cmp.Diff(want, got["failed"]); diff != "" {
		t.Error(diff)
	}
	for name, ids := range map[string]int{"none": 0, "651": 651} {
		body := `{"ids":[` + strings.TrimSuffix(strings.Repeat(`"x",`, ids), ",") + `]}`
		if a := w.ask(w.token(home, anja), http.MethodPost, "/api/v1/experts/presence/refresh", body); a.problem() != "request-invalid" {
			t.Errorf("%s ids: %d %s", name, a.status, a.body)
		}
	}
}

func TestGraphAwayShowsAsUnknownPresenceWithItsReason(t *testing.T) {
	w := newWorld(t)
	w.presence.away = graph.ErrUnavailable
	got := w.ask(w.token(home, anja), http.MethodGet, "/api/v1/experts?q=muster07", "").decode(t)
	presence := got["experts"].([]any)[0].(map[string]any)["presence"]
	want := map[string]any{
		"availability": "unknown", "activity": nil, "observedAt": nil, "ageSeconds": nil,
		"stale": true, "source": nil, "outOfOffice": false, "reason": "unavailable",
	}
	if diff := cmp.Diff(want, presence); diff != "" {
		t.Error(diff)
	}
}

func TestOnlyAnAdminAsksWhySomebodyIsMissing(t *testing.T) {
	w := newWorld(t)
	for name, token := range map[string]string{"agent": w.token(home, anja), "supervisor": w.token(home, sofia)} {
		a := w.ask(token, http.MethodGet, "/api/v1/experts/missing?q=otto", "")
		if a.problem() != "role-required" || a.decode(t)["role"] != "Admin" {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	admin := w.token(home, ada)
	people := w.ask(admin, http.MethodGet, "/api/v1/experts/missing?q=otto", "").decode(t)["people"].([]any)
	want := map[string]any{"id": "f0000000-0000-4000-8000-000000000001", "name": "Otto Ohne", "reason": "no-business-phone"}
	if diff := cmp.Diff(want, people[0]); diff != "" {
		t.Error(diff)
	}
	if listed := people[1].(map[string]any)["reason"]; listed != nil {
		t.Errorf("a listed person is missing because of %v", listed)
	}
	if a := w.ask(admin, http.MethodGet, "/api/v1/experts/missing", ""); a.problem() != "request-invalid" {
		t.Errorf("without q: %d %s", a.status, a.body)
	}
	w.people.mu.Lock()
	w.people.away = &graph.ThrottledError{RetryAfter: 7e9}
	w.people.mu.Unlock()
	if a := w.ask(admin, http.MethodGet, "/api/v1/experts/missing?q=otto", ""); a.status != 503 || a.header.Get("Retry-After") != "7" || a.decode(t)["since"] == nil {
		t.Errorf("throttled: %d %s", a.status, a.body)
	}
}

func TestSearchMayAskForSignOn(t *testing.T) {
	w := newWorld(t, func(c *Config, w *world) { c.ExpertsSearch = "sso" })
	token := w.token(home, anja)
	if a := w.ask(token, http.MethodGet, "/api/v1/experts", ""); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if _, err := w.deps.Organizations.SetEnabled(t.Context(), home, false); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", "/" + string(expertID60(1)), "/favourites", "/recent", "/labels"} {
		if a := w.ask(token, http.MethodGet, "/api/v1/experts"+path, ""); a.problem() != "sso-required" {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	if a := w.ask(token, http.MethodPut, favouritePath(expertID60(1)), ""); a.problem() != "sso-required" {
		t.Errorf("marking: %d %s", a.status, a.body)
	}
}
