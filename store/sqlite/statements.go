package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// statements are prepared on the writer's connection: those that every step of
// a call needs.
type statements struct {
	begin, commit, rollback *sql.Stmt
	takenSince, claim, head *sql.Stmt
	arrive, forgetArrived   *sql.Stmt
	insertState, addEntry   *sql.Stmt
	updateState             one
	forgetEnded, addEnded   *sql.Stmt
	keepLine, dropLine      *sql.Stmt
	all                     []*sql.Stmt
}

func prepareStatements(ctx context.Context, conn *sql.Conn) (statements, error) {
	var s statements
	var err error
	s.all, err = prepare(ctx, conn, map[**sql.Stmt]string{
		&s.begin:      `BEGIN IMMEDIATE`,
		&s.commit:     `COMMIT`,
		&s.rollback:   `ROLLBACK`,
		&s.takenSince: `SELECT count(*) FROM claims WHERE scope = ? AND key = ? AND at > ?`,
		&s.claim: `INSERT OR REPLACE INTO claims (scope, key, body_hash, interaction, version, at)
			VALUES (?, ?, ?, ?, ?, ?)`,
		&s.head:             `SELECT n, version, live FROM interactions WHERE tenant = ? AND id = ?`,
		&s.arrive:           `INSERT INTO arrived (n, steps) VALUES (?, ?)`,
		&s.forgetArrived:    `DELETE FROM arrived WHERE n IN (SELECT n FROM arrived WHERE n <= ? AND damaged = 0 ORDER BY n LIMIT ?)`,
		&s.insertState:      `INSERT INTO interactions (tenant, id, version, live, state) VALUES (?, ?, ?, ?, ?) RETURNING n`,
		&s.updateState.Stmt: `UPDATE interactions SET version = ?, live = ?, state = ? WHERE n = ? AND version = ?`,
		&s.addEntry:         `INSERT INTO journal (interaction, version, at, input, entry) VALUES (?, ?, ?, ?, ?)`,
		&s.forgetEnded:      `DELETE FROM ended WHERE interaction = ?`,
		&s.addEnded:         `INSERT INTO ended (tenant, agent, at, interaction) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		&s.keepLine: `INSERT INTO switch_lines (leg, interaction, memo) VALUES (?, ?, ?)
			ON CONFLICT DO UPDATE SET interaction = excluded.interaction, memo = excluded.memo`,
		&s.dropLine: `DELETE FROM switch_lines WHERE leg = ?`,
	})
	return s, err
}

// close lets the connection close, too: as long as one of its statements is
// open SQLite keeps its files open, and the log is not written back.
func (s statements) close() error { return closeAll(s.all) }

func closeAll(statements []*sql.Stmt) error {
	var errs []error
	for _, stmt := range statements {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(errs...)
}

// one is a statement that changes exactly one row.
type one struct{ *sql.Stmt }

// exec returns sql.ErrNoRows when no row was changed.
func (o one) exec(ctx context.Context, args ...any) error {
	result, err := o.ExecContext(ctx, args...)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return sql.ErrNoRows
}

// queries are prepared on the readers' pool.
type queries struct {
	interaction, live, owned, entries, inputs *sql.Stmt
	arrivedRows, version                      *sql.Stmt
	claimed, agentStates                      *sql.Stmt
	session, sessions, organization           *sql.Stmt
}

func prepareQueries(ctx context.Context, db *sql.DB) (queries, error) {
	var q queries
	_, err := prepare(ctx, db, map[**sql.Stmt]string{
		&q.interaction: `SELECT id, tenant, version, live, state, 0 FROM interactions WHERE tenant = ? AND id = ?`,
		&q.arrivedRows: `SELECT coalesce((SELECT n FROM arrived WHERE damaged = 0 ORDER BY n LIMIT 1), 0), (SELECT coalesce(max(n), 0) FROM arrived)`,
		&q.version:     `SELECT version FROM interactions WHERE tenant = ? AND id = ?`,
		&q.live:        `SELECT id, tenant, version, live, state, 0 FROM interactions WHERE live = 1 ORDER BY n`,
		&q.owned: `SELECT i.id, i.tenant, i.version, i.live, i.state, e.at FROM ended e JOIN interactions i ON i.n = e.interaction
			WHERE e.tenant = ? AND e.agent = ? AND i.live = 0 ORDER BY e.at DESC, e.n DESC LIMIT ?`,
		&q.entries: `SELECT entry FROM journal WHERE interaction = (SELECT n FROM interactions WHERE tenant = ? AND id = ?)
			ORDER BY version`,
		&q.inputs: `SELECT input FROM journal WHERE interaction = (SELECT n FROM interactions WHERE tenant = ? AND id = ?)
			ORDER BY version`,
		&q.claimed: `SELECT body_hash, interaction, version, at, answer FROM claims
			WHERE scope = ? AND key = ? AND at >= ?`,
		&q.agentStates:  `SELECT tenant, agent, name, since, reason FROM agent_states`,
		&q.session:      `SELECT body, seen, refresh FROM sessions WHERE key = ?`,
		&q.sessions:     `SELECT body, seen, refresh FROM sessions WHERE tenant = ?`,
		&q.organization: `SELECT body FROM organizations WHERE tenant = ?`,
	})
	return q, err
}

// prepare fills the statements and lists them. database/sql closes those of a
// pool with its connections, those of a single connection nobody.
func prepare(ctx context.Context, on interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}, wanted map[**sql.Stmt]string) ([]*sql.Stmt, error) {
	all := make([]*sql.Stmt, 0, len(wanted))
	for into, query := range wanted {
		stmt, err := on.PrepareContext(ctx, query)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("sqlite: prepare %q: %w", query, err), closeAll(all))
		}
		*into = stmt
		all = append(all, stmt)
	}
	return all, nil
}

// noTransaction recognises SQLite's answer to ROLLBACK outside a transaction,
// which has no error code of its own.
func noTransaction(err error) bool { return strings.Contains(err.Error(), "no transaction is active") }
