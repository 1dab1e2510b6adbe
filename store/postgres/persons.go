package postgres

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"teamsbridge/consult"
)

// Interactions names all interactions of an organisation, live and ended.
func (s *Store) Interactions(ctx context.Context, tenant string) ([]consult.InteractionID, error) {
	return collect(ctx, s, pgx.RowTo[consult.InteractionID], `SELECT id FROM interactions WHERE tenant = $1 ORDER BY n`, tenant)
}

// Rewrite replaces what is kept of an ended interaction: its last state, its
// journal and who may list it. Its idempotency keys go, since they hold answers.
// consult.ErrVersion where it is live or has another version.
func (s *Store) Rewrite(ctx context.Context, r consult.Stored, owners []string, inputs, entries [][]byte) error {
	err := s.inTransaction(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM claims WHERE interaction = $1 AND substring(scope FOR length($2::bytea)) = $2`,
			string(r.Interaction), []byte(r.Tenant+"/")); err != nil {
			return err
		}
		var n int64
		if err := tx.QueryRow(ctx, `UPDATE interactions SET state = $1 WHERE tenant = $2 AND id = $3 AND version = $4 AND NOT live RETURNING n`,
			blob(r.State), r.Tenant, string(r.Interaction), int64(r.Version)).Scan(&n); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE journal j SET input = s.input, entry = s.entry
			FROM unnest($2::bytea[], $3::bytea[]) WITH ORDINALITY AS s(input, entry, version)
			WHERE j.interaction = $1 AND j.version = s.version`, n, inputs, entries); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM ended WHERE interaction = $1 AND agent <> ''`, n); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO ended (tenant, agent, at, interaction)
			SELECT e.tenant, o.agent, e.at, e.interaction FROM ended e, unnest($2::text[]) AS o(agent)
			WHERE e.interaction = $1 AND e.agent = '' ON CONFLICT (interaction, agent) DO NOTHING`, n, owners)
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return consult.ErrVersion
	}
	return err
}

// personal are the rows that belong to a person, by table: $1 is the
// organisation, $2 the agent's id, $3 the object id in the directory. Empty ids
// are nobody's.
var personal = []struct{ table, where, object string }{
	{"agent_states", `tenant = $1 AND agent = $2 AND $3::text IS NOT NULL`, `'state', convert_from(body, 'UTF8')::json`},
	{"agents", `tenant = $1 AND id = $2 AND $3::text IS NOT NULL`, `'row', convert_from(body, 'UTF8')::json`},
	{"favourites", `tenant = $1 AND (agent = $2 OR expert = $3)`, `'agent', agent, 'expert', expert, 'at', at`},
	{"recents", `tenant = $1 AND (agent = $2 OR expert = $3)`, `'agent', agent, 'expert', expert, 'at', at`},
	{"reservations", `tenant = $1 AND (agent = $2 OR expert <> '' AND expert = $3)`, `'row', convert_from(body, 'UTF8')::json`},
	{"claims", `$2::text <> '' AND $3::text IS NOT NULL AND substring(scope FOR length(convert_to($1::text || '/' || $2 || '/', 'UTF8'))) = convert_to($1::text || '/' || $2 || '/', 'UTF8')`,
		`'interaction', interaction, 'at', at`},
}

// PersonalRows reads the rows that belong to a person, by table, each as JSON.
func (s *Store) PersonalRows(ctx context.Context, tenant, agent, entra string) (map[string][]json.RawMessage, error) {
	all := make(map[string][]json.RawMessage)
	for _, p := range personal {
		rows, err := collect(ctx, s, func(row pgx.CollectableRow) (json.RawMessage, error) {
			var text string
			err := row.Scan(&text)
			return json.RawMessage(text), err
		}, `SELECT json_build_object(`+p.object+`)::text FROM `+p.table+` WHERE `+p.where, tenant, agent, entra)
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
	err = s.inTransaction(ctx, func(ctx context.Context, tx pgx.Tx) error {
		deleted = make(map[string]int)
		for _, p := range personal {
			done, err := tx.Exec(ctx, `DELETE FROM `+p.table+` WHERE `+p.where, tenant, agent, entra)
			if err != nil {
				return err
			}
			if n := done.RowsAffected(); n > 0 {
				deleted[p.table] = int(n)
			}
		}
		return nil
	})
	return deleted, err
}
