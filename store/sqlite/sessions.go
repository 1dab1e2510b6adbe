package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"teamsbridge/sso"
)

// PutSession keeps a session.
func (s *Store) PutSession(ctx context.Context, session sso.Session) error {
	body, err := json.Marshal(session)
	if err != nil {
		return fmt.Errorf("sqlite: encode session: %w", err)
	}
	return s.writer.exec(ctx, `INSERT OR REPLACE INTO sessions (key, tenant, seen, expires, body, refresh) VALUES (?, ?, ?, ?, ?, ?)`,
		session.Key, session.Tenant, session.SeenAt.UnixMilli(), session.ExpiresAt.UnixMilli(), body, session.Refresh)
}

// Session finds one by its key; sso.ErrSessionNotFound.
func (s *Store) Session(ctx context.Context, key string) (sso.Session, error) {
	session, err := readSession(s.reads.session.QueryRowContext(ctx, key))
	if errors.Is(err, sql.ErrNoRows) {
		return sso.Session{}, sso.ErrSessionNotFound
	}
	return session, err
}

// SessionsOf lists what is kept of an organisation.
func (s *Store) SessionsOf(ctx context.Context, tenant string) (sessions []sso.Session, err error) {
	rows, err := s.reads.sessions.QueryContext(ctx, tenant)
	if err != nil {
		return nil, fmt.Errorf("sqlite: list sessions: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		session, err := readSession(rows)
		if err != nil {
			return nil, err
		}
		sessions = append(sessions, session)
	}
	return sessions, rows.Err()
}

func readSession(row interface{ Scan(into ...any) error }) (session sso.Session, err error) {
	var body, refresh []byte
	var seen int64
	if err := row.Scan(&body, &seen, &refresh); err != nil {
		return sso.Session{}, fmt.Errorf("sqlite: read session: %w", err)
	}
	if err := json.Unmarshal(body, &session); err != nil {
		return sso.Session{}, fmt.Errorf("sqlite: decode session: %w", err)
	}
	session.SeenAt, session.Refresh = fromMillis(seen), refresh
	return session, nil
}

// TouchSession moves SeenAt forward, never back; sso.ErrSessionNotFound.
func (s *Store) TouchSession(ctx context.Context, key string, seen time.Time) error {
	return s.writer.write(ctx, func(t *tx) (refused, err error) {
		done, err := t.conn.ExecContext(t.ctx, `UPDATE sessions SET seen = max(seen, ?) WHERE key = ?`, seen.UnixMilli(), key)
		if err != nil {
			return nil, err
		}
		return missing(done, sso.ErrSessionNotFound)
	})
}

// KeepRefresh replaces the sealed refresh token; sso.ErrSessionNotFound.
func (s *Store) KeepRefresh(ctx context.Context, key string, sealed []byte) error {
	return s.writer.write(ctx, func(t *tx) (refused, err error) {
		done, err := t.conn.ExecContext(t.ctx, `UPDATE sessions SET refresh = ? WHERE key = ?`, sealed, key)
		if err != nil {
			return nil, err
		}
		return missing(done, sso.ErrSessionNotFound)
	})
}

// DeleteSession forgets a session; one that is not there is no error.
func (s *Store) DeleteSession(ctx context.Context, key string) error {
	return s.writer.exec(ctx, `DELETE FROM sessions WHERE key = ?`, key)
}

// PutTransaction keeps a browser sign-in that has begun.
func (s *Store) PutTransaction(ctx context.Context, transaction sso.Transaction) error {
	body, err := json.Marshal(transaction)
	if err != nil {
		return fmt.Errorf("sqlite: encode sign-in: %w", err)
	}
	return s.writer.exec(ctx, `INSERT OR REPLACE INTO transactions (key, expires, body) VALUES (?, ?, ?)`,
		transaction.Key, transaction.ExpiresAt.UnixMilli(), body)
}

// TakeTransaction gives a sign-in once, in one step; sso.ErrTransactionNotFound.
func (s *Store) TakeTransaction(ctx context.Context, key string) (sso.Transaction, error) {
	var body []byte
	err := s.writer.write(ctx, func(t *tx) (refused, err error) {
		err = t.conn.QueryRowContext(t.ctx, `DELETE FROM transactions WHERE key = ? RETURNING body`, key).Scan(&body)
		if errors.Is(err, sql.ErrNoRows) {
			return sso.ErrTransactionNotFound, nil
		}
		return nil, err
	})
	if err != nil {
		return sso.Transaction{}, err
	}
	var transaction sso.Transaction
	if err := json.Unmarshal(body, &transaction); err != nil {
		return sso.Transaction{}, fmt.Errorf("sqlite: decode sign-in: %w", err)
	}
	return transaction, nil
}

// UseOnce remembers a key; sso.ErrUsed when it is remembered already.
func (s *Store) UseOnce(ctx context.Context, key string, until time.Time) error {
	return s.writer.write(ctx, func(t *tx) (refused, err error) {
		done, err := t.conn.ExecContext(t.ctx, `INSERT INTO used (key, expires) VALUES (?, ?) ON CONFLICT DO NOTHING`, key, until.UnixMilli())
		if err != nil {
			return nil, err
		}
		return missing(done, sso.ErrUsed)
	})
}

// DeleteExpired removes sessions, sign-ins and used keys past their limits.
func (s *Store) DeleteExpired(ctx context.Context, now time.Time) error {
	return s.writer.write(ctx, func(t *tx) (refused, err error) {
		for _, query := range []string{`DELETE FROM sessions WHERE expires <= ?`, `DELETE FROM transactions WHERE expires <= ?`, `DELETE FROM used WHERE expires <= ?`} {
			if _, err := t.conn.ExecContext(t.ctx, query, now.UnixMilli()); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
}

// Organization gives what was kept; ok is false when nothing was.
func (s *Store) Organization(ctx context.Context, tenant string) (org sso.Organization, ok bool, err error) {
	var body []byte
	switch err := s.reads.organization.QueryRowContext(ctx, tenant).Scan(&body); {
	case errors.Is(err, sql.ErrNoRows):
		return sso.Organization{}, false, nil
	case err != nil:
		return sso.Organization{}, false, fmt.Errorf("sqlite: read organisation: %w", err)
	}
	if err := json.Unmarshal(body, &org); err != nil {
		return sso.Organization{}, false, fmt.Errorf("sqlite: decode organisation: %w", err)
	}
	return org, true, nil
}

// PutOrganization keeps the switch and the last check of an organisation.
func (s *Store) PutOrganization(ctx context.Context, org sso.Organization) error {
	body, err := json.Marshal(org)
	if err != nil {
		return fmt.Errorf("sqlite: encode organisation: %w", err)
	}
	return s.writer.exec(ctx, `INSERT OR REPLACE INTO organizations (tenant, body) VALUES (?, ?)`, org.Tenant, body)
}
