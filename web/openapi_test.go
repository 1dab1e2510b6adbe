package web_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/web"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// bare is a server without domains behind it: enough for what asks none.
func bare(t *testing.T) *web.Server {
	t.Helper()
	s, err := web.New(web.Config{}, web.Deps{Version: "test"})
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return s
}

func get(t *testing.T, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w
}

func TestOpenAPIIsWhatIsKeptAsGolden(t *testing.T) {
	const golden = "testdata/openapi.json"
	w := get(t, bare(t).Handler(), "/api/v1/openapi.json")
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	got := append(bytes.TrimSpace(w.Body.Bytes()), '\n')
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("description changed (go test ./web -update keeps it):\n%s", diff)
	}
}

func TestEveryOperationDescribesItsRefusals(t *testing.T) {
	var description struct {
		Paths map[string]map[string]struct {
			Responses map[string]struct{ Content map[string]any }
		}
	}
	if err := json.Unmarshal(get(t, bare(t).Handler(), "/api/v1/openapi.json").Body.Bytes(), &description); err != nil {
		t.Fatal(err)
	}
	for path, operations := range description.Paths {
		for method, op := range operations {
			if op.Responses["default"].Content["application/problem+json"] == nil {
				t.Errorf("%s %s describes no problem", method, path)
			}
		}
	}
}

func TestEveryEventOfTheContractIsDescribed(t *testing.T) {
	var description struct {
		Paths map[string]struct {
			Get struct {
				Responses map[string]struct {
					Content map[string]struct {
						Data map[string]any `json:"x-event-data"`
					}
				}
			}
		}
	}
	if err := json.Unmarshal(get(t, bare(t).Handler(), "/api/v1/openapi.json").Body.Bytes(), &description); err != nil {
		t.Fatal(err)
	}
	data := description.Paths["/api/v1/events"].Get.Responses["200"].Content["text/event-stream"].Data
	for _, name := range []string{"hello", "interaction", "interaction-gone", "presence", "targets", "session", "directory", "resync"} {
		if data[name] == nil {
			t.Errorf("%s has no schema", name)
		}
	}
}

// contract lists the routes of the HTTP contract that this version has.
var contract = []string{
	"DELETE /api/v1/admin/agents/{id}",
	"DELETE /api/v1/admin/sessions",
	"DELETE /api/v1/admin/sessions/{id}",
	"DELETE /api/v1/experts/favourites/{id}",
	"DELETE /api/v1/reservations/{id}",
	"DELETE /api/v1/session/sessions",
	"DELETE /api/v1/session/sessions/{id}",
	"GET /api/v1/admin/agents",
	"GET /api/v1/admin/agents/{id}",
	"GET /api/v1/admin/audit",
	"GET /api/v1/admin/explain",
	"GET /api/v1/admin/organization",
	"GET /api/v1/admin/sessions",
	"GET /api/v1/events",
	"GET /api/v1/experts",
	"GET /api/v1/experts/favourites",
	"GET /api/v1/experts/labels",
	"GET /api/v1/experts/missing",
	"GET /api/v1/experts/recent",
	"GET /api/v1/experts/{id}",
	"GET /api/v1/experts/{id}/chat",
	"GET /api/v1/interactions",
	"GET /api/v1/interactions/{id}",
	"GET /api/v1/interactions/{id}/history",
	"GET /api/v1/reservations/{id}",
	"GET /api/v1/session",
	"GET /api/v1/session/sessions",
	"GET /api/v1/sign-in",
	"GET /api/v1/targets/agents",
	"GET /api/v1/targets/dial-numbers",
	"GET /api/v1/targets/entry-points",
	"GET /api/v1/targets/queues",
	"POST /api/v1/admin/agents/import",
	"POST /api/v1/admin/consent",
	"POST /api/v1/admin/organization/check",
	"POST /api/v1/dial-number/check",
	"POST /api/v1/experts/presence/refresh",
	"POST /api/v1/interactions/{id}/conference",
	"POST /api/v1/interactions/{id}/consult",
	"POST /api/v1/interactions/{id}/consult/accept",
	"POST /api/v1/interactions/{id}/consult/decline",
	"POST /api/v1/interactions/{id}/consult/end",
	"POST /api/v1/interactions/{id}/consult/resume",
	"POST /api/v1/interactions/{id}/end",
	"POST /api/v1/interactions/{id}/hold",
	"POST /api/v1/interactions/{id}/leave",
	"POST /api/v1/interactions/{id}/resume",
	"POST /api/v1/interactions/{id}/transfer",
	"POST /api/v1/interactions/{id}/wrap-up",
	"POST /api/v1/interactions/{id}/wrap-up/pause",
	"POST /api/v1/reservations",
	"POST /api/v1/session/hand-over",
	"POST /api/v1/session/take-over",
	"PUT /api/v1/admin/agents/{id}",
	"PUT /api/v1/admin/organization/sso",
	"PUT /api/v1/events/{stream}/watch",
	"PUT /api/v1/experts/favourites/{id}",
	"PUT /api/v1/session/state",
}

func TestTheDescriptionHasEveryRouteOfTheContractAndNoOther(t *testing.T) {
	var doc struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	w := get(t, bare(t).Handler(), "/api/v1/openapi.json")
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	var described []string
	for path, methods := range doc.Paths {
		for method := range methods {
			described = append(described, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(described)
	if diff := cmp.Diff(contract, described); diff != "" {
		t.Error(diff)
	}
}

func TestEveryDescribedRouteIsServed(t *testing.T) {
	h := bare(t).Handler()
	for _, route := range contract {
		method, path, _ := strings.Cut(route, " ")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, strings.NewReplacer("{id}", "x", "{stream}", "x").Replace(path), nil))
		if path == "/api/v1/sign-in" {
			continue // asks package sso, which is not there; any answer shows the route
		}
		if w.Code != http.StatusUnauthorized {
			t.Errorf("%s without a token: status %d, want 401", route, w.Code)
		}
	}
}
