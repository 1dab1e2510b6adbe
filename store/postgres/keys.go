package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"teamsbridge/consult"
)

// Claimed finds an idempotency key taken since the time.
func (s *Store) Claimed(ctx context.Context, scope, key string, since time.Time) (o consult.Outcome, ok bool, err error) {
	found, err := collect(ctx, s, func(row pgx.CollectableRow) (o consult.Outcome, err error) {
		var at int64
		err = row.Scan(&o.BodyHash, &o.Interaction, &o.Version, &at, &o.Answer)
		o.At, o.Done = time.UnixMilli(at).UTC(), o.Answer != nil
		return o, err
	}, `SELECT body_hash, interaction, version, at, answer FROM claims WHERE scope = $1 AND key = $2 AND at >= $3`,
		[]byte(scope), []byte(key), since.UnixMilli())
	if err != nil || len(found) == 0 {
		return consult.Outcome{}, false, err
	}
	return found[0], true, nil
}

// errNeverClaimed: an answer to a key that no step took.
var errNeverClaimed = errors.New("postgres: answer to an idempotency key that was never claimed")

// Answered keeps the first answer to a claimed key; later ones change nothing.
func (s *Store) Answered(ctx context.Context, scope, key string, answer []byte) error {
	rows, err := s.exec(ctx, `UPDATE claims SET answer = coalesce(answer, $3) WHERE scope = $1 AND key = $2`,
		[]byte(scope), []byte(key), blob(answer))
	if err == nil && rows == 0 {
		return errNeverClaimed
	}
	return err
}

// PutAgentState keeps what an agent chose.
func (s *Store) PutAgentState(ctx context.Context, tenant, agent string, status consult.AgentStatus) error {
	body, err := json.Marshal(status)
	if err != nil {
		return fmt.Errorf("postgres: encode agent state: %w", err)
	}
	_, err = s.exec(ctx, `INSERT INTO agent_states (tenant, agent, body) VALUES ($1, $2, $3)
		ON CONFLICT (tenant, agent) DO UPDATE SET body = excluded.body`, tenant, agent, body)
	return err
}

// AgentStates reads what every agent chose.
func (s *Store) AgentStates(ctx context.Context) ([]consult.StoredAgentState, error) {
	return collect(ctx, s, func(row pgx.CollectableRow) (one consult.StoredAgentState, err error) {
		var body []byte
		if err := row.Scan(&one.Tenant, &one.Agent, &body); err != nil {
			return one, err
		}
		return one, json.Unmarshal(body, &one.Status)
	}, `SELECT tenant, agent, body FROM agent_states`)
}

// exec is a write of one statement that may be done twice. It returns how many
// rows it concerned.
func (s *Store) exec(ctx context.Context, query string, args ...any) (rows int64, err error) {
	err = s.write(ctx, func(ctx context.Context) error {
		done, err := s.pool.Exec(ctx, query, args...)
		if err != nil {
			return fmt.Errorf("postgres: write: %w", err)
		}
		rows = done.RowsAffected()
		return nil
	})
	return rows, err
}
