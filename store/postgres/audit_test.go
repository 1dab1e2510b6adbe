package postgres_test

import (
	"testing"
	"time"

	"teamsbridge/audit"
	"teamsbridge/store/postgres/pgtest"
)

// Whoever holds a chain for longer than a step of a call should wait for it
// holds its next line up, and nobody who acts is told that it failed.
func TestALineOfAChainThatSomebodyHoldsIsTriedAgain(t *testing.T) {
	dsn := pgtest.Schema(t)
	s := open(t, dsn)
	event := audit.Event{At: day, Tenant: "t", Kind: audit.Administration, Action: "one", Outcome: audit.Done}
	if _, err := s.AppendAudit(t.Context(), []audit.Event{event}); err != nil {
		t.Fatal(err)
	}
	holder, beside := connect(t, dsn), connect(t, dsn)
	if _, err := holder.Exec(t.Context(), `BEGIN; SELECT FROM audit_chains FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	recorded := make(chan error, 1)
	go func() {
		_, err := s.AppendAudit(t.Context(), []audit.Event{event})
		recorded <- err
	}()
	const waiting = `SELECT xact_start FROM pg_stat_activity
		WHERE wait_event_type = 'Lock' AND query LIKE '%audit_chains%' AND application_name = 'teamsbridge'`
	for tries := map[time.Time]bool{}; len(tries) < 2; {
		select {
		case err := <-recorded:
			t.Fatalf("AppendAudit: %v, want it to wait", err)
		default:
		}
		var began time.Time
		if beside.QueryRow(t.Context(), waiting).Scan(&began) == nil {
			tries[began] = true
		}
	}
	if _, err := holder.Exec(t.Context(), `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	if err := <-recorded; err != nil {
		t.Fatalf("AppendAudit: %v", err)
	}
	if lines, err := s.AuditLines(t.Context(), "t", 0, 9); err != nil || len(lines) != 2 {
		t.Errorf("%d lines, %v; want 2", len(lines), err)
	}
}
