package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"teamsbridge/sso"
)

// PutSession keeps a session.
func (s *Store) PutSession(ctx context.Context, session sso.Session) error {
	body, err := json.Marshal(session)
	if err != nil {
		return fmt.Errorf("postgres: encode session: %w", err)
	}
	_, err = s.exec(ctx, `INSERT INTO sessions (key, tenant, seen, expires, body, refresh) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (key) DO UPDATE SET tenant = excluded.tenant, seen = excluded.seen, expires = excluded.expires, body = excluded.body,
			refresh = excluded.refresh`,
		session.Key, session.Tenant, session.SeenAt.UnixMilli(), session.ExpiresAt.UnixMilli(), body, session.Refresh)
	return err
}

// Session finds one by its key; sso.ErrSessionNotFound.
func (s *Store) Session(ctx context.Context, key string) (sso.Session, error) {
	found, err := collect(ctx, s, readSession, `SELECT body, seen, refresh FROM sessions WHERE key = $1`, key)
	if err != nil {
		return sso.Session{}, err
	}
	if len(found) == 0 {
		return sso.Session{}, sso.ErrSessionNotFound
	}
	return found[0], nil
}

// SessionsOf lists what is kept of an organisation.
func (s *Store) SessionsOf(ctx context.Context, tenant string) ([]sso.Session, error) {
	return collect(ctx, s, readSession, `SELECT body, seen, refresh FROM sessions WHERE tenant = $1`, tenant)
}

func readSession(row pgx.CollectableRow) (session sso.Session, err error) {
	var body, refresh []byte
	var seen int64
	if err := row.Scan(&body, &seen, &refresh); err != nil {
		return session, err
	}
	err = json.Unmarshal(body, &session)
	session.SeenAt, session.Refresh = time.UnixMilli(seen).UTC(), refresh
	return session, err
}

// TouchSession moves SeenAt forward, never back; sso.ErrSessionNotFound.
func (s *Store) TouchSession(ctx context.Context, key string, seen time.Time) error {
	rows, err := s.exec(ctx, `UPDATE sessions SET seen = greatest(seen, $2) WHERE key = $1`, key, seen.UnixMilli())
	if err == nil && rows == 0 {
		return sso.ErrSessionNotFound
	}
	return err
}

// KeepRefresh replaces the sealed refresh token; sso.ErrSessionNotFound.
func (s *Store) KeepRefresh(ctx context.Context, key string, sealed []byte) error {
	rows, err := s.exec(ctx, `UPDATE sessions SET refresh = $2 WHERE key = $1`, key, sealed)
	if err == nil && rows == 0 {
		return sso.ErrSessionNotFound
	}
	return err
}

// DeleteSession forgets a session; one that is not there is no error.
func (s *Store) DeleteSession(ctx context.Context, key string) error {
	_, err := s.exec(ctx, `DELETE FROM sessions WHERE key = $1`, key)
	return err
}

// PutTransaction keeps a browser sign-in that has begun.
func (s *Store) PutTransaction(ctx context.Context, transaction sso.Transaction) error {
	body, err := json.Marshal(transaction)
	if err != nil {
		return fmt.Errorf("postgres: encode sign-in: %w", err)
	}
	_, err = s.exec(ctx, `INSERT INTO transactions (key, expires, body) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET expires = excluded.expires, body = excluded.body`,
		transaction.Key, transaction.ExpiresAt.UnixMilli(), body)
	return err
}

// TakeTransaction gives a sign-in once, in one step; sso.ErrTransactionNotFound.
// It is not tried again: who lost the answer signs in anew.
func (s *Store) TakeTransaction(ctx context.Context, key string) (sso.Transaction, error) {
	var body []byte
	switch err := s.pool.QueryRow(ctx, `DELETE FROM transactions WHERE key = $1 RETURNING body`, key).Scan(&body); {
	case errors.Is(err, pgx.ErrNoRows):
		return sso.Transaction{}, sso.ErrTransactionNotFound
	case err != nil:
		return sso.Transaction{}, fmt.Errorf("postgres: take sign-in: %w", err)
	}
	var transaction sso.Transaction
	if err := json.Unmarshal(body, &transaction); err != nil {
		return sso.Transaction{}, fmt.Errorf("postgres: decode sign-in: %w", err)
	}
	return transaction, nil
}

// UseOnce remembers a key; sso.ErrUsed when it is remembered already. It is not
// tried again: who lost the answer would find the key used, by themselves.
func (s *Store) UseOnce(ctx context.Context, key string, until time.Time) error {
	done, err := s.pool.Exec(ctx, `INSERT INTO used (key, expires) VALUES ($1, $2) ON CONFLICT DO NOTHING`, key, until.UnixMilli())
	switch {
	case err != nil:
		return fmt.Errorf("postgres: use once: %w", err)
	case done.RowsAffected() == 0:
		return sso.ErrUsed
	}
	return nil
}

// DeleteExpired removes sessions, sign-ins and used keys past their limits.
func (s *Store) DeleteExpired(ctx context.Context, now time.Time) error {
	_, sessions := s.exec(ctx, `DELETE FROM sessions WHERE expires <= $1`, now.UnixMilli())
	_, transactions := s.exec(ctx, `DELETE FROM transactions WHERE expires <= $1`, now.UnixMilli())
	_, used := s.exec(ctx, `DELETE FROM used WHERE expires <= $1`, now.UnixMilli())
	return errors.Join(sessions, transactions, used)
}
