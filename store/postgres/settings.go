package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"teamsbridge/sso"
)

// Organization gives what was kept; ok is false when nothing was.
func (s *Store) Organization(ctx context.Context, tenant string) (org sso.Organization, ok bool, err error) {
	found, err := collect(ctx, s, decoded[sso.Organization], `SELECT body FROM organizations WHERE tenant = $1`, tenant)
	if err != nil || len(found) == 0 {
		return sso.Organization{}, false, err
	}
	return found[0], true, nil
}

// PutOrganization keeps the switch and the last check of an organisation.
func (s *Store) PutOrganization(ctx context.Context, org sso.Organization) error {
	body, err := json.Marshal(org)
	if err != nil {
		return fmt.Errorf("postgres: encode organisation: %w", err)
	}
	_, err = s.exec(ctx, `INSERT INTO organizations (tenant, body) VALUES ($1, $2)
		ON CONFLICT (tenant) DO UPDATE SET body = excluded.body`, org.Tenant, body)
	return err
}

// AgentRows reads the agents that administrators keep, of all organisations.
func (s *Store) AgentRows(ctx context.Context) ([]sso.Agent, error) {
	return collect(ctx, s, decoded[sso.Agent], `SELECT body FROM agents`)
}

// PutAgentRows keeps agents, all or none.
func (s *Store) PutAgentRows(ctx context.Context, agents []sso.Agent) error {
	rows := make(map[[2]string][]byte, len(agents)) // the last of a doubled row counts
	for _, agent := range agents {
		body, err := json.Marshal(agent)
		if err != nil {
			return fmt.Errorf("postgres: encode agent: %w", err)
		}
		rows[[2]string{agent.Tenant, string(agent.ID)}] = body
	}
	tenants, ids, bodies := make([]string, 0, len(rows)), make([]string, 0, len(rows)), make([][]byte, 0, len(rows))
	for name, body := range rows {
		tenants, ids, bodies = append(tenants, name[0]), append(ids, name[1]), append(bodies, body)
	}
	_, err := s.exec(ctx, `INSERT INTO agents (tenant, id, body) SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[])
		ON CONFLICT (tenant, id) DO UPDATE SET body = excluded.body`, tenants, ids, bodies)
	return err
}

// DeleteAgentRow forgets an agent; one that is not there is no error.
func (s *Store) DeleteAgentRow(ctx context.Context, tenant string, id sso.AgentID) error {
	_, err := s.exec(ctx, `DELETE FROM agents WHERE tenant = $1 AND id = $2`, tenant, string(id))
	return err
}

// decoded reads a row whose only column is JSON.
func decoded[T any](row pgx.CollectableRow) (v T, err error) {
	var body []byte
	if err := row.Scan(&body); err != nil {
		return v, err
	}
	return v, json.Unmarshal(body, &v)
}
