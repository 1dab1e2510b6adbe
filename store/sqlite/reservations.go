package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
)

// AddReservation stores a new one; reserve.ErrKeyTaken where its agent's key was
// taken by one made at or after the time.
func (s *Store) AddReservation(ctx context.Context, r reserve.Reservation, keysSince time.Time) error {
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("sqlite: encode reservation: %w", err)
	}
	return s.writer.write(ctx, func(t *tx) (refused, err error) {
		if r.Key != "" {
			if _, err := t.conn.ExecContext(t.ctx, `UPDATE reservations SET key = NULL WHERE tenant = ? AND agent = ? AND key = ? AND made < ?`,
				r.Tenant, string(r.Agent), r.Key, keysSince.UnixMilli()); err != nil {
				return nil, err
			}
		}
		done, err := t.conn.ExecContext(t.ctx, `INSERT INTO reservations (tenant, id, agent, expert, key, made, over, body)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, agent, key) WHERE key IS NOT NULL DO NOTHING`,
			r.Tenant, r.ID, string(r.Agent), string(r.Target.Expert), orNull(r.Key), r.MadeAt.UnixMilli(), overAt(r), body)
		if err != nil {
			return nil, err
		}
		return missing(done, reserve.ErrKeyTaken)
	})
}

// PutReservation replaces one; consult.ErrNotFound. It is urgent: it tells what
// telephones have done, or releases somebody.
func (s *Store) PutReservation(ctx context.Context, r reserve.Reservation) error {
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("sqlite: encode reservation: %w", err)
	}
	return s.writer.urgent(ctx, func(t *tx) (refused, err error) {
		done, err := t.conn.ExecContext(t.ctx, `UPDATE reservations SET over = ?, body = ? WHERE tenant = ? AND id = ?`,
			overAt(r), body, r.Tenant, r.ID)
		if err != nil {
			return nil, err
		}
		return missing(done, consult.ErrNotFound)
	})
}

// Reservation reads one of an organisation; consult.ErrNotFound.
func (s *Store) Reservation(ctx context.Context, tenant, id string) (reserve.Reservation, error) {
	return s.reservation(ctx, `SELECT body FROM reservations WHERE tenant = ? AND id = ?`, tenant, id)
}

// ReservationByKey reads the one that took an agent's key at or after the time;
// consult.ErrNotFound.
func (s *Store) ReservationByKey(ctx context.Context, tenant, agent, key string, since time.Time) (reserve.Reservation, error) {
	return s.reservation(ctx, `SELECT body FROM reservations WHERE tenant = ? AND agent = ? AND key = ? AND made >= ?`,
		tenant, agent, key, since.UnixMilli())
}

func (s *Store) reservation(ctx context.Context, query string, args ...any) (reserve.Reservation, error) {
	all, err := s.reservations(ctx, query, args...)
	if err == nil && len(all) == 0 {
		err = consult.ErrNotFound
	}
	if err != nil {
		return reserve.Reservation{}, err
	}
	return all[0], nil
}

// LiveReservations reads all that are not over, in the order of their ids.
func (s *Store) LiveReservations(ctx context.Context) ([]reserve.Reservation, error) {
	return s.reservations(ctx, `SELECT body FROM reservations WHERE over IS NULL ORDER BY id`)
}

func (s *Store) reservations(ctx context.Context, q string, args ...any) ([]reserve.Reservation, error) {
	return query(ctx, s, "reservations", func(rows *sql.Rows) (r reserve.Reservation, err error) {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return r, err
		}
		return r, json.Unmarshal(body, &r)
	}, q, args...)
}

// DeleteReservations deletes those that were over before the time, at most limit
// of them.
func (s *Store) DeleteReservations(ctx context.Context, before time.Time, limit int) (int, error) {
	return s.delete(ctx, `DELETE FROM reservations WHERE (tenant, id) IN (
		SELECT tenant, id FROM reservations WHERE over < ? ORDER BY over LIMIT ?)`, before.UnixMilli(), limit)
}

// overAt is since when a reservation is over; nil while it is not.
func overAt(r reserve.Reservation) any {
	if !r.State.Over() {
		return nil
	}
	return r.Since.UnixMilli()
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}
