package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
)

// kept are the ids of one of the caller's lists, in order.
func (w *world) kept(token, list string) []string {
	w.t.Helper()
	a := w.ask(token, http.MethodGet, "/api/v1/experts/"+list, "")
	if a.status != http.StatusOK {
		w.t.Fatalf("%s: %d %s", list, a.status, a.body)
	}
	var ids []string
	for _, e := range a.decode(w.t)["experts"].([]any) {
		ids = append(ids, e.(map[string]any)["id"].(string))
	}
	return ids
}

func favouritePath(id graph.UserID) string { return "/api/v1/experts/favourites/" + string(id) }

func TestFavouritesAreAnAgentsOwn(t *testing.T) {
	w := newWorld(t)
	w.presence.set(expertID60(7), "busy")
	token := w.token(home, anja)
	for _, n := range []int{7, 3, 7} {
		if a := w.ask(token, http.MethodPut, favouritePath(expertID60(n)), ""); a.status != http.StatusNoContent {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	if diff := cmp.Diff([]string{string(expertID60(7)), string(expertID60(3))}, w.kept(token, "favourites")); diff != "" {
		t.Error(diff)
	}
	got := w.ask(token, http.MethodGet, "/api/v1/experts/favourites", "").decode(t)
	first := got["experts"].([]any)[0].(map[string]any)
	if first["name"] != "Erika Muster07" || first["number"] != "+49301234507" || first["presence"].(map[string]any)["availability"] != "busy" {
		t.Errorf("favourite %v", first)
	}
	for name, other := range map[string]string{"a colleague": w.token(home, ben), "another organisation": w.token(partner, berta)} {
		if ids := w.kept(other, "favourites"); ids != nil {
			t.Errorf("%s sees %v", name, ids)
		}
	}
	for range 2 {
		if a := w.ask(token, http.MethodDelete, favouritePath(expertID60(7)), ""); a.status != http.StatusNoContent {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	if diff := cmp.Diff([]string{string(expertID60(3))}, w.kept(token, "favourites")); diff != "" {
		t.Error(diff)
	}
}

func TestWhoCannotBecomeAFavourite(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, anja)
	for name, path := range map[string]string{
		"nobody":                           favouritePath("nobody"),
		"an expert of somebody else":       favouritePath("e1000000-0000-4000-8000-000000000000"),
		"text that is no id":               favouritePath("%00%27%20OR%201=1"),
		"an id of ten thousand characters": favouritePath(graph.UserID(strings.Repeat("a", 10_000))),
	} {
		if a := w.ask(token, http.MethodPut, path, ""); a.problem() != "not-found" {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
		if a := w.ask(token, http.MethodDelete, path, ""); a.status != http.StatusNoContent {
			t.Errorf("deleting %s: %d %s", name, a.status, a.body)
		}
	}
	if ids := w.kept(token, "favourites"); ids != nil {
		t.Errorf("favourites %v", ids)
	}
}

func TestMoreFavouritesThanFitAreRefused(t *testing.T) {
	w := newWorld(t)
	for n := range mostFavourites {
		if _, err := w.store.AddFavourite(t.Context(), home, "anja", graph.UserID(fmt.Sprint(n)), time.Now(), mostFavourites); err != nil {
			t.Fatal(err)
		}
	}
	a := w.ask(w.token(home, anja), http.MethodPut, favouritePath(expertID60(1)), "")
	if a.problem() != "request-invalid" || !strings.Contains(a.body, `"path.id"`) || !strings.Contains(a.body, "200") {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestAFavouriteWhoLeavesTheDirectoryIsSetApartUntilDeleted(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, anja)
	for _, id := range []graph.UserID{"gone", expertID60(1)} {
		if _, err := w.store.AddFavourite(t.Context(), home, "anja", id, time.Now(), mostFavourites); err != nil {
			t.Fatal(err)
		}
	}
	got := w.ask(token, http.MethodGet, "/api/v1/experts/favourites", "").decode(t)
	if diff := cmp.Diff([]any{"gone"}, got["unlisted"]); diff != "" || len(got["experts"].([]any)) != 1 {
		t.Errorf("%v %s", got, diff)
	}
	w.ask(token, http.MethodDelete, favouritePath("gone"), "")
	got = w.ask(token, http.MethodGet, "/api/v1/experts/favourites", "").decode(t)
	if diff := cmp.Diff([]any{}, got["unlisted"]); diff != "" {
		t.Error(diff)
	}
}

func TestRecentsAreWhomTheAgentHasConsulted(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, anja)
	target := func(kind, id string) string { return fmt.Sprintf(`{"target":{"kind":%q,"id":%q}}`, kind, id) }
	for _, c := range []struct {
		path, body string
		status     int
	}{
		{"/consult", target("organization", string(expertID60(4))), 200},
		{"/transfer", target("organization", string(expertID60(5))), 200},
		{"/consult", target("agent", "ben"), 200},
		{"/consult", target("organization", "f0000000-0000-4000-8000-000000000009"), 422},
	} {
		a := w.ask(token, http.MethodPost, "/api/v1/interactions/"+w.call("anja")+c.path, c.body)
		if a.status != c.status {
			t.Fatalf("%s %s: %d %s", c.path, c.body, a.status, a.body)
		}
	}
	if diff := cmp.Diff([]string{string(expertID60(5)), string(expertID60(4))}, w.kept(token, "recent")); diff != "" {
		t.Error(diff)
	}
	if ids := w.kept(w.token(home, ben), "recent"); ids != nil {
		t.Errorf("the consulted colleague has %v", ids)
	}
	if err := w.store.AddRecent(t.Context(), home, "anja", "gone", time.Now(), mostRecents); err != nil {
		t.Fatal(err)
	}
	if ids := w.kept(token, "recent"); len(ids) != 2 {
		t.Errorf("with somebody who has left: %v", ids)
	}
}

func TestAListThatCannotBeKeptStopsNoCall(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, anja)
	w.store.Fail(func(op string) error {
		if strings.Contains(op, "Favourite") || strings.Contains(op, "Recent") {
			return errors.New("disk full")
		}
		return nil
	})
	for _, c := range []struct{ method, path string }{
		{http.MethodGet, "/api/v1/experts/favourites"},
		{http.MethodGet, "/api/v1/experts/recent"},
		{http.MethodPut, favouritePath(expertID60(1))},
		{http.MethodDelete, favouritePath(expertID60(1))},
	} {
		told := strings.Count(w.logs.String(), "disk full")
		if a := w.ask(token, c.method, c.path, ""); a.problem() != "storage-unavailable" || strings.Contains(a.body, "disk full") {
			t.Errorf("%s %s: %d %s", c.method, c.path, a.status, a.body)
		}
		if told = strings.Count(w.logs.String(), "disk full") - told; told != 1 {
			t.Errorf("%s %s: the reason was logged %d times", c.method, c.path, told)
		}
	}
	body := fmt.Sprintf(`{"target":{"kind":"organization","id":%q}}`, expertID60(4))
	if a := w.ask(token, http.MethodPost, "/api/v1/interactions/"+w.call("anja")+"/consult", body); a.status != http.StatusOK {
		t.Errorf("consult: %d %s", a.status, a.body)
	}
}
