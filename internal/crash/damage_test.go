package crash

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"teamsbridge/internal/porttest"
)

// TestADamagedCallIsSetApartAndTheOthersGoOn spoils one call's state between
// two lives of the service.
func TestADamagedCallIsSetApartAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	path, err := binary()
	must(t, err)
	s := &service{binary: path, dir: t.TempDir(), secure: porttest.Address(t)}
	must(t, s.start(t.Context()))
	agent := s.agents()[0].ID
	spoiled, whole := s.call(t, agent), s.call(t, agent)
	must(t, s.kill())
	spoil(t, filepath.Join(s.dir, "teamsbridge.db"), spoiled)

	must(t, s.start(t.Context()))
	t.Cleanup(func() { _ = s.demo.Stop() })
	if a := s.ready(t); a.status != 200 || !strings.Contains(string(a.raw), "damaged interactions set apart: 1") {
		t.Errorf("readiness %d %s, want 200 with a note", a.status, a.raw)
	}
	metrics, err := ask(t.Context(), "GET", s.demo.Internal+"/metrics", "", "", "")
	must(t, err)
	if !strings.Contains(string(metrics.raw), "\nteamsbridge_interactions_damaged_total 1\n") {
		t.Error("the metric does not count it")
	}
	s.want(t, 200, whole, "/hold", agent, `{}`)
	for _, path := range []string{"/hold", "/end"} {
		a, err := s.interaction(t.Context(), "POST", spoiled, path, agent, "key"+path, `{}`)
		must(t, err)
		if a.status != 409 {
			t.Errorf("%s: %d, want 409", path, a.status)
		}
		wantProblem(t, a, "/problems/interaction-damaged")
	}
	a, err := s.interaction(t.Context(), "GET", spoiled, "", agent, "", "")
	must(t, err)
	wantProblem(t, a, "/problems/interaction-damaged")
	a, err = ask(t.Context(), "GET", s.demo.Page+"/api/v1/interactions", s.tokens[agent], "", "")
	must(t, err)
	if strings.Contains(string(a.raw), spoiled) || !strings.Contains(string(a.raw), whole) {
		t.Errorf("the list is %s, want the whole call alone", a.raw)
	}
	must(t, s.demo.Stop()) // its log is whole then
	if !strings.Contains(s.demo.Output(), spoiled) {
		t.Error("the log does not name it")
	}
}

func spoil(t *testing.T, file, id string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	done, err := db.ExecContext(t.Context(), `UPDATE interactions SET state = substr(state, 1, length(state) / 2) WHERE id = ?`, id)
	must(t, err)
	if n, err := done.RowsAffected(); err != nil || n != 1 {
		t.Fatalf("%d rows spoiled, %v", n, err)
	}
}
