package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"teamsbridge/sso"
)

var _ sso.AgentStore = (*Store)(nil)

// AgentRows reads the agents that administrators keep, of all organisations.
func (s *Store) AgentRows(ctx context.Context) ([]sso.Agent, error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT body FROM agents`) // once, at start: not worth preparing
	if err != nil {
		return nil, fmt.Errorf("sqlite: read agents: %w", err)
	}
	defer rows.Close()
	var all []sso.Agent
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return nil, fmt.Errorf("sqlite: read agents: %w", err)
		}
		var agent sso.Agent
		if err := json.Unmarshal(body, &agent); err != nil {
			return nil, fmt.Errorf("sqlite: decode agent: %w", err)
		}
		all = append(all, agent)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: read agents: %w", err)
	}
	return all, nil
}

// PutAgentRows keeps agents, all or none.
func (s *Store) PutAgentRows(ctx context.Context, agents []sso.Agent) error {
	bodies := make([][]byte, len(agents))
	for i, agent := range agents {
		var err error
		if bodies[i], err = json.Marshal(agent); err != nil {
			return fmt.Errorf("sqlite: encode agent: %w", err)
		}
	}
	return s.writer.write(ctx, func(t *tx) (refused, err error) {
		put, err := t.conn.PrepareContext(t.ctx, `INSERT OR REPLACE INTO agents (tenant, id, body) VALUES (?, ?, ?)`)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, put.Close()) }()
		for i, agent := range agents {
			if _, err := put.ExecContext(t.ctx, agent.Tenant, string(agent.ID), bodies[i]); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
}

// DeleteAgentRow forgets an agent; one that is not there is no error.
func (s *Store) DeleteAgentRow(ctx context.Context, tenant string, id sso.AgentID) error {
	return s.writer.exec(ctx, `DELETE FROM agents WHERE tenant = ? AND id = ?`, tenant, string(id))
}
