package sessiontest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"

	"teamsbridge/sso"
)

// RunAgents checks an AgentStore; newStore gives every check a fresh, empty one.
func RunAgents(t *testing.T, newStore func(*testing.T) sso.AgentStore) {
	t.Helper()
	for _, c := range agentContract {
		t.Run(c.name, func(t *testing.T) { c.check(t, newStore(t)) })
	}
}

var agentContract = []struct {
	name  string
	check func(*testing.T, sso.AgentStore)
}{
	{"an empty store has no agents", noAgents},
	{"agents come back as they were put", agentsComeBack},
	{"putting an agent again replaces all of the row", agentIsReplaced},
	{"the same id in two organisations is two agents", agentsAreApart},
	{"putting none changes nothing", puttingNone},
	{"a deleted agent is gone and no other is", agentIsDeleted},
	{"deleting nobody is no error", nobodyIsDeleted},
	{"thousands of agents are put at once", manyAgents},
	{"what was put in vain is not there", putInVain},
}

func anAgent(tenant string, id sso.AgentID) sso.Agent {
	return sso.Agent{
		ID: id, Tenant: tenant, EntraID: "a0000000-0000-4000-8000-000000000001", Subject: "cc|" + string(id), Name: "Jürgen Müller",
		Number: "+49301001", Country: "DE", TimeZone: "Europe/Berlin", Team: "Süd", Queues: []string{"tax", "law"},
		Roles: []sso.Role{sso.RoleAgent, sso.RoleSupervisor},
	}
}

func noAgents(t *testing.T, s sso.AgentStore) { wantAgents(t, s) }

func agentsComeBack(t *testing.T, s sso.AgentStore) {
	bare := sso.Agent{ID: "bare", Tenant: "a"}
	putAgents(t, s, anAgent("a", "anja"), bare)
	wantAgents(t, s, anAgent("a", "anja"), bare)
}

func agentIsReplaced(t *testing.T, s sso.AgentStore) {
	changed := sso.Agent{ID: "anja", Tenant: "a", Name: "Anja"}
	putAgents(t, s, anAgent("a", "anja"))
	putAgents(t, s, changed)
	wantAgents(t, s, changed)
}

func agentsAreApart(t *testing.T, s sso.AgentStore) {
	putAgents(t, s, anAgent("a", "anja"), anAgent("b", "anja"))
	if err := s.DeleteAgentRow(t.Context(), "a", "anja"); err != nil {
		t.Fatalf("DeleteAgentRow: %v", err)
	}
	wantAgents(t, s, anAgent("b", "anja"))
}

func puttingNone(t *testing.T, s sso.AgentStore) {
	putAgents(t, s, anAgent("a", "anja"))
	putAgents(t, s)
	wantAgents(t, s, anAgent("a", "anja"))
}

func agentIsDeleted(t *testing.T, s sso.AgentStore) {
	putAgents(t, s, anAgent("a", "anja"), anAgent("a", "ben"))
	if err := s.DeleteAgentRow(t.Context(), "a", "anja"); err != nil {
		t.Fatalf("DeleteAgentRow: %v", err)
	}
	wantAgents(t, s, anAgent("a", "ben"))
}

func nobodyIsDeleted(t *testing.T, s sso.AgentStore) {
	if err := s.DeleteAgentRow(t.Context(), "a", "nobody"); err != nil {
		t.Errorf("DeleteAgentRow: %v", err)
	}
}

func manyAgents(t *testing.T, s sso.AgentStore) {
	rows := make([]sso.Agent, 5000)
	for i := range rows {
		rows[i] = anAgent("a", sso.AgentID(fmt.Sprintf("agent-%04d", i)))
	}
	putAgents(t, s, rows...)
	wantAgents(t, s, rows...)
}

func putInVain(t *testing.T, s sso.AgentStore) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.PutAgentRows(ctx, []sso.Agent{anAgent("a", "anja"), anAgent("a", "ben")}); err == nil {
		wantAgents(t, s, anAgent("a", "anja"), anAgent("a", "ben"))
		return
	}
	wantAgents(t, s)
}

func putAgents(t *testing.T, s sso.AgentStore, rows ...sso.Agent) {
	t.Helper()
	if err := s.PutAgentRows(t.Context(), rows); err != nil {
		t.Fatalf("PutAgentRows: %v", err)
	}
}

func wantAgents(t *testing.T, s sso.AgentStore, want ...sso.Agent) {
	t.Helper()
	got, err := s.AgentRows(t.Context())
	if err != nil {
		t.Fatalf("AgentRows: %v", err)
	}
	order := func(a, b sso.Agent) int { return cmp.Or(cmp.Compare(a.Tenant, b.Tenant), cmp.Compare(a.ID, b.ID)) }
	slices.SortFunc(got, order)
	slices.SortFunc(want, order)
	wantSame(t, "agents", want, got)
}
