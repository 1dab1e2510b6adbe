package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"teamsbridge/consult"
)

// Claimed finds an idempotency key taken since the time.
func (s *Store) Claimed(ctx context.Context, scope, key string, since time.Time) (o consult.Outcome, ok bool, err error) {
	var at int64
	row := s.reads.claimed.QueryRowContext(ctx, scope, key, since.UnixMilli())
	switch err := row.Scan(&o.BodyHash, &o.Interaction, &o.Version, &at, &o.Answer); {
	case errors.Is(err, sql.ErrNoRows):
		return consult.Outcome{}, false, nil
	case err != nil:
		return consult.Outcome{}, false, fmt.Errorf("sqlite: read idempotency key: %w", err)
	}
	o.At, o.Done = fromMillis(at), o.Answer != nil
	return o, true, nil
}

// errNeverClaimed: an answer to a key that no step took.
var errNeverClaimed = errors.New("sqlite: answer to an idempotency key that was never claimed")

// Answered keeps the first answer to a claimed key; later ones change nothing.
// It is urgent: its step is in the journal already.
func (s *Store) Answered(ctx context.Context, scope, key string, answer []byte) error {
	return s.writer.urgent(ctx, func(t *tx) (refused, err error) {
		done, err := t.conn.ExecContext(t.ctx,
			`UPDATE claims SET answer = coalesce(answer, ?) WHERE scope = ? AND key = ?`, blob(answer), scope, key)
		if err != nil {
			return nil, err
		}
		return missing(done, errNeverClaimed)
	})
}

// missing gives the refusal of a statement that found no row.
func missing(done sql.Result, refusal error) (refused, err error) {
	rows, err := done.RowsAffected()
	if err == nil && rows == 0 {
		return refusal, nil
	}
	return nil, err
}

func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// PutAgentState keeps what an agent chose.
func (s *Store) PutAgentState(ctx context.Context, tenant, agent string, status consult.AgentStatus) error {
	return s.writer.exec(ctx, `INSERT OR REPLACE INTO agent_states (tenant, agent, name, since, reason) VALUES (?, ?, ?, ?, ?)`,
		tenant, agent, string(status.Name), status.Since.UnixMilli(), status.Reason)
}

// AgentStates reads what every agent chose.
func (s *Store) AgentStates(ctx context.Context) ([]consult.StoredAgentState, error) {
	rows, err := s.reads.agentStates.QueryContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("sqlite: read agent states: %w", err)
	}
	defer rows.Close()
	var all []consult.StoredAgentState
	for rows.Next() {
		var one consult.StoredAgentState
		var since int64
		if err := rows.Scan(&one.Tenant, &one.Agent, &one.Status.Name, &since, &one.Status.Reason); err != nil {
			return nil, fmt.Errorf("sqlite: read agent states: %w", err)
		}
		one.Status.Since = fromMillis(since)
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: read agent states: %w", err)
	}
	return all, nil
}
