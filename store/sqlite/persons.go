package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"teamsbridge/consult"
)

// Interactions names all interactions of an organisation, live and ended.
func (s *Store) Interactions(ctx context.Context, tenant string) (ids []consult.InteractionID, err error) {
	err = s.read(ctx, "interactions", func(m *moment) error {
		rows, err := m.tx.QueryContext(ctx, `SELECT id FROM interactions WHERE tenant = ? ORDER BY n`, tenant)
		if err != nil {
			return err
		}
		defer rows.Close()
		seen := make(map[consult.InteractionID]bool)
		for rows.Next() {
			var id consult.InteractionID
			if err := rows.Scan(&id); err != nil {
				return err
			}
			ids, seen[id] = append(ids, id), true
		}
		for _, r := range m.arrived {
			if r.Tenant == tenant && !seen[r.Interaction] {
				ids, seen[r.Interaction] = append(ids, r.Interaction), true
			}
		}
		return rows.Err()
	})
	return ids, err
}

// Rewrite replaces what is kept of an ended interaction: its last state, its
// journal and who may list it. Its idempotency keys go, since they hold answers.
// consult.ErrVersion where it is live or has another version.
func (s *Store) Rewrite(ctx context.Context, r consult.Stored, owners []string, inputs, entries [][]byte) error {
	// Sorted, so that nothing of it has only arrived.
	return s.writer.sorted(s.writer.write)(ctx, func(t *tx) (refused, err error) {
		var n, at int64
		err = t.conn.QueryRowContext(t.ctx, `UPDATE interactions SET state = ? WHERE tenant = ? AND id = ? AND version = ? AND live = 0 RETURNING n`,
			blob(r.State), r.Tenant, string(r.Interaction), int64(r.Version)).Scan(&n)
		if errors.Is(err, sql.ErrNoRows) {
			return consult.ErrVersion, nil
		}
		if err != nil {
			return nil, err
		}
		if err := t.conn.QueryRowContext(t.ctx, `SELECT min(at) FROM journal WHERE interaction = ?`, n).Scan(&at); err != nil {
			return nil, err
		}
		for _, step := range []struct {
			query string
			args  []any
		}{
			{`DELETE FROM journal WHERE interaction = ?`, []any{n}},
			{`INSERT INTO journal (interaction, version, at, input, entry) VALUES (?, 1, ?, ?, ?)`, []any{n, at, joinLines(inputs), joinLines(entries)}},
			{`DELETE FROM claims WHERE interaction = ? AND substr(scope, 1, ?) = ?`, []any{string(r.Interaction), len(r.Tenant) + 1, r.Tenant + "/"}},
		} {
			if _, err := t.conn.ExecContext(t.ctx, step.query, step.args...); err != nil {
				return nil, err
			}
		}
		return nil, t.relist(n, r.Tenant, owners)
	})
}

// relist says anew who may list an ended interaction.
func (t *tx) relist(n int64, tenant string, owners []string) error {
	var at int64
	if err := t.conn.QueryRowContext(t.ctx, `SELECT at FROM ended WHERE interaction = ? AND agent = ''`, n).Scan(&at); err != nil {
		return err
	}
	if _, err := t.conn.ExecContext(t.ctx, `DELETE FROM ended WHERE interaction = ? AND agent <> ''`, n); err != nil {
		return err
	}
	for _, agent := range owners {
		if _, err := t.hot.addEnded.ExecContext(t.ctx, tenant, agent, at, n); err != nil {
			return err
		}
	}
	return nil
}

// personal are the rows that belong to a person, by table: ?1 is the
// organisation, ?2 the agent's id, ?3 the object id in the directory. Empty ids
// are nobody's.
var personal = []struct{ table, where, object string }{
	{"agent_states", `tenant = ?1 AND agent = ?2`, `'name', name, 'since', since, 'reason', reason`},
	{"agents", `tenant = ?1 AND id = ?2`, `'row', json(CAST(body AS TEXT))`},
	{"favourites", `tenant = ?1 AND (agent = ?2 OR expert = ?3)`, `'agent', agent, 'expert', expert, 'at', at`},
	{"recents", `tenant = ?1 AND (agent = ?2 OR expert = ?3)`, `'agent', agent, 'expert', expert, 'at', at`},
	{"reservations", `tenant = ?1 AND (agent = ?2 OR expert <> '' AND expert = ?3)`, `'row', json(CAST(body AS TEXT))`},
	{"claims", `?2 <> '' AND substr(scope, 1, length(?1) + length(?2) + 2) = ?1 || '/' || ?2 || '/'`, `'interaction', interaction, 'at', at`},
}

// PersonalRows reads the rows that belong to a person, by table, each as JSON.
func (s *Store) PersonalRows(ctx context.Context, tenant, agent, entra string) (map[string][]json.RawMessage, error) {
	all := make(map[string][]json.RawMessage)
	for _, p := range personal {
		rows, err := query(ctx, s, p.table, func(rows *sql.Rows) (json.RawMessage, error) {
			var text string
			err := rows.Scan(&text)
			return json.RawMessage(text), err
		}, `SELECT json_object(`+p.object+`) FROM `+p.table+` WHERE `+p.where, tenant, agent, entra)
		if err != nil {
			return nil, err
		}
		if len(rows) > 0 {
			all[p.table] = rows
		}
	}
	return all, nil
}

// ForgetPerson deletes the rows that belong to a person, all or none, and counts
// them by table.
func (s *Store) ForgetPerson(ctx context.Context, tenant, agent, entra string) (deleted map[string]int, err error) {
	err = s.writer.write(ctx, func(t *tx) (refused, err error) {
		deleted = make(map[string]int)
		for _, p := range personal {
			done, err := t.conn.ExecContext(t.ctx, `DELETE FROM `+p.table+` WHERE `+p.where, tenant, agent, entra)
			if err != nil {
				return nil, err
			}
			n, err := done.RowsAffected()
			if err != nil {
				return nil, err
			}
			if n > 0 {
				deleted[p.table] = int(n)
			}
		}
		return nil, nil
	})
	return deleted, err
}
