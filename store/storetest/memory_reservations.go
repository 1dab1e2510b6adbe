package storetest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
)

// AddReservation stores a reservation.
func (m *Memory) AddReservation(ctx context.Context, r reserve.Reservation, keysSince time.Time) error {
	err := m.begin(ctx, "AddReservation")
	defer m.mu.Unlock()
	if err != nil {
		return err
	}
	if r.Key != "" && m.reservationByKey(r.Tenant, string(r.Agent), r.Key, keysSince) >= 0 {
		return reserve.ErrKeyTaken
	}
	m.reservations = append(m.reservations, r)
	return nil
}

// PutReservation replaces one.
func (m *Memory) PutReservation(ctx context.Context, r reserve.Reservation) error {
	err := m.begin(ctx, "PutReservation")
	defer m.mu.Unlock()
	if err != nil {
		return err
	}
	for i, old := range m.reservations {
		if old.Tenant == r.Tenant && old.ID == r.ID {
			m.reservations[i] = r
			return nil
		}
	}
	return consult.ErrNotFound
}

// Reservation reads one.
func (m *Memory) Reservation(ctx context.Context, tenant, id string) (reserve.Reservation, error) {
	err := m.begin(ctx, "Reservation")
	defer m.mu.Unlock()
	if err != nil {
		return reserve.Reservation{}, err
	}
	for _, r := range m.reservations {
		if r.Tenant == tenant && r.ID == id {
			return r, nil
		}
	}
	return reserve.Reservation{}, consult.ErrNotFound
}

// ReservationByKey reads the one that took a key.
func (m *Memory) ReservationByKey(ctx context.Context, tenant, agent, key string, since time.Time) (reserve.Reservation, error) {
	err := m.begin(ctx, "ReservationByKey")
	defer m.mu.Unlock()
	if err != nil {
		return reserve.Reservation{}, err
	}
	i := m.reservationByKey(tenant, agent, key, since)
	if i < 0 {
		return reserve.Reservation{}, consult.ErrNotFound
	}
	return m.reservations[i], nil
}

func (m *Memory) reservationByKey(tenant, agent, key string, since time.Time) int {
	return slices.IndexFunc(m.reservations, func(r reserve.Reservation) bool {
		return r.Tenant == tenant && string(r.Agent) == agent && r.Key == key && !r.MadeAt.Before(since)
	})
}

// LiveReservations lists those that are not over.
func (m *Memory) LiveReservations(ctx context.Context) ([]reserve.Reservation, error) {
	err := m.begin(ctx, "LiveReservations")
	defer m.mu.Unlock()
	if err != nil {
		return nil, err
	}
	live := slices.DeleteFunc(slices.Clone(m.reservations), func(r reserve.Reservation) bool { return r.State.Over() })
	slices.SortFunc(live, func(a, b reserve.Reservation) int { return cmp.Compare(a.ID, b.ID) })
	return live, nil
}

// DeleteReservations forgets those that were over before the time.
func (m *Memory) DeleteReservations(ctx context.Context, before time.Time, limit int) (int, error) {
	err := m.begin(ctx, "DeleteReservations")
	defer m.mu.Unlock()
	if err != nil {
		return 0, err
	}
	deleted := 0
	m.reservations = slices.DeleteFunc(m.reservations, func(r reserve.Reservation) bool {
		old := r.State.Over() && r.Since.Before(before) && deleted < limit
		if old {
			deleted++
		}
		return old
	})
	return deleted, nil
}
