package sessiontest

import (
	"context"
	"slices"

	"teamsbridge/sso"
)

// agentKey names an agent of any organisation.
type agentKey struct {
	tenant string
	id     sso.AgentID
}

// RefuseAgents makes writes of agents fail with err; nil lets them pass again.
func (m *Memory) RefuseAgents(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refuse = err
}

// AgentRows reads the rows of all organisations.
func (m *Memory) AgentRows(context.Context) ([]sso.Agent, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var rows []sso.Agent
	for _, row := range m.agents {
		rows = append(rows, copied(row))
	}
	return rows, nil
}

// PutAgentRows keeps rows, all or none.
func (m *Memory) PutAgentRows(_ context.Context, rows []sso.Agent) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.refuse != nil {
		return m.refuse
	}
	if m.agents == nil {
		m.agents = make(map[agentKey]sso.Agent)
	}
	for _, row := range rows {
		m.agents[agentKey{row.Tenant, row.ID}] = copied(row)
	}
	return nil
}

// DeleteAgentRow forgets a row.
func (m *Memory) DeleteAgentRow(_ context.Context, tenant string, id sso.AgentID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.refuse != nil {
		return m.refuse
	}
	delete(m.agents, agentKey{tenant, id})
	return nil
}

func copied(row sso.Agent) sso.Agent {
	row.Queues, row.Roles = slices.Clone(row.Queues), slices.Clone(row.Roles)
	return row
}
