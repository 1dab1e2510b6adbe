package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
)

// AddReservation stores a new one; reserve.ErrKeyTaken where its agent's key was
// taken by one made at or after the time. Stored twice it is as stored once.
func (s *Store) AddReservation(ctx context.Context, r reserve.Reservation, keysSince time.Time) error {
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("postgres: encode reservation: %w", err)
	}
	if r.Key != "" {
		if _, err := s.exec(ctx, `UPDATE reservations SET key = NULL WHERE tenant = $1 AND agent = $2 AND key = $3 AND made < $4`,
			r.Tenant, string(r.Agent), []byte(r.Key), keysSince.UnixMilli()); err != nil {
			return err
		}
	}
	if _, err := s.exec(ctx, `INSERT INTO reservations (tenant, id, agent, expert, key, made, over, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
		r.Tenant, r.ID, string(r.Agent), string(r.Target.Expert), keyOf(r), r.MadeAt.UnixMilli(), overAt(r), body); err != nil {
		return err
	}
	_, err = s.Reservation(ctx, r.Tenant, r.ID)
	if errors.Is(err, consult.ErrNotFound) {
		return reserve.ErrKeyTaken
	}
	return err
}

// PutReservation replaces one; consult.ErrNotFound.
func (s *Store) PutReservation(ctx context.Context, r reserve.Reservation) error {
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("postgres: encode reservation: %w", err)
	}
	rows, err := s.exec(ctx, `UPDATE reservations SET over = $1, body = $2 WHERE tenant = $3 AND id = $4`, overAt(r), body, r.Tenant, r.ID)
	if err == nil && rows == 0 {
		return consult.ErrNotFound
	}
	return err
}

// Reservation reads one of an organisation; consult.ErrNotFound.
func (s *Store) Reservation(ctx context.Context, tenant, id string) (reserve.Reservation, error) {
	if !isText(id) {
		return reserve.Reservation{}, consult.ErrNotFound
	}
	return s.reservation(ctx, `SELECT body FROM reservations WHERE tenant = $1 AND id = $2`, tenant, id)
}

// ReservationByKey reads the one that took an agent's key at or after the time;
// consult.ErrNotFound.
func (s *Store) ReservationByKey(ctx context.Context, tenant, agent, key string, since time.Time) (reserve.Reservation, error) {
	return s.reservation(ctx, `SELECT body FROM reservations WHERE tenant = $1 AND agent = $2 AND key = $3 AND made >= $4`,
		tenant, agent, []byte(key), since.UnixMilli())
}

func (s *Store) reservation(ctx context.Context, query string, args ...any) (reserve.Reservation, error) {
	all, err := collect(ctx, s, scanReservation, query, args...)
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
	return collect(ctx, s, scanReservation, `SELECT body FROM reservations WHERE over IS NULL ORDER BY id COLLATE "C"`)
}

func scanReservation(row pgx.CollectableRow) (r reserve.Reservation, err error) {
	var body []byte
	if err := row.Scan(&body); err != nil {
		return r, err
	}
	return r, json.Unmarshal(body, &r)
}

// DeleteReservations deletes those that were over before the time, at most limit
// of them.
func (s *Store) DeleteReservations(ctx context.Context, before time.Time, limit int) (int, error) {
	rows, err := s.exec(ctx, `DELETE FROM reservations WHERE (tenant, id) IN (
		SELECT tenant, id FROM reservations WHERE over < $1 ORDER BY over LIMIT $2)`, before.UnixMilli(), limit)
	return int(rows), err
}

// overAt is since when a reservation is over; nil while it is not.
func overAt(r reserve.Reservation) *int64 {
	if !r.State.Over() {
		return nil
	}
	at := r.Since.UnixMilli()
	return &at
}

func keyOf(r reserve.Reservation) []byte {
	if r.Key == "" {
		return nil
	}
	return []byte(r.Key)
}
