package web

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAdministratorsSeeTheCredentialsEnd(t *testing.T) {
	credential := Credential{}
	w := newWorld(t, func(_ *Config, w *world) { w.deps.Credential = func() Credential { return credential } })
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	token := w.token(home, ada)
	for _, c := range []struct {
		name       string
		credential Credential
		want       map[string]any
	}{
		{"a workload identity", Credential{Kind: "workload-identity"},
			map[string]any{"kind": "workload-identity", "expiresAt": nil, "daysLeft": nil, "warning": nil, "problem": nil}},
		{"a certificate for a year", Credential{Kind: "certificate", Ends: now.AddDate(1, 0, 0)},
			map[string]any{"kind": "certificate", "expiresAt": "2027-11-22T12:00:00.000Z", "daysLeft": 365.0, "warning": nil, "problem": nil}},
		{"a secret for a week", Credential{Kind: "client-secret", Ends: now.AddDate(0, 0, 7)},
			map[string]any{"kind": "client-secret", "expiresAt": "2026-11-29T12:00:00.000Z", "daysLeft": 7.0, "warning": "urgent", "problem": nil}},
		{"a certificate that could not be renewed", Credential{Kind: "certificate", Ends: now.AddDate(0, 0, 20), Problem: "cannot be read"},
			map[string]any{"kind": "certificate", "expiresAt": "2026-12-12T12:00:00.000Z", "daysLeft": 20.0, "warning": "soon", "problem": "cannot be read"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			credential = c.credential
			w.server.now = func() time.Time { return now }
			a := w.ask(token, http.MethodGet, "/api/v1/admin/organization", "")
			if diff := cmp.Diff(c.want, a.decode(t)["credential"]); diff != "" {
				t.Errorf("%d: %s", a.status, diff)
			}
		})
	}
}
