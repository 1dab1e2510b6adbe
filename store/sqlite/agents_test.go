package sqlite_test

import (
	"testing"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
	"teamsbridge/store/sqlite"
)

func TestAgentContract(t *testing.T) {
	sessiontest.RunAgents(t, func(t *testing.T) sso.AgentStore { return open(t, sqlite.MigratedFile(t)) })
}

func TestAgentsAreThereAfterReopening(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	if err := s.PutAgentRows(t.Context(), []sso.Agent{{ID: "anja", Tenant: "t", Name: "Anja"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	rows, err := open(t, path).AgentRows(t.Context())
	if err != nil || len(rows) != 1 || rows[0].Name != "Anja" {
		t.Errorf("AgentRows = %+v, %v", rows, err)
	}
}
