package web

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLabelsAreThoseOfTheCallersOrganization(t *testing.T) {
	w := newWorld(t)
	a := w.ask(w.token(home, anja), http.MethodGet, "/api/v1/experts/labels", "")
	want := map[string]any{
		"departments": []any{map[string]any{"name": "Finanzen", "experts": 60.0}},
		"roles":       []any{map[string]any{"name": "Steuerberaterin", "experts": 60.0}},
	}
	if diff := cmp.Diff(want, a.decode(t)); a.status != http.StatusOK || diff != "" {
		t.Errorf("%d %s", a.status, diff)
	}
}
